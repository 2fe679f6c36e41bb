"""The bare page that the desk is held against: Django as `startproject` leaves it, and one query.

Somebody has signed in, as for any desk: Django reads session and person. Then 25 rows by one index,
in a plain template of a head and a table. `/barest` has neither sign-in nor table, but one row.
"""

import os
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from makegood.config.database import database_settings

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Cases</title></head><body>
<p>{{ request.user.name }}</p><table>{% for row in rows %}
<tr><td><a href="/cases/{{ row.reference }}">{{ row.title }}</a></td>
<td>{{ row.severity }}</td><td>{{ row.known_at }}</td></tr>{% endfor %}</table>
</body></html>"""


def page(request: HttpRequest) -> HttpResponse:
    """The 25 oldest open cases."""
    from makegood.records.models import Case  # noqa: PLC0415 - it reads the settings

    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    rows = Case.objects.filter(closed_at=None).order_by("known_at")[:25]
    body = engines["django"].from_string(PAGE) if _template is None else _template
    return HttpResponse(body.render({"rows": rows}, request))


def barest(request: HttpRequest) -> HttpResponse:
    """One case, by its reference."""
    from makegood.records.models import Case  # noqa: PLC0415 - it reads the settings

    return HttpResponse(Case.objects.get(reference=request.GET["reference"]).title)


urlpatterns = [path("page", page), path("barest", barest)]
_template: Any = None


def build_application() -> Callable[..., Any]:
    """The site, in a process of its own."""
    global _template  # noqa: PLW0603 - compiled once, as Django's cached loader does
    settings.configure(
        SECRET_KEY=os.environ["BENCH_SECRET"],
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        DATABASES={"default": database_settings(os.environ["MAKEGOOD_DATABASE_URL"], pool_size=4)},
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "django.contrib.messages",
            "makegood.records",
        ],
        AUTH_USER_MODEL="records.Staff",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        SESSION_COOKIE_NAME="makegood_session",
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    )
    application = get_wsgi_application()
    _template = engines["django"].from_string(PAGE)
    return application
