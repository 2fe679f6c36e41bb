"""Static files: gathered once for each version, compressed, kept for good; what pages weigh."""

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.contrib.staticfiles import storage
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from django.utils.functional import empty

from busy_day import NOW, a_busy_day
from makegood.actions import links
from makegood.config import static_files
from makegood.config.environment import STATIC_ROOT_VARIABLE
from standing_clock import StandingClock

DESK_MAX = 150_000
CUSTOMER_MAX = 30_000


class _Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def gathered(tmp_path_factory) -> Iterator:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(STATIC_ROOT_VARIABLE, raising=False)
        patch.setenv("MAKEGOOD_DATA", str(tmp_path_factory.mktemp("data")))
        yield static_files.provide()


@pytest.fixture
def site(gathered, settings, transactional_db, monkeypatch) -> Iterator[str]:  # noqa: ARG001 - pages are answered in another thread
    settings.STATIC_ROOT = gathered
    settings.WHITENOISE_USE_FINDERS = False
    backend = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": backend}}
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    storage.staticfiles_storage._wrapped = empty
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    with _serving() as url:
        yield url
    storage.staticfiles_storage._wrapped = empty


@contextmanager
def _serving() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, WSGIHandler(), handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def fetch(url: str, *, cookies: SimpleCookie | None = None):
    """The answer's head, and its body as it came over the wire."""
    headers = {"Accept-Encoding": "gzip"}
    if cookies:
        headers["Cookie"] = "; ".join(f"{key}={each.value}" for key, each in cookies.items())
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    connection.request("GET", url.removeprefix(f"http://{parts.netloc}"), headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200, url
    return answer.headers, body


def plain(site_client: Client, address: str) -> str:
    return site_client.get(address).content.decode()


def linked(page: str) -> set[str]:
    return set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))


def test_files_are_gathered_once_for_each_version(gathered, monkeypatch):
    def fail(*_: object) -> None:
        pytest.fail("gathered again")

    monkeypatch.setattr(static_files, "_gather", fail)

    assert static_files.provide(data_dir=gathered.parent.parent) == gathered
    assert (gathered / "staticfiles.json").is_file()


def test_a_machine_that_keeps_no_data_gathers_somewhere_else(tmp_path, monkeypatch):
    monkeypatch.setattr(static_files, "_gather", lambda folder: folder.joinpath("a").touch())
    monkeypatch.setenv(STATIC_ROOT_VARIABLE, "")
    (tmp_path / "file").touch()

    folder = static_files.provide(data_dir=tmp_path / "file")

    assert folder.joinpath("a").is_file()
    assert tmp_path not in folder.parents


def test_what_django_says_when_it_cannot_gather_is_passed_on(tmp_path, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "makegood.no_such_settings")

    with pytest.raises(static_files.StaticFilesError, match="no_such_settings"):
        static_files.provide(data_dir=tmp_path)


def test_pages_weigh_little_and_their_files_are_kept_for_good(site):
    day = a_busy_day()
    laura, nobody = Client(), Client()
    laura.force_login(day.laura)
    token = links.mint_link(day.bin.pk, now=NOW)

    for address in ("/", "/cases", f"/cases/{day.bin.reference}", "/search?q=taylor"):
        head, body = fetch(f"{site}{address}", cookies=laura.cookies)
        assert head["Content-Encoding"] == "gzip", address
        weight = len(body)
        for file in linked(plain(laura, address)):
            file_head, file_body = fetch(f"{site}{file}")
            assert "immutable" in file_head["Cache-Control"], file
            weight += len(file_body)
        assert weight < DESK_MAX, (address, weight)

    head, body = fetch(f"{site}/c/{token}")
    assert head["Content-Encoding"] == "gzip"
    assert len(body) < CUSTOMER_MAX
    others = linked(plain(nobody, f"/c/{token}"))
    assert others
    own = {file for file in others if "tabler" not in file}
    assert len(body) + sum(len(fetch(f"{site}{file}")[1]) for file in own) < CUSTOMER_MAX
