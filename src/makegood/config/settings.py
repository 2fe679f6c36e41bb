"""Django's settings. What can be set from outside is read in `environment`."""

import os
from pathlib import Path

from makegood.config.database import database_settings
from makegood.config.environment import SPOKEN, live_origins, read_environment
from makegood.config.logs import configure_structlog, logging_settings
from makegood.config.mail import mail_settings, post_settings
from makegood.config.sign_in import sign_in_settings
from makegood.gateways.embedded_postgres import embedded_url

# What is reckoned is small: several threads of linear algebra wait for each other, awake.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

ENVIRONMENT = read_environment()
PACKAGE = Path(__file__).resolve().parent.parent
DOORS = PACKAGE / "doors"

DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
BASE_URL = ENVIRONMENT.base_url
"""Where people reach the desk; links in messages begin with it."""

LIVE_URL = ENVIRONMENT.live_url
"""Where pages hear what changed; empty if they have to look by themselves."""

LIVE_ORIGINS = live_origins(BASE_URL, local=ENVIRONMENT.local)
HEARTBEAT_URL = ENVIRONMENT.heartbeat_url
OWN_PACKS = ENVIRONMENT.own_packs
"""The schemes that the company wrote itself, by id."""

PAYMENTS_URL = ENVIRONMENT.payments_url
PAYMENTS_SECRET = ENVIRONMENT.payments_secret
WEBHOOKS_PRIVATE = ENVIRONMENT.webhooks_private
"""Whether webhooks may lead into the company's own network, and go by http."""

METRICS_TOKEN = ENVIRONMENT.metrics_token
BEHIND_PROXY = ENVIRONMENT.behind_proxy

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "anymail",
    "makegood.records",
    "makegood.doors",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Its random padding and the masked CSRF token keep lengths from telling secrets (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "makegood.doors.web.csp.ContentSecurityPolicyMiddleware",
    "makegood.doors.moment.MomentMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "makegood.doors.language.LanguageMiddleware",
    "makegood.doors.web.errors.NoPageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "makegood.config.urls"
WSGI_APPLICATION = "makegood.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [DOORS / "web" / "templates"],
        "OPTIONS": {
            "builtins": [
                "makegood.doors.web.including",
                "makegood.doors.web.erased",
                "makegood.doors.web.dates",
            ],
            "loaders": [
                (
                    "makegood.doors.web.quick.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "makegood.doors.access.rights_for_pages",
            ],
        },
    },
]

DATABASES = {
    "default": database_settings(
        ENVIRONMENT.database_url or embedded_url(ENVIRONMENT.data_dir),
        pool_size=ENVIRONMENT.pool_size,
    )
}
CACHES = {
    # In the database, so that limits of tries count for all processes and machines together.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "makegood_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "records.Staff"
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
globals().update(sign_in_settings(ENVIRONMENT))
globals().update(
    mail_settings(ENVIRONMENT.mail_url, sender=ENVIRONMENT.mail_from, local=ENVIRONMENT.local)
)
globals().update(post_settings(ENVIRONMENT))
PASSWORD_RESET_TIMEOUT = 24 * 3600
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

CASE_FILE_NAMES = ENVIRONMENT.case_file_names
"""Whether the file of a case names the staff, or calls them by their role."""

LANGUAGE_CODE = ENVIRONMENT.language
"""The company's language: that of whoever has told us none of their own."""

LANGUAGES = SPOKEN
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

FILE_UPLOAD_HANDLERS = [
    "makegood.doors.web.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

STATIC_URL = "/static/"
STATICFILES_DIRS = [path for path in [DOORS / "web" / "static"] if path.is_dir()]
STATIC_ROOT = ENVIRONMENT.static_root
# Tests and tools read them where they lie; the pages serve what `static_files` has gathered.
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = DEBUG

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.is_https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "makegood_session"
CSRF_COOKIE_NAME = "makegood_csrf"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.is_https else 0
SECURE_REFERRER_POLICY = "same-origin"  # a customer's secret link leaks to no other site
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.behind_proxy else None
X_FRAME_OPTIONS = "DENY"

configure_structlog()
LOGGING = logging_settings(as_json=ENVIRONMENT.json_logs)
