"""Knowledge at the desk: what the company says, what is doubted, and what was learned."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import articles, doubt_answers
from makegood.actions.articles import Draft
from makegood.actions.sending import FormSentTwiceError
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web import refusals
from makegood.doors.web.staff.board_views import show_board
from makegood.doors.web.staff.csv_export import csv_response
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.knowledge_forms import (
    AnswerForm,
    ArticleForm,
    ChangeForm,
    LessonForm,
)
from makegood.doors.web.staff.performing import once
from makegood.doors.web.staff.remedy_forms import first_error
from makegood.queries import knowledge, people
from makegood.queries.people import Colleague
from makegood.records.models import Article, Doubt, Staff
from makegood.rules.articles import ArticleKind
from makegood.rules.doubts import Verdict
from makegood.rules.figures import Figure, line_of
from makegood.rules.roles import Right

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@allowed(Right.SEE_CASES)
@require_safe
def list_articles(request: StaffRequest) -> HttpResponse:
    """What the company says, and what is doubted."""
    return _show_list(request)


@allowed(Right.KEEP_KNOWLEDGE)
@require_safe
def export_articles(request: StaffRequest) -> StreamingHttpResponse:
    """The list as a file."""
    header = (
        _("Kind"), _("Title"), _("About"), _("Area"), _("In force from"), _("Until"),
        _("Look at it again on"), _("Owner"), _("Figures"), _("Version"), _("Written"),
        _("Times contradicted"), _("Withdrawn"),
    )  # fmt: skip
    rows = knowledge.export_knowledge()
    return csv_response("knowledge", header=header, rows=rows, now=request.now)


@allowed(Right.SEE_CASES)
@require_safe
def show_article(request: StaffRequest, article_id: int) -> HttpResponse:
    """One article with its history."""
    return _show_article(request, _latest(article_id))


@allowed(Right.KEEP_KNOWLEDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: StaffRequest) -> HttpResponse:
    """Write a new article."""
    initial = {"from_on": request.now.astimezone(zone_of(request)).date(), "owner": request.user.pk}
    form = _form(request, ArticleForm, initial)

    def do() -> Article:
        return articles.write(_draft(form), by=request.user, now=request.now)

    return _edit(request, form, do, says=_("Written, and compared with what is in force."))


@allowed(Right.KEEP_KNOWLEDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: StaffRequest, article_id: int) -> HttpResponse:
    """Write the next version of an article."""
    article = _latest(article_id)
    form = _form(request, ChangeForm, _initial(article))

    def do() -> Article:
        why = form.cleaned_data["why"]
        # The version that the form was opened for, so that nobody's change is lost.
        return articles.change(article_id, _draft(form), why=why, by=request.user, now=request.now)

    return _edit(request, form, do, says=_("Changed. The old version stays readable."), old=article)


@allowed(Right.KEEP_KNOWLEDGE)
@require_POST
def withdraw(request: StaffRequest, article_id: int) -> HttpResponse:
    """Take an article out of use."""
    article = _latest(article_id)
    try:
        articles.withdraw(article.pk, by=request.user, now=request.now)
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show_article(request, article, refusal=why, status=status)
    messages.success(request, _("Withdrawn: nothing is compared with it any more."))
    return redirect("desk:article", article.pk)


@allowed(Right.SEE_CASES)
@require_POST
def answer(request: StaffRequest, doubt_id: int) -> HttpResponse:
    """Say which of the two is right."""
    doubt = get_object_or_404(Doubt, pk=doubt_id)
    form = AnswerForm(request.POST, zone=zone_of(request), name=f"answer-{doubt.pk}")

    def do() -> None:
        verdict = Verdict(form.cleaned_data["verdict"])
        why = form.cleaned_data["why"]
        doubt_answers.answer(doubt.pk, verdict, why=why, by=request.user, now=request.now)

    return _settle(request, form, do, says=_("Answered. The customer keeps what they were told."))


@allowed(Right.SEE_CASES)
@require_POST
def learn(request: StaffRequest, doubt_id: int) -> HttpResponse:
    """Say what was learned from a confirmed error."""
    doubt = get_object_or_404(Doubt, pk=doubt_id)
    form = LessonForm(request.POST, zone=zone_of(request), name=f"lesson-{doubt.pk}")

    def do() -> None:
        lesson = form.cleaned_data["lesson"]
        doubt_answers.close_gap(doubt.pk, lesson=lesson, by=request.user, now=request.now)

    return _settle(request, form, do, says=_("Written down. The gap is closed."))


def _settle(
    request: StaffRequest, form: AnswerForm | LessonForm, do: Callable[[], None], *, says: str
) -> HttpResponse:
    is_from_my_word = request.POST.get("back") == "word"
    show_where = show_board if is_from_my_word else _show_list
    if not form.is_valid():
        return show_where(request, refusal=first_error(form), status=UNPROCESSABLE)
    try:
        do()
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return show_where(request, refusal=why, status=status)
    messages.success(request, says)
    return redirect("desk:my_word" if is_from_my_word else "desk:knowledge")


def _edit(
    request: StaffRequest,
    form: ArticleForm,
    do: Callable[[], Article],
    *,
    says: str,
    old: Article | None = None,
) -> HttpResponse:
    """Show the form, or do what it asks."""
    if request.method != "POST":
        return _show_form(request, form, old=old)
    if not form.is_valid():
        return _show_form(request, form, old=old, status=UNPROCESSABLE)
    try:
        made = once(request, do)
    except FormSentTwiceError:
        messages.info(request, _("This was sent twice. It counts once."))
        return redirect("desk:knowledge")
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show_form(request, form, old=old, refusal=why, status=status)
    messages.success(request, says)
    return redirect("desk:article", made.pk)


def _draft(form: ArticleForm) -> Draft:
    typed = form.cleaned_data
    return Draft(
        kind=ArticleKind(typed["kind"]),
        title=typed["title"],
        about=typed["about"],
        words=typed["words"],
        figures=typed["figures"],
        from_on=typed["from_on"],
        until_on=typed["until_on"],
        review_on=typed["review_on"],
        area=typed["area"],
        source=typed["source"],
        owner=Staff.objects.get(pk=typed["owner"]),
    )


def _initial(article: Article) -> dict[str, Any]:
    names = (
        "kind", "title", "about", "words", "from_on", "until_on", "review_on", "area", "source",
    )  # fmt: skip
    lines = "\n".join(line_of(Figure(**one)) for one in article.figures)
    return {name: getattr(article, name) for name in names} | {
        "figures": lines,
        "owner": article.owner_id,
    }


def _form(request: StaffRequest, kind: type[ArticleForm], initial: dict[str, Any]) -> ArticleForm:
    me = Colleague(id=request.user.pk, name=request.user.name, team=request.user.team.name)
    return kind(
        request.POST if request.method == "POST" else None,
        zone=zone_of(request),
        name="article",
        initial=initial,
        owners=(me, *people.colleagues(besides=request.user.pk)),
    )


def _latest(article_id: int) -> Article:
    found = knowledge.find_latest(article_id)
    if found is None:
        raise Http404
    return found


def _forms(request: StaffRequest) -> dict[str, Any]:
    """The forms of the cards; a card has either, and each its own names."""
    return {
        "answer": AnswerForm(zone=zone_of(request), name="answer"),
        "lesson": LessonForm(zone=zone_of(request), name="lesson"),
    }


def _show_list(request: StaffRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    page = knowledge.get_knowledge(reader=request.user, now=request.now)
    context = {"page": page, "refusal": refusal, **_forms(request)}
    return show(request, "desk/knowledge.html", context, status=status)


def _show_article(
    request: StaffRequest, article: Article, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    page = knowledge.get_article(article.pk, reader=request.user, now=request.now)
    context = {"page": page, "refusal": refusal, **_forms(request)}
    return show(request, "desk/article.html", context, status=status)


def _show_form(
    request: StaffRequest,
    form: ArticleForm,
    *,
    old: Article | None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "old": old, "refusal": refusal, "sent_key": uuid4()}
    return show(request, "desk/article_edit.html", context, status=status)
