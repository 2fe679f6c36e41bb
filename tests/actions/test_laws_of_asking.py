"""Law 8 is kept by the database, also against psql: nothing closes without having been asked."""

from datetime import timedelta
from uuid import uuid4

import pytest

from asking import FAREWELL, HOUR, a_call, a_case_put_right, ask, climb
from makegood.actions import cases, links, partings, replies, wants
from makegood.actions.contacts import Touch
from makegood.actions.replies import Sender
from makegood.clockwork import ticks
from makegood.records.models import Asking, Contact, Direction, Message, Parting, Want
from makegood.rules.promises import Channel
from raw_sql import insert, refused_by, sql
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db

DONE = MONDAY + HOUR
DAY = timedelta(days=1)
SETTLE = (
    "UPDATE records_promise SET outcome = 'kept', settled_at = said_at, evidence = 'x',"
    " settled_recorded_at = said_at, judge_at = NULL, escalate_at = NULL WHERE outcome IS NULL"
)


@pytest.fixture
def case():
    return a_case_put_right()


def close_by(case, column: str, pk: int, *, at=DONE + 30 * DAY) -> None:
    sql(f"UPDATE records_case SET closed_at = %s, {column} = %s WHERE id = %s", at, pk, case.pk)


def asked_twice(case) -> Asking:
    first = ask(case, now=DONE)
    ticks.tick(now=first.act_at)
    return ask(case, now=first.act_at + HOUR)


def a_want(case) -> Want:
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=DONE, staff=a_person())
    return wants.take(case.pk, "A second bin.", touch=touch, now=DONE)


class TestClosing:
    """By its own customer's answer, by silence after two questions, or by a parting."""

    def test_not_by_what_we_said_ourselves(self, case):
        said = Contact.objects.create(
            case=case, channel="phone", direction="outbound", happened_at=DONE, recorded_at=DONE
        )
        with refused_by("case_closes_by_its_own_customers_answer"):
            close_by(case, "closed_by_contact_id", said.pk)

    def test_not_by_another_customers_answer(self, case):
        other = a_call(a_case(customer=a_customer("Ann")), "It is right.", now=DONE)
        with refused_by("case_closes_by_its_own_customers_answer"):
            close_by(case, "closed_by_contact_id", other.pk)

    def test_never_by_a_no(self, case):
        links.mint_link(case.pk, now=DONE)
        sender = Sender(link=case.links.get().pk, case=case.pk, form=uuid4())
        replies.say_not_right(sender, "", now=DONE)
        no = Contact.objects.get(case=case, channel="web")
        with refused_by("case_closes_by_its_own_customers_answer"):
            close_by(case, "closed_by_contact_id", no.pk)

    def test_not_by_one_question(self, case):
        first = ask(case, now=DONE)
        with refused_by("case_closes_by_silence_after_two_questions"):
            close_by(case, "closed_by_asking_id", first.pk)

    def test_not_before_the_second_question_had_its_time(self, case):
        second = asked_twice(case)
        with refused_by("case_closes_by_silence_after_two_questions"):
            close_by(case, "closed_by_asking_id", second.pk, at=second.act_at - HOUR)

    def test_not_by_a_second_question_that_nobody_said(self, case):
        first = ask(case, now=DONE)
        ticks.tick(now=first.act_at)
        unsaid = Asking.objects.get(number=2)
        with refused_by("case_closes_by_silence_after_two_questions"):
            close_by(case, "closed_by_asking_id", unsaid.pk)

    def test_not_by_the_silence_of_somebody_who_spoke(self, case):
        second = asked_twice(case)
        a_call(case, "Wait.", now=second.asked_at + HOUR)
        with refused_by("case_closes_by_silence_after_two_questions"):
            close_by(case, "closed_by_asking_id", second.pk)

    def test_not_by_somebody_elses_parting(self, case):
        other = a_case_put_right(customer=a_customer("Ann"))
        climb(other, now=DONE)
        parting = partings.part(other.pk, FAREWELL, by=other.team.executive, now=DONE)
        with refused_by("case_closes_by_a_parting_that_was_told"):
            close_by(case, "closed_by_parting_id", parting.pk)

    def test_by_one_thing_only_and_only_when_it_closes(self, case):
        answer = a_call(case, "Yes.", now=DONE)
        with refused_by("case_closed_by_an_answer_a_silence_or_a_parting"):
            sql("UPDATE records_case SET closed_by_contact_id = %s", answer.pk)


class TestAskings:
    """They count once said, go only forward, and stay."""

    @pytest.mark.usefixtures("case")
    def test_an_asking_counts_once_its_question_was_said(self):
        with refused_by("asking_counts_once_it_was_said"):
            sql("UPDATE records_asking SET asked_at = %s, act_at = %s", DONE, DONE + DAY)

    def test_a_second_one_comes_after_the_first_had_its_time(self, case):
        first = ask(case, now=DONE)
        sql("UPDATE records_asking SET ended_at = %s, ended_by = 'asked_again'", DONE)
        message = Message.objects.create(case=case, kind="question", about="forged", queued_at=DONE)
        with refused_by("asking_again_after_the_first"):
            insert(
                "records_asking", case_id=case.pk, number=2, first_id=first.pk,
                message_id=message.pk, opened_at=DONE, ended_by="",
            )  # fmt: skip

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ("act_at = act_at - interval '1 hour'", "asking_goes_forward"),
            ("opened_at = opened_at - interval '1 day'", "asking_goes_forward"),
            ("asked_at = NULL, act_at = NULL", "asking_goes_forward"),
            ("number = 2", "asking_goes_forward"),
            ("ended_at = now()", "asking_ends_with_a_reason"),
            ("ended_at = now(), ended_by = 'tired'", "asking_ends_with_a_reason"),
        ],
    )
    def test_nobody_loses_time_to_answer(self, case, change, refusal):
        ask(case, now=DONE)
        with refused_by(refusal):
            sql(f"UPDATE records_asking SET {change}")

    def test_a_question_has_at_least_half_a_day(self, case):
        ask(case, now=DONE)
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE records_asking DISABLE TRIGGER asking_goes_forward")
        with refused_by("asking_waits_for_an_answer"):
            sql("UPDATE records_asking SET act_at = asked_at + interval '1 hour'")

    def test_one_waits_at_a_time(self, case):
        message = Message.objects.create(case=case, kind="question", about="two", queued_at=DONE)
        row = {"case_id": case.pk, "message_id": message.pk, "opened_at": DONE, "ended_by": ""}
        with refused_by("asking_one_open_per_case"):
            insert("records_asking", number=1, **row)
        with refused_by("asking_is_the_first_or_the_second"):
            insert("records_asking", number=3, ended_at=DONE, **row | {"ended_by": "heard"})

    def test_nobody_is_asked_on_a_closed_case(self, case):
        yes = a_call(case, "Yes.", now=DONE, is_answer=True)
        cases.close_case(case_id=case.pk, answer=yes, now=DONE)
        message = Message.objects.create(case=case, kind="question", about="late", queued_at=DONE)
        row = {"case_id": case.pk, "message_id": message.pk, "opened_at": DONE, "ended_by": ""}
        with refused_by("closed_case_is_asked_no_more"):
            insert("records_asking", number=1, **row)
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE records_asking DISABLE TRIGGER asking_on_an_open_case")
        insert("records_asking", number=1, **row)  # so it was this trigger that refused

    @pytest.mark.parametrize(
        ("table", "law"),
        [
            ("records_asking", "asking_stays"),
            ("records_want", "want_stays"),
            ("records_parting", "parting_stays"),
        ],
    )
    @pytest.mark.usefixtures("case")
    def test_none_of_it_is_removed(self, table, law):
        with refused_by(law):
            sql(f"DELETE FROM {table}")


class TestWants:
    """Said by the customer of the case, answered once, before it closes."""

    def test_a_want_is_what_the_customer_of_this_case_said(self, case):
        other = a_call(a_case(customer=a_customer("Ann")), "More!", now=DONE)
        with refused_by("want_is_of_its_own_case"):
            insert(
                "records_want", case_id=case.pk, contact_id=other.pk, words="x", said_at=DONE,
                honest_no="", instead="",
            )  # fmt: skip

    def test_a_want_has_words(self, case):
        said = a_call(case, "More!", now=DONE)
        with refused_by("want_has_words"):
            insert(
                "records_want", case_id=case.pk, contact_id=said.pk, words="", said_at=DONE,
                honest_no="", instead="",
            )  # fmt: skip

    def test_a_no_has_a_reason_and_an_alternative(self, case):
        a_want(case)
        with refused_by("want_is_declined_with_a_reason_and_an_alternative"):
            sql(
                "UPDATE records_want SET declined_at = said_at, declined_by_id = %s,"
                " honest_no = 'We do not.'",
                a_person().pk,
            )

    def test_it_is_answered_once_and_one_way(self, case):
        want = a_want(case)
        promise = case.promises.first().pk
        with refused_by("want_ends_one_way"):
            sql(
                "UPDATE records_want SET promise_id = %s, let_go_by_id = %s",
                promise, want.contact_id,
            )  # fmt: skip
        sql("UPDATE records_want SET promise_id = %s", promise)
        with refused_by("want_is_answered_once"):
            sql("UPDATE records_want SET promise_id = NULL")

    def test_it_is_answered_before_the_case_closes(self, case):
        a_want(case)
        answer = a_call(case, "Yes.", now=DONE)
        with refused_by("closed_case_has_no_open_want"):
            sql(SETTLE)
            close_by(case, "closed_by_contact_id", answer.pk)

    def test_nothing_is_wanted_on_a_closed_case(self, case):
        yes = a_call(case, "Yes.", now=DONE, is_answer=True)
        cases.close_case(case_id=case.pk, answer=yes, now=DONE)
        row = {"case_id": case.pk, "contact_id": yes.pk, "words": "x", "said_at": DONE}
        row |= {"honest_no": "", "instead": ""}
        with refused_by("closed_case_has_no_open_want"):
            insert("records_want", **row)
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE records_want DISABLE TRIGGER want_on_an_open_case")
        insert("records_want", **row)  # so it was this trigger that refused


class TestPartings:
    """After everybody on the ladder, and with where to turn."""

    def test_nobody_parts_before_the_whole_ladder(self, case):
        message = Message.objects.create(case=case, kind="parting", about="p", queued_at=DONE)
        with refused_by("parting_after_the_whole_ladder"):
            insert(
                "records_parting", case_id=case.pk, decided_by_id=case.team.executive_id,
                decided_at=DONE, tried="x", route="y", message_id=message.pk,
            )  # fmt: skip

    def test_a_parting_says_what_was_tried_and_where_to_turn(self, case):
        climb(case, now=DONE)
        partings.part(case.pk, FAREWELL, by=case.team.executive, now=DONE)
        assert Parting.objects.count() == 1
        with refused_by("parting_says_what_was_tried_and_where_to_turn"):
            sql("UPDATE records_parting SET route = ''")


def test_nobody_of_the_staff_answers_on_the_customers_page():
    case = a_case()
    with refused_by("contact_on_their_page_is_by_the_customer"):
        insert(
            "records_contact", case_id=case.pk, channel="web", direction="inbound",
            happened_at=DONE, recorded_at=DONE, staff_id=a_person().pk, hold_minutes=0,
            talk_minutes=0, other_minutes=0, estimated=False, money_minor=0, currency="",
            note="It is right.",
        )  # fmt: skip
