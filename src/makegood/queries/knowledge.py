"""Knowledge for the desk: articles in use, one with its history, and the doubts about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from makegood.queries import when
from makegood.queries.labels import VERDICTS
from makegood.queries.when import When
from makegood.records.models import Article, Doubt, Staff
from makegood.rules import roles
from makegood.rules.doubts import Verdict
from makegood.rules.figures import Figure, line_of
from makegood.rules.roles import Right

SHOWN = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleRow:
    """One article in the list; `doubts` counts how often it was contradicted."""

    id: int
    kind: str
    title: str
    about: str
    area: str
    owner: str
    from_on: date
    until_on: date | None
    review_on: date | None
    state: str
    doubts: int
    open_doubts: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DoubtCard:
    """One doubt: both sources beside each other, who is asked, and by when."""

    id: int
    article: int
    title: str
    figure: str
    holds: str
    says: str
    words: str
    other: int | None
    other_title: str
    case: str
    said_by: str
    raised: When
    asked: str
    is_mine: bool
    may_answer: bool
    act: When | None
    verdict: str
    why: str
    answered_by: str
    gap_owner: str
    lesson: str

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it."""
        return not self.verdict

    @property
    def answers(self) -> tuple[tuple[str, str], ...]:
        """What may be found, with its words: of two articles, which of them is right."""
        if self.other is None:
            return tuple((verdict, str(words)) for verdict, words in VERDICTS.items())
        right = {Verdict.STATEMENT_WRONG: self.title, Verdict.ARTICLE_WRONG: self.other_title}
        said = {verdict: _("%(title)s is right") % {"title": of} for verdict, of in right.items()}
        return tuple((key, said.get(Verdict(key), str(words))) for key, words in VERDICTS.items())

    @property
    def is_gap(self) -> bool:
        """Whether something is still to be learned from it."""
        return bool(self.gap_owner) and not self.lesson


@dataclass(frozen=True, kw_only=True, slots=True)
class KnowledgePage:
    """The list."""

    rows: tuple[ArticleRow, ...]
    open: tuple[DoubtCard, ...]
    gaps: tuple[DoubtCard, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version of an article."""

    number: int
    why: str
    made: When
    made_by: str
    words: str
    figures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticlePage:
    """One article as it stands, with its history and its doubts."""

    row: ArticleRow
    words: str
    source: str
    figures: tuple[str, ...]
    versions: tuple[Version, ...]
    doubts: tuple[DoubtCard, ...]


def get_knowledge(*, reader: Staff, now: datetime) -> KnowledgePage:
    """What the company says, and what is doubted; three queries."""
    today = now.astimezone(ZoneInfo(reader.zone)).date()
    doubts = _doubts().order_by("-raised_at")
    return KnowledgePage(
        rows=tuple(_row(one, today=today) for one in _latest().order_by("about", "title")[:SHOWN]),
        open=_cards(doubts.filter(answered_at=None)[:SHOWN], reader=reader, now=now),
        gaps=_cards(
            doubts.filter(gap_owner__isnull=False, gap_closed_at=None)[:SHOWN],
            reader=reader,
            now=now,
        ),
    )


def get_doubts_before(reader: Staff, *, now: datetime) -> tuple[DoubtCard, ...]:
    """The open doubts that the reader is asked about, or whose article is theirs, soonest first.

    One query. What was passed on stands there too: whoever owns the article may still answer.
    """
    theirs = _doubts().filter(Q(asked=reader) | Q(article__owner=reader), answered_at=None)
    return _cards(
        theirs.order_by(F("act_at").asc(nulls_last=True), "pk")[:SHOWN], reader=reader, now=now
    )


def find_latest(article_id: int) -> Article | None:
    """The latest version of the article that a version belongs to."""
    series = Article.objects.filter(pk=article_id).values("series")
    latest = Article.objects.filter(series__in=series, replaced_at=None)
    return latest.select_related("owner").first()


def get_article(article_id: int, *, reader: Staff, now: datetime) -> ArticlePage:
    """One article; three queries.

    :raises Article.DoesNotExist: if there is none.
    """
    zone = ZoneInfo(reader.zone)
    latest = _latest().get(pk=article_id)
    versions = Article.objects.filter(series=latest.series).select_related("made_by")
    doubts = _doubts().filter(Q(article__series=latest.series) | Q(other__series=latest.series))
    return ArticlePage(
        row=_row(latest, today=now.astimezone(zone).date()),
        words=latest.words,
        source=latest.source,
        figures=_lines(latest),
        versions=tuple(
            Version(
                number=one.number,
                why=one.why,
                made=when.at(one.made_at, now=now, zone=zone),
                made_by=one.made_by.name,
                words=one.words,
                figures=_lines(one),
            )
            for one in versions.order_by("-number")
        ),
        doubts=_cards(doubts.order_by("-raised_at")[:SHOWN], reader=reader, now=now),
    )


def export_knowledge() -> Iterator[tuple[str | int | datetime | None, ...]]:
    """Every article as it stands, a line each."""
    for one in _latest().order_by("about", "title").iterator():
        yield (
            one.kind, one.title, one.about, one.area, one.from_on.isoformat(),
            one.until_on.isoformat() if one.until_on else "",
            one.review_on.isoformat() if one.review_on else "", one.owner.name,
            "; ".join(_lines(one)), one.number, one.made_at,
            one.doubt_count,  # type: ignore[attr-defined] # annotated
            one.withdrawn_at,
        )  # fmt: skip


def _latest() -> QuerySet[Article]:
    def counted(only: Q) -> Coalesce:
        about = Doubt.objects.filter(only, article__series=OuterRef("series"))
        number = about.values("article__series").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(number), 0)

    return (
        Article.objects.filter(replaced_at=None)
        .select_related("owner")
        .annotate(doubt_count=counted(Q()), open_count=counted(Q(answered_at=None)))
    )


def _lines(article: Article) -> tuple[str, ...]:
    return tuple(line_of(Figure(**one)) for one in article.figures)


def _row(one: Article, *, today: date) -> ArticleRow:
    return ArticleRow(
        id=one.pk,
        kind=one.kind,
        title=one.title,
        about=one.about,
        area=one.area,
        owner=one.owner.name,
        from_on=one.from_on,
        until_on=one.until_on,
        review_on=one.review_on,
        state=_state(one, today=today),
        doubts=one.doubt_count,  # type: ignore[attr-defined] # annotated
        open_doubts=one.open_count,  # type: ignore[attr-defined] # annotated
    )


def _state(one: Article, *, today: date) -> str:
    if one.withdrawn_at is not None:
        return "withdrawn"
    if one.until_on is not None and one.until_on < today:
        return "over"
    if one.from_on > today:
        return "coming"
    if one.review_on is not None and one.review_on <= today:
        return "review"
    return "in_force"


def _doubts() -> QuerySet[Doubt]:
    return Doubt.objects.select_related(
        "article__owner", "other", "case", "raised_by", "asked", "answered_by", "gap_owner"
    )


def _cards(rows: QuerySet[Doubt], *, reader: Staff, now: datetime) -> tuple[DoubtCard, ...]:
    return tuple(_card(one, reader=reader, now=now) for one in rows)


def _card(one: Doubt, *, reader: Staff, now: datetime) -> DoubtCard:
    zone = ZoneInfo(reader.zone)
    keeps = roles.has(reader.role, Right.KEEP_KNOWLEDGE)
    return DoubtCard(
        id=one.pk,
        article=one.article_id,
        title=one.article.title,
        figure=one.figure,
        holds=one.holds,
        says=one.says,
        words=one.words,
        other=one.other_id,
        other_title=one.other.title if one.other else "",
        case=one.case.reference if one.case else "",
        said_by=one.raised_by.name if one.raised_by else "",
        raised=when.at(one.raised_at, now=now, zone=zone),
        asked=one.asked.name,
        is_mine=one.asked_id == reader.pk,
        may_answer=keeps or reader.pk in {one.asked_id, one.article.owner_id, one.gap_owner_id},
        act=when.at(one.act_at, now=now, zone=zone) if one.act_at else None,
        verdict=one.verdict,
        why=one.why,
        answered_by=one.answered_by.name if one.answered_by else "",
        gap_owner=one.gap_owner.name if one.gap_owner else "",
        lesson=one.lesson,
    )
