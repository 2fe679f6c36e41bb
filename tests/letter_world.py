"""Letters to tell stories about: a case whose customer can be written to, and what is written."""

from datetime import datetime

from makegood.actions import letters
from makegood.actions.letters import Draft
from makegood.gateways.sms import ConsoleSms
from makegood.records.models import Case, Letter
from world import MONDAY, a_case, a_customer, a_person

ADDRESS = "david.taylor@example.net"


def quiet() -> ConsoleSms:
    return ConsoleSms(lambda _line: None)


def a_case_by_mail(*, now: datetime = MONDAY, **more) -> Case:
    customer = a_customer(**{"email": ADDRESS, "phone": "+44 7700 900123"} | more)
    return a_case(customer=customer, now=now)


def a_letter(
    case: Case | None = None, *, words: str = "We are on it.", now: datetime = MONDAY, **more
) -> Letter:
    case = case or a_case_by_mail(now=now)
    draft = Draft(**{"words": words, "by": a_person()} | more)
    return letters.write(case.pk, draft, now=now)
