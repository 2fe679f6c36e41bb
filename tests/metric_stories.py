"""The five published stories as they went, as timelines of facts for the metrics to count."""

from datetime import UTC, datetime, timedelta

from makegood.rules.metrics.facts import Case, Given, Statement, Touch, Withheld, Word
from makegood.rules.metrics.of_words import repeats
from makegood.rules.promises import Outcome

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def after(**span: float) -> datetime:
    """A moment so long after the start."""
    return START + timedelta(**span)


def a_word(id_: int, said_at: datetime, due_at: datetime, **more) -> Word:
    return Word(
        **{
            "id": id_,
            "kind": "visit",
            "who": "person:1",
            "is_automatic": False,
            "said_at": said_at,
            "first_due_at": due_at,
            "due_at": due_at,
        }
        | more
    )


def a_broken_word(id_: int, said_at: datetime, due_at: datetime, **more) -> Word:
    return a_word(id_, said_at, due_at, outcome=Outcome.BROKEN, settled_at=due_at, **more)


def a_case(**more) -> Case:
    return Case(
        **{"id": 1, "team": 1, "failed_at": START, "known_at": START, "as_of": after(days=120)}
        | more
    )


def inbound(*moments: datetime, minutes: int = 0, **more) -> tuple[Touch, ...]:
    return tuple(Touch(at=at, is_outbound=False, minutes=minutes, **more) for at in moments)


def outbound(*moments: datetime, **more) -> tuple[Touch, ...]:
    return tuple(Touch(at=at, is_outbound=True, **more) for at in moments)


def aloud(*moments: datetime, **more) -> tuple[Touch, ...]:
    """We rang them, or stood before them; `outbound` alone may be a letter."""
    return outbound(*moments, is_aloud=True, **more)


def the_wrong_part() -> Case:
    """000: the part was to be ordered "this time"; the customer has to ring when it is there."""
    ordered = a_broken_word(1, after(days=-8), after(days=0))
    return a_case(
        words=(ordered,),
        touches=inbound(after(days=8)),
        false_statements=(Statement(at=after(days=-8), is_automatic=False),),
    )


def the_flyer() -> Case:
    """001: a clerk's plan that was not in the flyer, a call, "you must have misunderstood"."""
    told = after(days=7)
    return a_case(
        touches=(*outbound(told), *inbound(after(days=8))),
        false_statements=(
            Statement(at=START, is_automatic=False),
            Statement(at=told, is_automatic=False),
        ),
    )


def the_happy_face() -> Case:
    """002: for hours nobody says that it was our error; then "I can't", and then 25 dollars."""
    refused = after(hours=4)
    return a_case(
        touches=inbound(START, after(hours=1), after(hours=3)),
        false_statements=(Statement(at=refused, is_automatic=False),),
        withheld=(Withheld(at=refused, was_asked=True),),
        remedies=(Given(at=after(hours=4.2), amount_minor=2500, currency="USD"),),
    )


def the_bin() -> Case:
    """003: five forms, each answered by a machine with "tomorrow"; then a call on hold."""
    days = range(1, 6)
    said = [after(days=day) for day in days]
    words = tuple(
        a_broken_word(day, after(days=day), after(days=day + 1), who="template:missed bin",
                      is_automatic=True)
        for day in days
    )  # fmt: skip
    call = after(days=6, hours=2)
    return a_case(
        reports=5,
        words=words,
        touches=(
            *inbound(*said, minutes=6, is_estimated=True),
            *(
                Touch(at=at, is_outbound=True, is_automatic=True, tells=day)
                for day, at in zip(days, said, strict=True)
            ),
            *inbound(call, minutes=25),
        ),
        # The bin's round does not come tomorrow: each of them was false when it was said.
        false_statements=tuple(Statement(at=at, is_automatic=True) for at in said),
    )


def the_alarm() -> Case:
    """004: three calls and a voicemail lead nowhere; after eight hours a vice president comes."""
    calls = (after(minutes=0), after(hours=4), after(hours=6.5))
    voicemail, about_an_hour = after(hours=5), after(hours=6.75)
    callback = a_broken_word(1, calls[0], after(hours=3), kind="callback")
    ticket = a_broken_word(2, calls[1], after(hours=6), kind="callback")
    comes = a_word(
        3, about_an_hour, after(hours=8), outcome=Outcome.KEPT, settled_at=after(hours=7.75)
    )
    return a_case(
        words=(callback, ticket, comes),
        touches=(*inbound(*calls, voicemail), *outbound(about_an_hour)),
        apologies=(after(hours=8),),
        false_statements=(
            *repeats((callback, ticket, comes)),
            Statement(at=calls[0], is_automatic=False),
        ),
    )
