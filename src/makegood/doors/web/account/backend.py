"""Who somebody is: by address and password, and only while they work here."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from makegood.queries.sign_in import person_signed_in
from makegood.records.models import Staff


class StaffBackend(AuthenticationBackend):
    """Allauth's own, which hashes a password whether or not anybody has the address."""

    def get_user(self, user_id: int) -> Staff | None:
        """The person of a session, with what their role is asked for, in one query."""
        return person_signed_in(user_id)

    def _check_password(self, user: Any, password: str) -> Any:  # noqa: ANN401 - allauth's signature
        # Who has left is a stranger: allauth would tell them, and so whoever has their password.
        self._did_check_password = True
        is_right = user.check_password(password)
        return user if is_right and self.user_can_authenticate(user) else None
