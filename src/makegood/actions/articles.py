"""Keeping knowledge: articles are written, changed version by version, handed on and withdrawn.

Whatever is written is compared at once with what is in force beside it.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction

from makegood.actions import doubts
from makegood.records.models import Article, Staff
from makegood.rules import articles as rules
from makegood.rules.articles import ArticleKind, Knowledge, NoReasonToChangeError, NotInUseError
from makegood.rules.figures import Figure


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What an article shall say, and who answers for it."""

    kind: ArticleKind
    title: str
    about: str
    words: str
    figures: tuple[Figure, ...]
    from_on: date
    owner: Staff
    until_on: date | None = None
    review_on: date | None = None
    area: str = ""
    source: str = ""

    def facts(self) -> Knowledge:
        """As the rules know it."""
        return Knowledge(
            about=self.about,
            figures=self.figures,
            from_on=self.from_on,
            until_on=self.until_on,
            area=self.area,
        )


@transaction.atomic
def write(draft: Draft, *, by: Staff, now: datetime) -> Article:
    """Write a new article.

    :raises ArticleError: if its dates cannot be.
    :raises FigureError: if one of its figures cannot be read.
    """
    return _write(draft, series=uuid4(), number=1, why="", by=by, now=now)


@transaction.atomic
def change(article_id: int, draft: Draft, *, why: str, by: Staff, now: datetime) -> Article:
    """Write the next version of an article; the old one stays readable.

    :raises NotInUseError: if somebody changed or withdrew it meanwhile.
    :raises NoReasonToChangeError: if nothing says why.
    :raises ArticleError: if its dates cannot be.
    :raises FigureError: if one of its figures cannot be read.
    """
    if not why.strip():
        raise NoReasonToChangeError
    old = _lock(article_id)
    old.replaced_at = now
    old.save(update_fields=["replaced_at"])
    return _write(draft, series=old.series, number=old.number + 1, why=why.strip(), by=by, now=now)


@transaction.atomic
def withdraw(article_id: int, *, by: Staff, now: datetime) -> Article:
    """Take an article out of use; nothing is compared with it any more.

    :raises NotInUseError: if somebody changed or withdrew it meanwhile.
    """
    article = _lock(article_id)
    article.withdrawn_at, article.withdrawn_by = now, by
    article.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return article


def _lock(article_id: int) -> Article:
    article = Article.objects.select_for_update(no_key=True).get(pk=article_id)
    if article.replaced_at is not None or article.withdrawn_at is not None:
        raise NotInUseError
    return article


def _write(
    draft: Draft, *, series: UUID, number: int, why: str, by: Staff, now: datetime
) -> Article:
    rules.check(draft.facts())
    article = Article.objects.create(
        series=series,
        number=number,
        kind=draft.kind.value,
        title=draft.title,
        about=draft.about,
        words=draft.words,
        figures=[asdict(one) for one in draft.figures],
        source=draft.source,
        area=draft.area,
        from_on=draft.from_on,
        until_on=draft.until_on,
        review_on=draft.review_on,
        owner=draft.owner,
        made_at=now,
        made_by=by,
        why=why,
    )
    doubts.compare(article, by=by, now=now)
    return article
