"""What the environment variables say, read once and checked: the only place that knows their names.

Local mode is one machine and the loopback address. It is the default for tools (tests, mypy,
migrations); whatever serves pages to others states `MAKEGOOD_LOCAL=0` and must be told the rest.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from makegood.queries.schemes.reading import PackFileError, read_packs
from makegood.rules.schemes.packs import Pack

STATIC_ROOT_VARIABLE = "MAKEGOOD_STATIC_ROOT"
"""Set by ourselves when the pages start: where their gathered static files are."""

LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
SECRET_FILE = "secret-key"  # noqa: S105 - the name of a file
SECRET_BYTES = 50
SECRET_LENGTH_MIN = 32
TOKEN_LENGTH_MIN = 16
SESSION_HOURS = 12
SESSION_HOURS_MAX = 168
SPOKEN = (("en-gb", "English"), ("de", "Deutsch"))
"""The languages of pages and messages; docs/languages.md says how one is added."""

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


@dataclass(frozen=True, kw_only=True, slots=True)
class Environment:
    """All that can be set from outside."""

    local: bool
    debug: bool
    data_dir: Path
    database_url: str | None
    secret_key: str
    allowed_hosts: list[str]
    base_url: str
    live_url: str
    pool_size: int
    behind_proxy: bool
    json_logs: bool
    heartbeat_url: str
    static_root: Path | None
    own_packs: dict[str, Pack]
    payments_url: str
    payments_secret: str
    metrics_token: str
    mail_url: str
    mail_from: str
    mail_reply: str
    mail_webhook_secret: str
    mail_trusted_host: str
    suppliers: str
    imap_url: str
    sms_url: str
    sms_secret: str
    sms_countries: tuple[str, ...]
    webhooks_private: bool
    session_hours: int
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_name: str
    language: str
    case_file_names: bool

    @property
    def is_https(self) -> bool:
        """Whether people reach the desk over https."""
        return self.base_url.startswith("https://")


def read_environment(variables: Mapping[str, str] | None = None) -> Environment:
    """Read and check the settings from environment variables.

    :raises ImproperlyConfigured: if one is missing, malformed or unsafe outside of local mode.
    """
    given = os.environ if variables is None else variables
    local = _flag(given, "MAKEGOOD_LOCAL", default=True)
    data_dir = find_data_dir(given)
    hosts = _allowed_hosts(given, local=local)
    base_url = _base_url(given, local=local, hosts=hosts)
    return Environment(
        local=local,
        debug=_debug(given, local=local),
        data_dir=data_dir,
        database_url=_database_url(given, local=local),
        secret_key=_secret_key(given, local=local, data_dir=data_dir),
        allowed_hosts=hosts,
        base_url=base_url,
        live_url=_live_url(given, local=local, base_url=base_url),
        pool_size=_count(given, "MAKEGOOD_POOL_SIZE"),
        behind_proxy=_flag(given, "MAKEGOOD_BEHIND_PROXY", default=False),
        json_logs=_flag(given, "MAKEGOOD_JSON_LOGS", default=not local),
        heartbeat_url=_heartbeat_url(given),
        static_root=Path(given[STATIC_ROOT_VARIABLE]) if given.get(STATIC_ROOT_VARIABLE) else None,
        own_packs=_own_packs(given),
        payments_url=_payments_url(given),
        payments_secret=given.get("MAKEGOOD_PAYMENTS_SECRET", "").strip(),
        metrics_token=_metrics_token(given),
        mail_url=given.get("MAKEGOOD_MAIL_URL", "").strip(),
        mail_from=given.get("MAKEGOOD_MAIL_FROM", "").strip() or "makegood@localhost",
        mail_reply=given.get("MAKEGOOD_MAIL_REPLY", "").strip(),
        mail_webhook_secret=given.get("MAKEGOOD_MAIL_WEBHOOK_SECRET", "").strip(),
        mail_trusted_host=given.get("MAKEGOOD_MAIL_TRUSTED_HOST", "").strip().lower(),
        suppliers=given.get("MAKEGOOD_SUPPLIERS", "").strip(),
        imap_url=given.get("MAKEGOOD_IMAP_URL", "").strip(),
        sms_url=given.get("MAKEGOOD_SMS_URL", "").strip(),
        sms_secret=given.get("MAKEGOOD_SMS_SECRET", "").strip(),
        sms_countries=tuple(given.get("MAKEGOOD_SMS_COUNTRIES", "").replace(",", " ").split()),
        webhooks_private=_flag(given, "MAKEGOOD_WEBHOOKS_PRIVATE", default=False),
        session_hours=_session_hours(given),
        oidc_issuer=given.get("MAKEGOOD_OIDC_ISSUER", "").strip().rstrip("/"),
        oidc_client_id=given.get("MAKEGOOD_OIDC_CLIENT_ID", "").strip(),
        oidc_client_secret=given.get("MAKEGOOD_OIDC_CLIENT_SECRET", "").strip(),
        oidc_name=given.get("MAKEGOOD_OIDC_NAME", "").strip() or "your company account",
        language=_language(given),
        case_file_names=_flag(given, "MAKEGOOD_CASE_FILE_NAMES", default=True),
    )


def live_origins(base_url: str, *, local: bool) -> frozenset[str]:
    """The addresses whose pages may listen to the stream; locally by every name."""
    parts = urlsplit(base_url)
    port = f":{parts.port}" if parts.port else ""
    names = {"127.0.0.1", "localhost"} if local and parts.hostname in LOOPBACK else set()
    return frozenset(
        f"{parts.scheme}://{name}" for name in {parts.netloc, *(f"{name}{port}" for name in names)}
    )


def find_data_dir(variables: Mapping[str, str] | None = None) -> Path:
    """Return the directory of the embedded database and the local secret."""
    given = os.environ if variables is None else variables
    if given.get("MAKEGOOD_DATA"):
        return Path(given["MAKEGOOD_DATA"]).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/makegood")  # root's home is closed to the server's own user
    return Path.home() / ".local" / "share" / "makegood"


def keep_secret(data_dir: Path) -> str:
    """Return the secret of the local mode; make it at the first start, readable by us alone."""
    path = data_dir / SECRET_FILE
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        half = data_dir / f"{SECRET_FILE}.{os.getpid()}"
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(SECRET_BYTES))
        half.rename(path)
    return path.read_text().strip()


def _secret_key(given: Mapping[str, str], *, local: bool, data_dir: Path) -> str:
    key = given.get("MAKEGOOD_SECRET_KEY", "")
    if key and len(key) < SECRET_LENGTH_MIN:
        raise ImproperlyConfigured(
            f"MAKEGOOD_SECRET_KEY is too short to be secret: give at least {SECRET_LENGTH_MIN}"
            " random characters."
        )
    if not key and not local:
        raise ImproperlyConfigured(
            "MAKEGOOD_SECRET_KEY is not set: outside of the local mode give a long random text,"
            " the same for all processes."
        )
    return key or _local_secret(data_dir)


def _local_secret(data_dir: Path) -> str:
    try:
        return (data_dir / SECRET_FILE).read_text().strip()
    except OSError:
        # Reading settings writes nothing. A tool that signs nothing needs no lasting secret.
        return secrets.token_urlsafe(SECRET_BYTES)


def _allowed_hosts(given: Mapping[str, str], *, local: bool) -> list[str]:
    hosts = [host.strip() for host in given.get("MAKEGOOD_ALLOWED_HOSTS", "").split(",")]
    hosts = [host for host in hosts if host]
    if local:
        return [*LOOPBACK, *hosts]
    if not hosts:
        raise ImproperlyConfigured(
            "MAKEGOOD_ALLOWED_HOSTS is not set: outside of the local mode name the hosts that"
            " people type, such as desk.example.com, separated by commas."
        )
    if "*" in hosts:
        raise ImproperlyConfigured(
            "MAKEGOOD_ALLOWED_HOSTS must not be *: links in messages would go wherever a"
            " stranger's request says. Name the hosts."
        )
    return hosts


def _base_url(given: Mapping[str, str], *, local: bool, hosts: list[str]) -> str:
    default = "http://127.0.0.1:8000" if local else f"https://{hosts[0].lstrip('.')}"
    url = given.get("MAKEGOOD_BASE_URL", default).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ImproperlyConfigured(
            f"MAKEGOOD_BASE_URL is {url!r}: give the address that people type, such as"
            " https://desk.example.com."
        )
    return url


def _live_url(given: Mapping[str, str], *, local: bool, base_url: str) -> str:
    """Where browsers find the stream of live pages; empty if there is none."""
    default = "" if local else f"{base_url}/live/events"
    url = given.get("MAKEGOOD_LIVE_URL", default).strip()
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.netloc):
        raise ImproperlyConfigured(
            f"MAKEGOOD_LIVE_URL is {url!r}: give the address at which browsers reach"
            " `makegood live`, such as https://desk.example.com/live/events, or nothing."
        )
    return url


def _database_url(given: Mapping[str, str], *, local: bool) -> str | None:
    url = given.get("MAKEGOOD_DATABASE_URL") or None
    if url is None and not local:
        raise ImproperlyConfigured(
            "MAKEGOOD_DATABASE_URL is not set: outside of the local mode give the PostgreSQL"
            " server, such as postgresql://makegood:password@db.example.com/makegood."
        )
    return url


def _heartbeat_url(given: Mapping[str, str]) -> str:
    url = given.get("MAKEGOOD_HEARTBEAT_URL", "").strip()
    if url and not url.startswith(("http://", "https://", "console:")):
        raise ImproperlyConfigured(
            "MAKEGOOD_HEARTBEAT_URL must begin with https:// or http://: give the address that"
            " your monitor waits to be asked at, or console: to see a line instead."
        )
    return url


def _own_packs(given: Mapping[str, str]) -> dict[str, Pack]:
    """What the company's own schemes owe. One with a mistake stops the start: it owes nothing."""
    folder = given.get("MAKEGOOD_SCHEMES", "").strip()
    if not folder:
        return {}
    if not Path(folder).is_dir():
        raise ImproperlyConfigured(
            f"MAKEGOOD_SCHEMES is {folder!r}: give the folder that holds your packs, a TOML file"
            " each."
        )
    try:
        return read_packs(Path(folder))
    except PackFileError as wrong:
        raise ImproperlyConfigured(f"MAKEGOOD_SCHEMES: {wrong}") from wrong


def _payments_url(given: Mapping[str, str]) -> str:
    url = given.get("MAKEGOOD_PAYMENTS_URL", "").strip()
    if url and not url.startswith(("https://", "http://", "folder:/", "console:")):
        raise ImproperlyConfigured(
            "MAKEGOOD_PAYMENTS_URL must be the https:// address of your payment service,"
            " folder:/ and a folder for accounting's files, or console: to see lines instead."
        )
    return url


def _metrics_token(given: Mapping[str, str]) -> str:
    token = given.get("MAKEGOOD_METRICS_TOKEN", "").strip()
    if token and len(token) < TOKEN_LENGTH_MIN:
        raise ImproperlyConfigured(
            f"MAKEGOOD_METRICS_TOKEN is too short to be secret: give at least {TOKEN_LENGTH_MIN}"
            " random characters."
        )
    return token


def _session_hours(given: Mapping[str, str]) -> int:
    hours = _count(given, "MAKEGOOD_SESSION_HOURS") or SESSION_HOURS
    if hours > SESSION_HOURS_MAX:
        raise ImproperlyConfigured(
            f"MAKEGOOD_SESSION_HOURS is {hours}: a sign-in lasts at most {SESSION_HOURS_MAX} hours,"
            " which is a week."
        )
    return hours


def _language(given: Mapping[str, str]) -> str:
    known = [code for code, _name in SPOKEN]
    code = given.get("MAKEGOOD_LANGUAGE", "").strip().lower() or known[0]
    if code not in known:
        raise ImproperlyConfigured(
            f"MAKEGOOD_LANGUAGE is {code!r}: give a language that Makegood speaks:"
            f" {', '.join(known)}."
        )
    return code


def _debug(given: Mapping[str, str], *, local: bool) -> bool:
    debug = _flag(given, "MAKEGOOD_DEBUG", default=False)
    if debug and not local:
        raise ImproperlyConfigured(
            "MAKEGOOD_DEBUG is refused outside of the local mode: its error pages show secrets"
            " to strangers. Unset it."
        )
    return debug


def _flag(given: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = given.get(name)
    if text is None:
        return default
    if text.strip().lower() not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} is {text!r}: give 1 or 0.")
    return text.strip().lower() in TRUE


def _count(given: Mapping[str, str], name: str) -> int:
    text = given.get(name, "0")
    if not text.isdecimal():
        raise ImproperlyConfigured(f"{name} is {text!r}: give a whole number.")
    return int(text)
