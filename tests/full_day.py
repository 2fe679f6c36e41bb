"""The busy day with something on every page, and which addresses show a page.

`Shown.FACE` is what people look at: the browser visits each of them.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.test import Client

from addresses import Address, addresses, things_of
from busy_day import NOW, BusyDay, a_busy_day
from honour_world import a_claim, a_figure, an_article
from learning_world import a_lesson, a_shipped_one
from letter_world import ADDRESS, a_letter
from mail_world import a_mail, came
from makegood.actions import crews, imports, webhooks
from makegood.actions.imports import NewImport
from makegood.actions.webhooks import NewWebhook
from makegood.clockwork import sample_remedies
from makegood.records.models import (
    Attachment,
    Authority,
    Duty,
    GestureBudget,
    GestureItem,
    Import,
    SchemeUse,
    Service,
    Staff,
)
from partner_world import a_partner
from round_world import a_round, run_of
from signal_world import a_source
from signing_in import paper_codes, signed_in, somebody, with_app
from visit_world import DAY, a_crew, a_visit_for_a_part

PROGRAMS = ("api/", "open311/", "hooks/", "healthz", "readyz", "metrics")
LEFT_OUT = {
    "account_reset_password_from_key": "needs a letter: test_sign_in looks at it",
    "openid_connect_login": "needs a company that signs its people in",
    "openid_connect_callback": "as above",
    "mfa_remove_webauthn": "needs a key that a browser holds: test_sign_in looks at it",
    "calendar_feed": "needs a secret of its own: a file for calendar programs",
    "visit_calendar": "is a file for calendar programs",
}


class Shown(StrEnum):
    """What an address shows when somebody asks for it."""

    FACE = "a page"
    PART = "a part of a page, or a file"
    ACT = "an act: it has to be sent"
    ELSEWHERE = "another page"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True, slots=True)
class FullDay:
    """The day, its things, and browsers in which its people have signed in."""

    day: BusyDay
    things: dict[str, object]
    clients: tuple[Client, ...]

    def look(self, address: Address) -> tuple[Shown, str, Client]:
        """What an address shows to the first of the people who may see it, and where."""
        place = address.filled(self.things)
        found = (Shown.NOTHING, place, self.clients[0])
        for client in self.clients:
            shown = _shown(client.get(place))
            if shown is Shown.ELSEWHERE:  # who has signed in is not shown where one signs in
                found = (shown, place, client)
            elif shown is not Shown.NOTHING:
                return shown, place, client
        return found


def the_addresses() -> tuple[Address, ...]:
    """Every address that people, not programs, ask for."""
    return tuple(
        address
        for address in addresses()
        if address.name not in LEFT_OUT and not address.route.startswith(PROGRAMS)
    )


def a_full_day() -> FullDay:
    """Put on the day what else has a page, and let a supervisor and an administrator in."""
    day = a_busy_day()
    grace = somebody("Grace Lind", role="supervisor", zone="Europe/London")
    ada = somebody("Ada Moreno", role="administrator", zone="Europe/London")
    kim = somebody("Kim Keeper", role="knowledge_keeper", zone="Europe/London")
    sample_remedies.set_up(now=NOW)
    a_crew(members=(grace,))
    visit = a_visit_for_a_part(day.bin)
    mail = a_mail("The bill is attached.", proven=None, sender="peter@example.net")
    mail.add_attachment(b"%PDF-1.7 a bill", "application", "pdf", filename="bill.pdf")
    aside = came(mail, now=NOW)
    day.bin.customer.email = ADDRESS
    day.bin.customer.save()
    a_letter(day.bin, now=NOW)
    hook = NewWebhook(name="Shop", url="https://shop.example/hook")
    things = things_of(day, token=day.bin_token)
    things |= {
        "article_id": an_article(a_figure("free returns", "30", "days"), now=NOW).pk,
        "improvement_id": a_shipped_one(a_lesson(day.covered, now=NOW).cause, now=NOW).pk,
        "claim_id": a_claim(day.bin, now=NOW).pk,
        "source_id": a_source().pk,
        "partner_id": a_partner(service=Service.objects.earliest("pk").pk).pk,
        "webhook_id": webhooks.make(hook, by=ada, now=NOW).pk,
        "duty_id": Duty.objects.earliest("pk").pk,
        "visit_id": visit.pk,
        "crew_id": a_crew().pk,
        "absence_id": crews.record_absence(
            a_crew().pk, starts_at=NOW + 80 * DAY, ends_at=NOW + 81 * DAY, by=grace, now=NOW
        ).pk,
        "round_id": (row := a_round()).pk,
        "run_id": run_of(row).pk,
        "authority_id": Authority.objects.earliest("pk").pk,
        "budget_id": GestureBudget.objects.earliest("pk").pk,
        "gesture_id": GestureItem.objects.earliest("pk").pk,
        "use_id": SchemeUse.objects.earliest("pk").pk,
        "import_id": an_import(ada).pk,
        "attachment_id": Attachment.objects.get(mail=aside).pk,
    }
    clients = (signed_in(grace), signed_in(ada), signed_in(kim), Client())
    with_app(ada)
    paper_codes(ada)
    return FullDay(day=day, things=things, clients=clients)


def an_import(by: Staff) -> Import:
    """A file that was sent, and waits to be mapped."""
    sent = NewImport(
        name="people.csv",
        form="csv",
        source="crm",
        content=b"id,name\n1,Ann\n",
        what="customers",
        columns={"id": "1", "name": "Ann"},
        mapping={"id": "id", "name": "name"},
    )
    return imports.receive(sent, by=by, now=NOW)


def session_of(client: Client) -> str:
    """The key of the session of a browser; empty before somebody has signed in."""
    found = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return found.value if found else ""


def _shown(answer) -> Shown:
    if answer.status_code == 405:
        return Shown.ACT
    if answer.status_code in {301, 302}:
        is_shut = answer.headers["Location"].startswith("/sign-in?")
        return Shown.NOTHING if is_shut else Shown.ELSEWHERE
    if answer.status_code != 200:
        return Shown.NOTHING
    is_html = answer.headers["Content-Type"].startswith("text/html")
    is_whole = is_html and not answer.streaming and b"<html" in answer.content
    return Shown.FACE if is_whole else Shown.PART
