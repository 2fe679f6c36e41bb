"""What a person reads of their own data: a page with all of it in plain words, and their cases."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from makegood.doors.papers import case_pdf
from makegood.language import choice
from makegood.queries.case_file import get_case_file
from makegood.queries.person_story import get_person_story
from makegood.records.models import Customer


def papers(customer: Customer, *, now: datetime) -> Iterator[tuple[str, bytes]]:
    """The page, then each of their cases on paper, in their language if we speak it."""
    with choice.speaking(customer.language or choice.current()):
        story = get_person_story(customer, now=now)
        context = {"story": story, "lang": choice.current()}
        yield "read-me-first.html", render_to_string("desk/person_copy.html", context).encode()
        for case in story.cases:
            document = get_case_file(case.id, now=now, by_role=not settings.CASE_FILE_NAMES)
            yield f"cases/{case.reference}.pdf", case_pdf.render(document)
