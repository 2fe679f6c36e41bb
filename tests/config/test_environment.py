"""What the environment may say, and what is refused since it is unsafe where others reach us."""

import errno
from importlib import resources
from pathlib import Path
from typing import NoReturn

import pytest
from django.core.exceptions import ImproperlyConfigured

from makegood.config.environment import keep_secret, live_origins, read_environment

SECRET = "s" * 50
SERVED = {
    "MAKEGOOD_LOCAL": "0",
    "MAKEGOOD_SECRET_KEY": SECRET,
    "MAKEGOOD_ALLOWED_HOSTS": "desk.example.com, desk.example.org",
    "MAKEGOOD_DATABASE_URL": "postgresql://makegood@db.example.com/makegood",
}


def test_nothing_set_is_local_mode_on_the_loopback_address() -> None:
    environment = read_environment({"MAKEGOOD_DATA": "/nowhere"})
    assert environment.local
    assert environment.allowed_hosts == ["127.0.0.1", "localhost", "[::1]"]
    assert not environment.debug


def test_served_mode_reads_everything_it_needs() -> None:
    environment = read_environment(SERVED)
    assert environment.allowed_hosts == ["desk.example.com", "desk.example.org"]
    assert environment.base_url == "https://desk.example.com"
    assert environment.is_https
    assert environment.json_logs
    assert environment.live_url == "https://desk.example.com/live/events"


def test_a_single_machine_has_no_live_pages_unless_somebody_serves_them() -> None:
    assert read_environment({"MAKEGOOD_DATA": "/nowhere"}).live_url == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"MAKEGOOD_SECRET_KEY": ""}, "MAKEGOOD_SECRET_KEY is not set"),
        ({"MAKEGOOD_SECRET_KEY": "short"}, "MAKEGOOD_SECRET_KEY is too short"),
        ({"MAKEGOOD_HEARTBEAT_URL": "file:///etc/passwd"}, "must begin with https://"),
        ({"MAKEGOOD_LIVE_URL": "/live/events"}, "MAKEGOOD_LIVE_URL is '/live/events'"),
        ({"MAKEGOOD_HEARTBEAT_URL": "hc-ping.example"}, "must begin with https://"),
        ({"MAKEGOOD_METRICS_TOKEN": "short"}, "MAKEGOOD_METRICS_TOKEN is too short"),
        ({"MAKEGOOD_ALLOWED_HOSTS": " , "}, "MAKEGOOD_ALLOWED_HOSTS is not set"),
        ({"MAKEGOOD_ALLOWED_HOSTS": "*"}, "MAKEGOOD_ALLOWED_HOSTS must not be *"),
        ({"MAKEGOOD_DATABASE_URL": ""}, "MAKEGOOD_DATABASE_URL is not set"),
        ({"MAKEGOOD_DEBUG": "1"}, "MAKEGOOD_DEBUG is refused"),
        ({"MAKEGOOD_LOCAL": "maybe"}, "MAKEGOOD_LOCAL is 'maybe'"),
        ({"MAKEGOOD_POOL_SIZE": "many"}, "MAKEGOOD_POOL_SIZE is 'many'"),
        ({"MAKEGOOD_BASE_URL": "desk.example.com"}, "MAKEGOOD_BASE_URL is 'desk.example.com'"),
    ],
)
def test_what_is_unsafe_or_unreadable_is_refused(changed: dict[str, str], said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said.replace("*", r"\*")):
        read_environment({**SERVED, **changed})


def test_debug_pages_are_for_the_local_mode_alone() -> None:
    assert read_environment({"MAKEGOOD_LOCAL": "1", "MAKEGOOD_DEBUG": "1"}).debug


def test_the_local_secret_is_made_once_and_readable_by_us_alone(tmp_path: Path) -> None:
    first = keep_secret(tmp_path / "data")
    kept = tmp_path / "data" / "secret-key"
    assert keep_secret(tmp_path / "data") == first
    assert kept.stat().st_mode & 0o777 == 0o600
    assert read_environment({"MAKEGOOD_DATA": str(tmp_path / "data")}).secret_key == first


def test_reading_the_settings_writes_nothing(tmp_path: Path) -> None:
    read_environment({"MAKEGOOD_DATA": str(tmp_path / "data")})
    assert not (tmp_path / "data").exists()


def test_only_pages_of_this_desk_may_listen_to_the_stream() -> None:
    served = live_origins("https://desk.example.com", local=False)
    alone = live_origins("http://127.0.0.1:8000", local=True)
    assert served == {"https://desk.example.com"}
    assert alone == {"http://127.0.0.1:8000", "http://localhost:8000"}


def test_the_companys_language_is_one_that_makegood_speaks() -> None:
    assert read_environment({"MAKEGOOD_DATA": "/nowhere"}).language == "en-gb"
    german = {"MAKEGOOD_DATA": "/nowhere", "MAKEGOOD_LANGUAGE": "DE"}
    assert read_environment(german).language == "de"


def test_a_language_that_makegood_does_not_speak_is_refused() -> None:
    klingon = {"MAKEGOOD_DATA": "/nowhere", "MAKEGOOD_LANGUAGE": "tlh"}
    with pytest.raises(ImproperlyConfigured, match="give a language that Makegood speaks: en-gb"):
        read_environment(klingon)


def a_folder(path: Path, *, rates: str) -> str:
    """A folder with a pack of a company's own; a figure that is not there is a mistake."""
    shipped = resources.files("makegood.queries.schemes") / "packs" / "our-promise.toml"
    text = shipped.read_text(encoding="utf-8").replace("our-promise", "our-word")
    (path / "ours.toml").write_text(text.replace("rates = {", rates), encoding="utf-8")
    return str(path)


def test_the_packs_of_a_company_are_read_at_the_start(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, rates="rates = {")

    environment = read_environment({"MAKEGOOD_DATA": "/nowhere", "MAKEGOOD_SCHEMES": folder})

    assert list(environment.own_packs) == ["our-word"]
    assert read_environment({"MAKEGOOD_DATA": "/nowhere"}).own_packs == {}


def test_a_pack_with_a_mistake_stops_the_start_with_its_file_and_line(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, rates="rats = {")

    with pytest.raises(ImproperlyConfigured, match=r"ours\.toml, line [0-9]+: "):
        read_environment({"MAKEGOOD_DATA": "/nowhere", "MAKEGOOD_SCHEMES": folder})


def test_a_folder_of_packs_that_cannot_be_read_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_folder(tmp_path, rates="rates = {")

    def refuse(*_: object) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("os.listdir", refuse)
    monkeypatch.setattr("os.scandir", refuse)

    with pytest.raises(ImproperlyConfigured, match="folder itself cannot be read: Permission"):
        read_environment({"MAKEGOOD_DATA": "/nowhere", "MAKEGOOD_SCHEMES": folder})


def test_two_packs_of_one_id_and_a_folder_that_is_none_are_refused(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, rates="rates = {")
    twin = tmp_path / "twin.toml"
    twin.write_text((tmp_path / "ours.toml").read_text(encoding="utf-8"), encoding="utf-8")

    for wrong, said in ((folder, "twin.toml, line 2: another file"), (str(twin), "the folder")):
        with pytest.raises(ImproperlyConfigured, match=said):
            read_environment({"MAKEGOOD_DATA": "/nowhere", "MAKEGOOD_SCHEMES": wrong})
