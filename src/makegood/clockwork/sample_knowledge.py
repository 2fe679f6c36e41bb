"""What the sample company says to everybody: articles, two that disagree, and a template."""

from datetime import date, datetime, timedelta

from makegood.actions import articles, templates
from makegood.actions.articles import Draft
from makegood.actions.templates import NewTemplate
from makegood.clockwork.sample_stage import Cast
from makegood.records.models import Staff, TruthSource
from makegood.rules.articles import ArticleKind
from makegood.rules.capture.kinds import Kind
from makegood.rules.figures import Bound, Figure

_MONTH = timedelta(days=30)
_PRICES = {
    ArticleKind.TARIFF: ("Tariff of this year", "36", "Price list, page 2"),
    ArticleKind.FLYER: ("Winter flyer", "30", "Printed in November"),
}


def write_down(cast: Cast, *, now: datetime) -> None:
    """Long before the stories: what is offered, and what is written again and again."""
    kit = Staff.objects.get(name="Kit Larsen")
    since = (now - _MONTH).date()
    plan = Figure(
        name="interest-free payment plan", number="12", unit="months", bound=Bound.AT_MOST.value
    )
    articles.write(
        Draft(
            kind=ArticleKind.OFFER,
            title="Pay without interest",
            about="Payment plan",
            words="Whatever you buy from us, you may pay for over twelve months, free of interest.",
            figures=(plan,),
            from_on=since,
            review_on=since + 6 * _MONTH,
            source="Terms of sale, section 4",
            owner=kit,
        ),
        by=kit,
        now=now - _MONTH,
    )
    _bulky_waste(ArticleKind.TARIFF, since=since, owner=kit, now=now - _MONTH)
    coming = NewTemplate(
        name="When we come",
        text="We come to you {when}. You need to do nothing.",
        truth_source=TruthSource.PROMISE,
        about=Kind.VISIT,
    )
    templates.make(coming, owner=cast.grace, now=now - _MONTH)


def a_flyer_disagrees(*, now: datetime) -> None:
    """A new flyer names another price than the tariff: somebody has to say which is right."""
    kit = Staff.objects.get(name="Kit Larsen")
    _bulky_waste(ArticleKind.FLYER, since=now.date(), owner=kit, now=now)


def _bulky_waste(kind: ArticleKind, *, since: date, owner: Staff, now: datetime) -> None:
    title, pounds, source = _PRICES[kind]
    draft = Draft(
        kind=kind,
        title=title,
        about="Bulky waste",
        words=f"We collect bulky waste from your door for £{pounds}, on a day that suits you.",
        figures=(Figure(name="collection of bulky waste", number=pounds, unit="GBP"),),
        from_on=since,
        source=source,
        owner=owner,
    )
    articles.write(draft, by=owner, now=now)
