"""What was learned, attacked with raw SQL: the database must refuse."""

import pytest

from learning_world import a_closed_case, a_lesson, a_shipped_one, an_improvement
from letter_world import a_letter
from makegood.actions import repeats
from makegood.records.models import Digest, Repeat
from raw_sql import as_if_committed, insert, refused_by, sql
from world import MONDAY, a_bin, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson():
    return a_lesson(a_closed_case(), gap="When the depot opens")


@pytest.fixture
def card():
    bin_ = a_bin(a_customer())
    cases = [a_case(customer=bin_.customer, asset=bin_) for _ in range(2)]
    repeats.look([case.pk for case in cases], now=MONDAY)
    return Repeat.objects.get()


@pytest.fixture
def digest():
    return Digest.objects.create(staff=a_person(), monday=MONDAY.date(), queued_at=MONDAY)


@pytest.mark.parametrize(
    ("table", "law"),
    [
        ("cause", "cause_stays"),
        ("lesson", "lesson_stays"),
        ("improvement", "improvement_stays"),
        ("changetold", "change_told_stays"),
        ("repeat", "repeat_stays"),
    ],
)
def test_nothing_of_it_is_ever_removed(table, law):
    with refused_by(law):
        sql(f"DELETE FROM records_{table}")


class TestLessons:
    """What a case taught."""

    @pytest.mark.parametrize(
        ("law", "change"),
        [
            ("lesson_role_is_known", "role = 'customer'"),
            ("lesson_is_due_after_it_is_asked_for", "due_at = asked_at"),
            ("lesson_is_named_by_somebody_and_asked_no_more", "act_at = due_at"),
            ("lesson_is_named_by_somebody_and_asked_no_more", "named_by_id = NULL"),
            ("lesson_gap_has_words_and_an_owner", "gap_owner_id = NULL"),
            ("lesson_gap_is_closed_by_what_was_learned", "learned = 'It opens at six.'"),
            ("lesson_gap_is_closed_by_what_was_learned", "gap_closed_at = named_at"),
        ],
    )
    def test_it_says_who_named_it_and_what_was_learned(self, lesson, law, change):
        with refused_by(law):
            sql(f"UPDATE records_lesson SET {change} WHERE id = %s", lesson.pk)

    def test_a_cause_stands_once_however_it_is_written_and_has_a_name(self, lesson):
        same = {"owner_id": a_person().pk, "made_by_id": a_person().pk, "made_at": MONDAY}
        with refused_by("cause_once_by_name"):
            insert("records_cause", name=lesson.cause.name.upper(), **same)
        with refused_by("cause_has_a_name"):
            insert("records_cause", name="", **same)


class TestImprovements:
    """Changes, and who was told of them."""

    @pytest.mark.parametrize(
        ("law", "change"),
        [
            ("improvement_says_what_is_changed", "what = ''"),
            ("improvement_is_shipped_once_by_somebody", "shipped_at = begun_at"),
            ("improvement_is_dropped_for_a_reason", "dropped_at = begun_at"),
            ("improvement_is_told_once_it_is_shipped", "tell_at = begun_at, tell_words = 'x'"),
        ],
    )
    def test_it_ships_by_somebody_and_is_told_after_that(self, lesson, law, change):
        row = an_improvement(lesson.cause)
        with refused_by(law):
            sql(f"UPDATE records_improvement SET {change} WHERE id = %s", row.pk)

    def test_it_stays_what_it_was_when_it_shipped(self, lesson):
        row = a_shipped_one(lesson.cause)
        with refused_by("improvement_stays_as_it_shipped"):
            sql("UPDATE records_improvement SET what = 'Less.' WHERE id = %s", row.pk)

    def test_a_customer_is_told_once_by_a_letter_of_their_own_case(self, lesson):
        row = a_shipped_one(lesson.cause)
        told = {"improvement_id": row.pk, "case_id": lesson.case_id, "at": MONDAY}
        with refused_by("change_told_by_a_letter_of_its_case"):
            insert("records_changetold", **told, letter_id=a_letter().pk, why_not="")
        with refused_by("change_told_by_a_letter_or_says_why_not"):
            insert("records_changetold", **told, why_not="")
        with as_if_committed():
            insert("records_changetold", **told, why_not="No address.")
        with refused_by("change_told_once_per_case"):
            insert("records_changetold", **told, why_not="No address.")


class TestCards:
    """What came again."""

    @pytest.mark.parametrize(
        ("law", "change"),
        [
            ("repeat_is_of_a_known_thing", "kind = 'mood'"),
            ("repeat_role_is_known", "role = 'customer'"),
            ("repeat_is_due_after_it_is_raised", "due_at = raised_at"),
            ("repeat_is_answered_with_what_is_done", "answered_at = raised_at"),
        ],
    )
    def test_a_card_is_of_something_and_is_answered_in_words(self, card, law, change):
        with refused_by(law):
            sql(f"UPDATE records_repeat SET {change} WHERE id = %s", card.pk)

    def test_a_thing_has_one_open_card_with_each_case_once(self, card):
        with refused_by("repeat_one_open_card_per_thing"):
            insert(
                "records_repeat", kind=card.kind, key=card.key, raised_at=MONDAY,
                due_at=card.due_at, owner_id=card.owner_id, team_id=card.team_id, role="owner",
                why="",
            )  # fmt: skip
        with refused_by("repeat_case_once"):
            insert("records_repeatcase", repeat_id=card.pk, case_id=card.of.first().case_id)


class TestDigests:
    """The weekly digest."""

    @pytest.mark.parametrize(
        ("law", "change"),
        [
            ("digest_is_of_a_monday", "monday = monday + 1"),
            ("digest_handed_over_is_not_tried_again", "handed_at = queued_at, send_at = queued_at"),
            ("digest_is_sent_after_it_was_handed_over", "sent_at = queued_at"),
        ],
    )
    def test_it_is_of_a_monday_and_leaves_once(self, digest, law, change):
        with refused_by(law):
            sql(f"UPDATE records_digest SET {change} WHERE id = %s", digest.pk)

    def test_nobody_gets_two_of_one_week(self, digest):
        with refused_by("digest_once_per_week"):
            insert(
                "records_digest", staff_id=digest.staff_id, monday=digest.monday,
                queued_at=MONDAY, tries=0, error="",
            )  # fmt: skip
