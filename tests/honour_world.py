"""Knowledge and claims to tell stories about: flyers, a clerk's plan, and who answers for them."""

from datetime import date, datetime, timedelta

from makegood.actions import articles, claims, doubts
from makegood.actions.articles import Draft
from makegood.actions.claim_steps import Decision
from makegood.actions.claims import Told
from makegood.actions.contacts import Touch
from makegood.actions.doubts import Statement
from makegood.records.models import Article, Case, Claim, Direction, Doubt
from makegood.rules.articles import ArticleKind
from makegood.rules.claims import Source
from makegood.rules.figures import Figure
from makegood.rules.promises import Channel
from world import MONDAY, a_person

BOTH_A_YEAR = "Both the flooring and the counter tops are on the 12-month no-interest plan."


def a_keeper(name: str = "Kim Keeper", **more):
    return a_person(name, role="knowledge_keeper", **more)


def a_figure(name: str, number: str, unit: str, bound: str = "exactly") -> Figure:
    return Figure(name=name, number=number, unit=unit, bound=bound)


FLOORING = a_figure("no-interest financing of flooring", "6", "months")
COUNTERS = a_figure("no-interest financing of counter tops", "12", "months")


def a_draft(*figures: Figure, **more) -> Draft:
    return Draft(
        **{
            "kind": ArticleKind.FLYER,
            "title": "Summer flyer",
            "about": "Flooring and counter tops",
            "words": "Flooring: six months without interest. Counter tops: twelve.",
            "figures": figures or (FLOORING, COUNTERS),
            "from_on": date(2026, 5, 1),
            "until_on": date(2026, 8, 31),
            "owner": a_keeper(),
        }
        | more
    )


def an_article(*figures: Figure, now: datetime = MONDAY, **more) -> Article:
    return articles.write(a_draft(*figures, **more), by=a_keeper(), now=now)


def a_doubt(case: Case, words: str = BOTH_A_YEAR, *, now: datetime = MONDAY, **more) -> Doubt:
    """The doubt that a statement raises, about the flyer unless there is another article."""
    if not Article.objects.exists():
        an_article(now=now)
    said = Statement(case=case.pk, words=words, said_at=now, **more)
    return doubts.look(said, now=now)[0]


def a_call(note: str = "", *, now: datetime = MONDAY, **more) -> Touch:
    return Touch(
        **{
            "channel": Channel.PHONE,
            "direction": Direction.INBOUND,
            "at": now,
            "note": note,
            "staff": a_person(),
        }
        | more
    )


def a_claim(case: Case, words: str = BOTH_A_YEAR, *, now: datetime = MONDAY, **more) -> Claim:
    told = Told(**{"words": words, "source": Source.CUSTOMER, "speaker_name": "A clerk"} | more)
    return claims.hear(case.pk, told, touch=a_call(words, now=now), by=a_person(), now=now)


def a_decision(words: str = "You keep what you were promised.", **more) -> Decision:
    return Decision(**{"why": "We gave our word.", "words": words, "channel": Channel.PHONE} | more)


def after(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)
