"""Articles are kept version by version, and compared with each other as they are written."""

from datetime import date, timedelta

import pytest

from honour_world import COUNTERS, a_draft, a_figure, a_keeper, an_article
from makegood.actions import articles
from makegood.records.models import Article, Doubt
from makegood.rules.articles import DatesError, NoReasonToChangeError, NotInUseError
from makegood.rules.figures import FigureError
from world import MONDAY

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(hours=1)


def test_a_change_writes_the_next_version_and_the_old_one_stays():
    flyer = an_article()
    longer = a_figure("no-interest financing of flooring", "12", "months")

    changed = articles.change(
        flyer.pk, a_draft(longer, COUNTERS), why="Longer now.", by=a_keeper(), now=LATER
    )

    flyer.refresh_from_db()
    assert (flyer.number, flyer.replaced_at) == (1, LATER)
    assert (changed.number, changed.series, changed.why) == (2, flyer.series, "Longer now.")
    assert not Doubt.objects.exists(), "no article contradicts its own past"


def test_a_change_needs_a_reason_and_the_latest_version():
    flyer = an_article()
    with pytest.raises(NoReasonToChangeError):
        articles.change(flyer.pk, a_draft(), why=" ", by=a_keeper(), now=LATER)
    articles.change(flyer.pk, a_draft(), why="Shorter.", by=a_keeper(), now=LATER)
    with pytest.raises(NotInUseError):
        articles.change(flyer.pk, a_draft(), why="Shorter.", by=a_keeper(), now=LATER)
    assert Article.objects.count() == 2


def test_what_was_withdrawn_is_compared_with_nothing():
    flyer = an_article()
    articles.withdraw(flyer.pk, by=a_keeper(), now=LATER)

    an_article(a_figure("no-interest financing of flooring", "9", "months"), now=LATER)

    assert not Doubt.objects.exists()
    with pytest.raises(NotInUseError):
        articles.withdraw(flyer.pk, by=a_keeper(), now=LATER)


def test_two_articles_that_cannot_both_be_true_raise_a_doubt_for_the_owner_of_the_new_one():
    flyer = an_article()
    tariff = an_article(
        a_figure("no-interest financing of flooring", "9", "months"), title="Tariff", now=LATER
    )

    doubt = Doubt.objects.get()
    assert (doubt.article, doubt.other, doubt.case) == (tariff, flyer, None)
    assert (doubt.holds, doubt.says) == ("9 months", "6 months")
    assert (doubt.asked, doubt.act_at) == (a_keeper(), LATER + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"until_on": date(2026, 4, 1)}, DatesError),
        ({"figures": (a_figure("plan", "soon", "months"),)}, FigureError),
    ],
)
def test_what_cannot_be_kept_is_refused(wrong, why):
    with pytest.raises(why):
        an_article(**wrong)
    assert not Article.objects.exists()
