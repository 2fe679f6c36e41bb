"""What else reached the sample company: a lorry that broke down, and mail that needs a look."""

from datetime import datetime, timedelta
from email.message import EmailMessage

from makegood.actions import incidents, letter_news, letters, mail_settling, mails
from makegood.actions.incidents import Outage, Truth
from makegood.actions.mails import Came
from makegood.clockwork.sample_stage import Cast, Stage, a_customer
from makegood.records.models import Asset, Case, Incident, Mail, Service
from makegood.rules.severity import Function, Harm

MAILBOX = "help@example.org"


def a_round_stops(stage: Stage, cast: Cast) -> Incident:
    """A round that stops for many is one incident, with one truth for everybody."""
    known = stage.until(hours_ago=2.85)
    rounds = Service.objects.get(name="Garden waste round")
    for name, address in (
        ("Joan Pym", "2 Strand Gardens"),
        ("Omar Hadid", "11 Ferry Road"),
        ("Lucy Trent", "6 Monmouth Street"),
    ):
        customer = a_customer(name, address, "EX3 0AX", now=known)
        Asset.objects.create(
            customer=customer,
            name="garden bin",
            place=address,
            function=Function.HYGIENE.value,
            service=rounds,
        )
    outage = Outage(
        service=rounds,
        area="EX3 0AX",
        title="No garden waste round in Topsham",
        harm=Harm.DELAYED,
        failed_at=known - timedelta(minutes=50),
        known_at=known,
    )
    words = "Our lorry broke down this morning. Leave your bin out: we come back for it."
    first = Truth(words=words, due_at=known + timedelta(hours=4))
    return incidents.declare(outage, first, owner=cast.grace, by=cast.grace, now=known)


def more_is_known(stage: Stage, cast: Cast, incident: Incident) -> None:
    """Everybody hears what is new before they have to ask."""
    heard = stage.until(hours_ago=1.5)
    words = (
        "We are sorry that you wait so long. Leave your bin out, please; the rest is ours to do."
    )
    second = Truth(words=words, due_at=stage.end + timedelta(hours=22))
    _letters_arrive(now=heard)
    incidents.say(incident.pk, second, by=cast.grace, now=heard)
    _letters_arrive(now=stage.until(hours_ago=1.4))


def _letters_arrive(*, now: datetime) -> None:
    """Sent and delivered in the story already, so that none leaves when the sample is loaded."""
    while (letter := letters.take(now=now)) is not None:
        letters.leaving(letter.pk, now=now)
        letters.left(letter.pk, provider_id="", now=now)
        letter_news.delivered(letter.pk, at=now, now=now)


def mail_comes(case: Case, cast: Cast, *, now: datetime) -> None:
    """One mail that somebody joined to its case, and two that still wait for a look."""
    irene = case.customer
    joined = _mail(
        f"{irene.name} <{irene.email}>",
        "The hob",
        "It happened again, this time with one pan only. I can be in all day.",
        now=now,
    )
    mail_settling.join_case(joined.pk, case.pk, by=cast.mike, now=now)
    _mail(
        "Peter Nowak <peter.nowak@example.net>",
        "Bins of 14 Elm Road",
        "Nobody has emptied the bins of number 14 for two weeks.\nWho can I talk to?",
        now=now,
    )
    _mail(
        "Partco dispatch <dispatch@example.com>",
        "Your order PO-4471 is on its way",
        "This mail was written by a machine. Please do not answer it.",
        now=now,
        **{"Auto-Submitted": "auto-generated"},
    )


def _mail(sender: str, subject: str, words: str, *, now: datetime, **headers: str) -> Mail:
    mail = EmailMessage()
    for name, value in {"From": sender, "To": MAILBOX, "Subject": subject, **headers}.items():
        mail[name] = value
    mail.set_content(words)
    return mails.receive(Came(raw=mail.as_bytes(), source="sample", place=subject), now=now)
