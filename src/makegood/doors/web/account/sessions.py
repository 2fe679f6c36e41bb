"""Where sign-ins are kept: Django's sessions, read as often as pages are and so read plainly."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends import db

from makegood.queries.sign_in import session_data


class SessionStore(db.SessionStore):
    """Django's own, in its table; only looking one up goes by a statement that is planned once."""

    def load(self) -> dict[str, Any]:
        """What the session holds; one that is unknown or over is forgotten."""
        data = session_data(self.session_key or "", now=datetime.now(UTC))
        if data is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(data)
        return held
