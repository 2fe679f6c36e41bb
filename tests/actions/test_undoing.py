"""What can be taken back, for how long, and that the record shows both the slip and the mending."""

from datetime import timedelta

import pytest

from makegood.actions import cases, contacts, corrections, links, promises
from makegood.actions.contacts import ContactStandsError, Touch
from makegood.actions.corrections import NotMarkedKeptError
from makegood.clockwork import ticks
from makegood.queries import case_effort, verify
from makegood.queries.customer_page import get_customer_page
from makegood.records.models import CaseLink, Correction, Direction, Handover, Promise
from makegood.rules.promises import Channel, Outcome
from makegood.rules.undoing import OvertakenByEventsError, TooLateToUndoError
from raw_sql import insert, refused_by, sql
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def a_call(case, **more):
    touch = {"channel": Channel.PHONE, "direction": Direction.INBOUND, "at": MONDAY} | more
    return contacts.record_contact(case.pk, Touch(**touch), now=MONDAY)


def a_kept_promise(case) -> Promise:
    made = promises.make_promise(case.pk, a_word(), now=MONDAY)
    return promises.keep_promise(
        promise_id=made.pk, at=MONDAY + HOUR, evidence="Rang.", by=a_person(), now=MONDAY + HOUR
    )


def kinds(case) -> list[str]:
    return list(case.timeline.order_by("seq").values_list("kind", flat=True))


class TestContact:
    def test_one_that_is_taken_back_costs_the_customer_nothing_and_stays_visible(self):
        case = a_case()
        call = a_call(case, hold_minutes=30, note="Wrong customer.")

        contacts.withdraw_contact(contact_id=call.pk, by=a_person(), now=MONDAY + MINUTE)

        assert case_effort.read_effort(case.pk).contacts == 0
        assert kinds(case)[-2:] == ["contact", "contact_withdrawn"]
        assert verify.run() == []

    def test_it_is_taken_back_once_and_within_minutes(self):
        case, laura = a_case(), a_person()
        call, old = a_call(case), a_call(case)
        contacts.withdraw_contact(contact_id=call.pk, by=laura, now=MONDAY + MINUTE)

        with pytest.raises(OvertakenByEventsError):
            contacts.withdraw_contact(contact_id=call.pk, by=laura, now=MONDAY + MINUTE)
        with pytest.raises(TooLateToUndoError):
            contacts.withdraw_contact(contact_id=old.pk, by=laura, now=MONDAY + 11 * MINUTE)

    def test_one_that_closed_the_case_stands(self):
        case = a_case()
        call = a_call(case)
        cases.close_case(case_id=case.pk, answer=call, now=MONDAY + MINUTE)

        with pytest.raises(ContactStandsError):
            contacts.withdraw_contact(contact_id=call.pk, by=a_person(), now=MONDAY + MINUTE)
        with refused_by("contact_that_closed_a_case_stands"):
            take_back(call)

    def test_no_case_closes_by_one_that_was_taken_back(self):
        case = a_case()
        call = a_call(case)
        take_back(call)

        with refused_by("case_closes_by_a_contact_that_stands"):
            sql(
                "UPDATE records_case SET closed_at = %s, closed_by_contact_id = %s WHERE id = %s",
                MONDAY, call.pk, case.pk,
            )  # fmt: skip

    def test_the_database_takes_it_back_once_and_by_somebody(self):
        call, other = a_call(a_case()), a_call(a_case())
        take_back(call)

        with refused_by("contact_is_withdrawn_once"):
            sql("UPDATE records_contact SET withdrawn_at = NULL, withdrawn_by_id = NULL")
        with refused_by("contact_withdrawn_by_somebody"):
            sql("UPDATE records_contact SET withdrawn_at = %s WHERE id = %s", MONDAY, other.pk)


def take_back(contact) -> None:
    sql(
        "UPDATE records_contact SET withdrawn_at = %s, withdrawn_by_id = %s WHERE id = %s",
        MONDAY, a_person().pk, contact.pk,
    )  # fmt: skip


class TestHandover:
    def test_an_offer_that_is_taken_back_leaves_the_owner_and_room_for_another(self):
        laura, priya = a_person(), a_person("Priya Shah")
        case = a_case(owner=laura)
        offer = cases.offer_handover(
            case_id=case.pk, to=priya, why="Shift ends.", by=laura, now=MONDAY
        )

        cases.withdraw_handover(handover_id=offer.pk, by=laura, now=MONDAY + MINUTE)

        offer.refresh_from_db()
        assert (offer.withdrawn_by, offer.accepted_at) == (laura, None)
        assert kinds(case)[-1] == "handover_withdrawn"
        cases.offer_handover(case_id=case.pk, to=priya, why="Again.", by=laura, now=MONDAY)

    def test_one_that_was_accepted_stands(self):
        laura, priya = a_person(), a_person("Priya Shah")
        case = a_case(owner=laura)
        offer = cases.offer_handover(case_id=case.pk, to=priya, why="x", by=laura, now=MONDAY)
        cases.answer_handover(handover_id=offer.pk, accepts=True, by=priya, now=MONDAY)

        with pytest.raises(OvertakenByEventsError, match="Priya Shah has accepted"):
            cases.withdraw_handover(handover_id=offer.pk, by=laura, now=MONDAY + MINUTE)

    def test_one_that_was_declined_has_ended(self):
        laura, priya = a_person(), a_person("Priya Shah")
        case = a_case(owner=laura)
        offer = cases.offer_handover(case_id=case.pk, to=priya, why="x", by=laura, now=MONDAY)
        cases.answer_handover(handover_id=offer.pk, accepts=False, by=priya, now=MONDAY)

        with pytest.raises(OvertakenByEventsError, match="has ended already"):
            cases.withdraw_handover(handover_id=offer.pk, by=laura, now=MONDAY + MINUTE)

    def test_the_database_lets_none_be_taken_back_and_stay_open(self):
        laura = a_person()
        case = a_case(owner=laura)
        cases.offer_handover(
            case_id=case.pk, to=a_person("Priya Shah"), why="x", by=laura, now=MONDAY
        )

        with refused_by("handover_withdrawn_has_ended"):
            sql("UPDATE records_handover SET withdrawn_by_id = %s", laura.pk)
        assert Handover.objects.get().withdrawn_by is None


class TestKept:
    def test_a_promise_marked_by_mistake_stands_again_for_the_same_time(self):
        case = a_case()
        kept = a_kept_promise(case)

        again = corrections.take_back_kept(
            promise_id=kept.pk, by=a_person(), now=MONDAY + HOUR + MINUTE
        )

        kept.refresh_from_db()
        assert kept.outcome == Outcome.KEPT  # law 3: settled once
        assert again.outcome is None
        assert (again.words, again.due_at, again.said_at) == (kept.words, kept.due_at, kept.said_at)
        assert kinds(case)[-1] == "kept_taken_back"
        assert verify.run() == []

    def test_the_customer_reads_of_the_word_that_stands_and_of_nothing_kept(self):
        case = a_case()
        kept = a_kept_promise(case)
        corrections.take_back_kept(promise_id=kept.pk, by=a_person(), now=MONDAY + HOUR)

        page = get_customer_page(case.pk, now=MONDAY + HOUR + MINUTE)

        steps = [page.next, *page.more]
        assert [step.words for step in steps if step].count(kept.words) == 1
        assert kept.words not in [line.words for line in page.lines]

    def test_when_its_time_has_passed_the_clock_breaks_it_as_of_that_time(self):
        case = a_case()
        made = promises.make_promise(case.pk, a_word(due_at=MONDAY + HOUR), now=MONDAY)
        late = MONDAY + HOUR + 5 * MINUTE
        promises.keep_promise(
            promise_id=made.pk, at=MONDAY + HOUR, evidence="Rang.", by=a_person(), now=late
        )

        again = corrections.take_back_kept(promise_id=made.pk, by=a_person(), now=late)
        ticks.tick(now=late + HOUR)

        again.refresh_from_db()
        assert (again.outcome, again.settled_at) == (Outcome.BROKEN, MONDAY + HOUR)
        assert verify.run() == []

    def test_it_is_taken_back_once_within_minutes_and_only_while_the_case_is_open(self):
        case, laura = a_case(), a_person()
        kept = a_kept_promise(case)
        with pytest.raises(TooLateToUndoError):
            corrections.take_back_kept(promise_id=kept.pk, by=laura, now=MONDAY + 2 * HOUR)
        corrections.take_back_kept(promise_id=kept.pk, by=laura, now=MONDAY + HOUR)

        with pytest.raises(OvertakenByEventsError):
            corrections.take_back_kept(promise_id=kept.pk, by=laura, now=MONDAY + HOUR)
        assert Correction.objects.count() == 1

    def test_in_a_closed_case_it_stays(self):
        case, laura = a_case(), a_person()
        kept = a_kept_promise(case)
        cases.close_case(case_id=case.pk, answer=a_call(case), now=MONDAY + HOUR + MINUTE)

        with pytest.raises(OvertakenByEventsError, match="closed meanwhile"):
            corrections.take_back_kept(promise_id=kept.pk, by=laura, now=MONDAY + HOUR + MINUTE)

    def test_what_was_not_kept_has_no_such_mark(self):
        made = promises.make_promise(a_case().pk, a_word(), now=MONDAY)

        with pytest.raises(NotMarkedKeptError):
            corrections.take_back_kept(promise_id=made.pk, by=a_person(), now=MONDAY)

    def test_the_database_asks_for_the_same_word(self):
        case, laura = a_case(), a_person()
        kept = a_kept_promise(case)
        other = promises.make_promise(case.pk, a_word(words="Another."), now=MONDAY)
        columns = {"by_id": laura.pk, "at": MONDAY}

        with refused_by("correction_gives_the_same_word"):
            insert("records_correction", promise_id=kept.pk, again_id=other.pk, **columns)
        with refused_by("correction_gives_the_same_word"):
            insert("records_correction", promise_id=other.pk, again_id=kept.pk, **columns)

    def test_the_database_keeps_corrections_and_refuses_one_with_itself(self):
        case, laura = a_case(), a_person()
        kept = a_kept_promise(case)
        corrections.take_back_kept(promise_id=kept.pk, by=laura, now=MONDAY + HOUR)

        with refused_by("correction_stays"):
            sql("DELETE FROM records_correction")
        sql("SET LOCAL session_replication_role = replica")  # a superuser looks away
        with refused_by("correction_is_another_promise"):
            sql("UPDATE records_correction SET again_id = promise_id")


class TestLinks:
    def test_those_that_were_taken_back_by_mistake_open_the_page_again(self):
        case, laura = a_case(), a_person()
        links.mint_link(case.pk, now=MONDAY)
        links.revoke_links(case.pk, by=laura, now=MONDAY + MINUTE)

        back = links.restore_links(
            case.pk, revoked_at=MONDAY + MINUTE, by=laura, now=MONDAY + 2 * MINUTE
        )

        assert back == 1
        assert CaseLink.objects.get().revoked_at is None
        assert kinds(case)[-2:] == ["links_revoked", "links_restored"]

    def test_that_is_possible_for_minutes_and_once(self):
        case, laura = a_case(), a_person()
        links.mint_link(case.pk, now=MONDAY)
        links.revoke_links(case.pk, by=laura, now=MONDAY)
        with pytest.raises(TooLateToUndoError):
            links.restore_links(case.pk, revoked_at=MONDAY, by=laura, now=MONDAY + HOUR)
        links.restore_links(case.pk, revoked_at=MONDAY, by=laura, now=MONDAY + MINUTE)

        with pytest.raises(OvertakenByEventsError):
            links.restore_links(case.pk, revoked_at=MONDAY, by=laura, now=MONDAY + MINUTE)
