"""Files that an administrator sends to be imported, as the pages take them, and the clock."""

from threading import Event

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from busy_day import NOW
from makegood.clockwork import moving_data
from makegood.records.models import Import
from makegood.rules.roles import Role
from world import a_person

PAGE = "/settings/data/imports"
TICKETS = """Ticket ID,Subject,Requester,Requester email,Status,Created at
1,Food bin missed,Ann Lee,ann@example.org,open,2026-05-29T08:00:00Z
2,Wrong bill,Bob Ray,bob@example.org,pending,2026-05-30T08:00:00Z
3,Long done,Cy Fox,cy@example.org,solved,2026-05-01T08:00:00Z
4,,Dee,dee@example.org,open,2026-05-30T08:00:00Z
5,No date,Eve,eve@example.org,open,yesterday
2,Wrong bill,Bob Ray,bob@example.org,pending,2026-05-30T08:00:00Z
"""


def client_of(role: Role = Role.ADMINISTRATOR) -> Client:
    client = Client()
    client.force_login(a_person(f"Some {role.value}", role=role.value))
    return client


def send(client: Client, content: str | bytes, *, name: str = "tickets.csv", form: str = "csv"):
    raw = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, raw)
    return client.post(PAGE, {"file": file, "form": form, "source": "old desk"})


def step(client: Client, do: str, **more: str):
    number = Import.objects.latest("pk").pk
    return client.post(f"{PAGE}/{number}", {"do": do} | more)


def mapped(row: Import) -> dict[str, str]:
    """The mapping as the page proposes it, as its form sends it."""
    fields = {f"of_{field}": column for field, column in row.mapping.items()}
    return fields | {"what": row.what, "in_zone": "Europe/London", "function": "information"}


def tick() -> None:
    while moving_data.move_data(NOW, Event()):
        pass


def page(answer) -> str:
    return " ".join(answer.content.decode().split())


def tried(client: Client, content: str | bytes, **more) -> Import:
    assert send(client, content, **more).status_code == 302
    step(client, "try", **mapped(Import.objects.latest("pk")))
    tick()
    return Import.objects.latest("pk")
