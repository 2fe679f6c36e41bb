"""A real IMAP server (Debian's dovecot) on the loopback address, with one account."""

import grp
import os
import pwd
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from post_office import HERE, a_free_port

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120.0
"""How many seconds the server may take to come and to go on the busiest machine."""

USER, PASSWORD = "help", "a-long-password-of-tests"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
listen = {here}
mail_location = maildir:{folder}/mail/%u
default_internal_user = {account}
default_login_user = {login}
default_internal_group = {group}
first_valid_uid = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
  chroot =
}}
service anvil {{
  chroot =
}}
"""


@dataclass(frozen=True)
class MailHouse:
    """Where it is, and how to put something into it."""

    port: int

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@{HERE}:{self.port}/INBOX"

    @contextmanager
    def opened(self) -> Iterator[IMAPClient]:
        with IMAPClient(HERE, port=self.port, ssl=False) as client:
            client.login(USER, PASSWORD)
            client.select_folder("INBOX")
            yield client

    def put(self, mail: EmailMessage | bytes, *flags: bytes) -> None:
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        with self.opened() as client:
            client.append("INBOX", raw, flags)

    def unseen(self) -> int:
        with self.opened() as client:
            return len(client.search("UNSEEN"))


@contextmanager
def a_mail_house(folder: Path) -> Iterator[MailHouse]:
    """The server, until the block ends."""
    house, config = MailHouse(port=a_free_port()), folder / "dovecot.conf"
    program = _program()
    # As root it serves no mail of root's own: another account has it.
    reader = pwd.getpwnam("dovecot") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    (folder / "mail").mkdir()
    os.chown(folder / "mail", reader.pw_uid, reader.pw_gid)
    folder.chmod(0o755)
    config.write_text(
        CONFIG.format(
            folder=folder, here=HERE, port=house.port, password=PASSWORD, uid=reader.pw_uid,
            gid=reader.pw_gid, account=reader.pw_name, group=grp.getgrgid(reader.pw_gid).gr_name,
            login="dovenull" if os.geteuid() == 0 else reader.pw_name,
        )
    )  # fmt: skip
    server = subprocess.Popen([program, "-F", "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        _wait_for(house, server, folder / "log")
        yield house
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def _program() -> str:
    found = subprocess.run(
        [str(ROOT / "scripts" / "find-dovecot"), "--no-install"],
        capture_output=True,
        text=True,
        check=False,
    )
    program = found.stdout.strip()
    if not program:
        pytest.skip(found.stderr.strip() or "no dovecot")
    return program


def _wait_for(house: MailHouse, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with house.opened():
                return
        except (OSError, IMAPClientError):
            said = log.read_text() if log.exists() else ""
            assert server.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.1)
