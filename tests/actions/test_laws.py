"""The laws, attacked with raw SQL as from psql: the database itself must refuse.

Each test names the constraint or trigger that refuses; test_tidy lists those without one.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from makegood.actions import promises
from makegood.actions.contacts import Touch, record_contact
from makegood.actions.set_aside import set_aside
from makegood.records.models import Direction, Promise
from makegood.rules.promises import Channel
from raw_sql import refused_by, sql
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def a_promise(**more) -> Promise:
    return promises.make_promise(a_case().pk, a_word(**more), now=MONDAY)


class TestOwned:
    """Law 1."""

    def test_a_case_has_always_an_owner(self):
        case = a_case()
        with pytest.raises(IntegrityError), transaction.atomic():
            sql("UPDATE records_case SET owner_id = NULL WHERE id = %s", case.pk)

    def test_an_owner_changes_only_when_the_new_one_has_accepted(self):
        case, other = a_case(), a_person("Mike")
        with refused_by("case_owner_changes_by_acceptance"):
            sql("UPDATE records_case SET owner_id = %s WHERE id = %s", other.pk, case.pk)

    def test_nobody_leaves_while_they_own_an_open_case(self):
        case = a_case()
        with refused_by("staff_leaves_no_case_behind"):
            sql("UPDATE records_staff SET is_active = false WHERE id = %s", case.owner_id)

    def test_a_case_opens_with_somebody_who_works_here(self):
        gone = a_person("Gone", is_active=False)
        with refused_by("case_owner_is_here"):
            a_case(owner=gone)

    def test_a_handover_is_answered_once(self):
        case, other = a_case(), a_person("Mike")
        sql(
            "INSERT INTO records_handover (case_id, from_staff_id, to_staff_id, why, asked_at,"
            " declined_at) VALUES (%s, %s, %s, 'x', %s, %s)",
            case.pk, case.owner_id, other.pk, MONDAY, MONDAY,
        )  # fmt: skip
        with refused_by("handover_is_answered_once"):
            sql("UPDATE records_handover SET declined_at = NULL, accepted_at = %s", MONDAY)

    def test_one_handover_waits_at_a_time(self):
        case, other = a_case(), a_person("Mike")
        insert = (
            "INSERT INTO records_handover (case_id, from_staff_id, to_staff_id, why, asked_at)"
            " VALUES (%s, %s, %s, 'x', %s)"
        )
        sql(insert, case.pk, case.owner_id, other.pk, MONDAY)
        with refused_by("handover_one_open_per_case"):
            sql(insert, case.pk, case.owner_id, other.pk, MONDAY)

    def test_a_handover_goes_to_somebody_else(self):
        case = a_case()
        with refused_by("handover_to_somebody_else"):
            sql(
                "INSERT INTO records_handover (case_id, from_staff_id, to_staff_id, why, asked_at)"
                " VALUES (%s, %s, %s, 'x', %s)",
                case.pk, case.owner_id, case.owner_id, MONDAY,
            )  # fmt: skip

    def test_a_handover_is_accepted_or_declined_not_both(self):
        case, other = a_case(), a_person("Mike")
        with refused_by("handover_answered_once"):
            sql(
                "INSERT INTO records_handover (case_id, from_staff_id, to_staff_id, why, asked_at,"
                " accepted_at, declined_at) VALUES (%s, %s, %s, 'x', %s, %s, %s)",
                case.pk, case.owner_id, other.pk, MONDAY, MONDAY, MONDAY,
            )  # fmt: skip


class TestNeverSilent:
    """Law 2."""

    def test_the_last_open_promise_cannot_be_settled_without_another(self):
        case = a_case()
        with refused_by("case_is_never_silent"):
            sql(
                "UPDATE records_promise SET outcome = 'kept', settled_at = said_at, evidence = 'x',"
                " settled_recorded_at = said_at, judge_at = NULL, escalate_at = NULL"
                " WHERE case_id = %s",
                case.pk,
            )

    def test_a_case_cannot_open_without_a_promise(self):
        case = a_case()
        with refused_by("case_is_never_silent"):
            sql(
                "INSERT INTO records_case (uuid, reference, customer_id, team_id, owner_id, title,"
                " wanted, function, harm, exposure, severity, severity_because, failed_at,"
                " known_at, recorded_at, is_canary) SELECT gen_random_uuid(), 'X', customer_id,"
                " team_id, owner_id, title, wanted, function, harm, exposure, severity,"
                " severity_because, failed_at, known_at, recorded_at, false"
                " FROM records_case WHERE id = %s",
                case.pk,
            )

    def test_a_case_cannot_be_closed_over_an_open_promise(self):
        case = a_case()
        contact = record_contact(
            case.pk,
            Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY),
            now=MONDAY,
        )
        with refused_by("closed_case_has_no_open_promise"):
            sql(
                "UPDATE records_case SET closed_at = %s, closed_by_contact_id = %s WHERE id = %s",
                MONDAY, contact.pk, case.pk,
            )  # fmt: skip


class TestSettledOnce:
    """Law 3."""

    @pytest.mark.parametrize(
        "change",
        [
            "words = 'by six'",
            "first_due_at = first_due_at + interval '1 hour'",
            "said_at = said_at - interval '1 hour'",
            "zone = 'UTC'",
            "speaker = 'bot'",
            "case_id = case_id + 1",
            "grace = '1 day'",
            "trace = '[1]'",
        ],
    )
    def test_what_was_said_never_changes(self, change):
        promise = a_promise()
        with refused_by("promise_keeps_its_word"):
            sql(f"UPDATE records_promise SET {change} WHERE id = %s", promise.pk)

    def test_a_due_time_moves_only_by_a_told_revision(self):
        promise = a_promise()
        with refused_by("promise_moves_only_by_a_told_revision"):
            sql(
                "UPDATE records_promise SET due_at = due_at + interval '1 day' WHERE id = %s",
                promise.pk,
            )

    @pytest.mark.parametrize("swap", ["outcome = 'released'", "evidence = 'Another paper.'"])
    def test_a_settled_promise_is_final_and_so_is_its_evidence(self, swap):
        promise = a_promise()
        promises.keep_promise(
            promise_id=promise.pk,
            at=MONDAY + HOUR,
            evidence="Rang.",
            by=a_person(),
            now=MONDAY + HOUR,
        )
        with refused_by("promise_settled_once"):
            sql(f"UPDATE records_promise SET {swap} WHERE id = %s", promise.pk)

    def test_kept_means_in_time_and_by_evidence(self):
        promise = a_promise()
        settle = (
            "UPDATE records_promise SET outcome = 'kept', settled_at = {at}, evidence = {evidence},"
            " settled_recorded_at = said_at, judge_at = NULL, escalate_at = NULL WHERE id = %s"
        )
        with refused_by("promise_kept_in_time_and_by_evidence"):
            sql(settle.format(at="due_at + interval '1 s'", evidence="'x'"), promise.pk)
        with refused_by("promise_kept_in_time_and_by_evidence"):
            sql(settle.format(at="due_at", evidence="''"), promise.pk)

    @pytest.mark.parametrize(
        ("outcome", "at", "refusal"),
        [
            ("broken", "due_at + interval '1 s'", "promise_broken_as_of_its_due_time"),
            ("broken", "said_at", "promise_broken_as_of_its_due_time"),
            (
                "released",
                "due_at + interval '1 s'",
                "promise_ended_by_the_customers_consent_in_time",
            ),
            ("replaced", "said_at", "promise_replaced_by_another"),
            ("lost", "said_at", "promise_outcome_is_known"),
        ],
    )
    def test_every_end_has_its_own_moment(self, outcome, at, refusal):
        promise = a_promise()
        with refused_by(refusal):
            sql(
                f"UPDATE records_promise SET outcome = '{outcome}', settled_at = {at},"
                " evidence = 'x', settled_recorded_at = said_at, judge_at = NULL,"
                " escalate_at = NULL WHERE id = %s",
                promise.pk,
            )

    def test_an_open_promise_is_always_watched(self):
        promise = a_promise()
        with refused_by("promise_open_and_watched_or_settled"):
            sql("UPDATE records_promise SET judge_at = NULL WHERE id = %s", promise.pk)

    @pytest.mark.parametrize(
        "change", ["judge_at = judge_at + interval '1 hour'", "judge_at = due_at - interval '1 s'"]
    )
    def test_an_open_promise_cannot_be_hidden_from_the_clock(self, change):
        promise = a_promise()
        with refused_by("promise_stays_watched"):
            sql(f"UPDATE records_promise SET {change} WHERE id = %s", promise.pk)

    def test_what_is_set_aside_is_judged_when_it_is_tried_again(self):
        promise = a_promise()
        now = promise.judge_at + HOUR
        row = set_aside(promise.pk, sweep="judge", error="no policy", now=now)
        promise.refresh_from_db()
        assert promise.judge_at == row.retry_at

    def test_a_promise_is_never_deleted(self):
        a_promise()
        with refused_by("promise_stays"):
            sql("DELETE FROM records_promise")

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ({"words": ""}, "promise_has_words"),
            ({"due_at": MONDAY, "first_due_at": MONDAY}, "promise_due_after_it_was_said"),
            ({"due_at": MONDAY + HOUR}, "promise_starts_with_its_first_due_time"),
            ({"earliest_at": MONDAY + 99 * HOUR}, "promise_window_opens_before_it_closes"),
            ({"speaker": "parrot"}, "promise_speaker_is_known"),
            ({"said_by": None}, "promise_by_a_person_names_the_person"),
            ({"channel": "smoke"}, "promise_channel_is_known"),
            ({"precision": "week"}, "promise_precision_is_known"),
            ({"kind": "wish"}, "promise_kind_is_known"),
            ({"severity": 5}, "promise_severity_1_to_4"),
        ],
    )
    def test_a_promise_that_makes_no_sense_is_refused(self, change, refusal):
        promise = a_promise()
        fresh = Promise.objects.get(pk=promise.pk)
        fresh.pk = None
        for column, value in change.items():
            setattr(fresh, column, value)
        with refused_by(refusal):
            fresh.save(force_insert=True)


class TestRevisions:
    """Law 3: a new date counts only with proof of telling, before the old one passed."""

    def a_revision(self):
        promise = a_promise()
        return promises.decide_revision(
            promise_id=promise.pk,
            due_at=promise.due_at + HOUR,
            cause="The part is late.",
            by=a_person(),
            now=MONDAY + HOUR,
        )

    def test_told_after_the_old_time_is_no_revision(self):
        revision = self.a_revision()
        with refused_by("revision_told_before_the_old_time"):
            sql(
                "UPDATE records_promiserevision SET told_at = old_due_at + interval '1 s',"
                " told_channel = 'phone', told_evidence = 'x' WHERE id = %s",
                revision.pk,
            )

    def test_telling_needs_proof(self):
        revision = self.a_revision()
        with refused_by("revision_told_with_proof"):
            sql(
                "UPDATE records_promiserevision SET told_at = decided_at WHERE id = %s", revision.pk
            )

    def test_a_revision_has_a_cause(self):
        self.a_revision()
        with refused_by("revision_has_a_cause"):
            sql(
                "INSERT INTO records_promiserevision (promise_id, number, old_due_at, new_due_at,"
                " cause, decided_at, told_channel, told_evidence) SELECT promise_id, 2, old_due_at,"
                " new_due_at, '', decided_at, '', '' FROM records_promiserevision"
            )

    def test_a_revision_stays_as_it_was_decided(self):
        revision = self.a_revision()
        with refused_by("revision_is_told_once"):
            sql("UPDATE records_promiserevision SET cause = 'other' WHERE id = %s", revision.pk)
        with refused_by("revision_stays"):
            sql("DELETE FROM records_promiserevision")

    def test_revisions_are_numbered(self):
        self.a_revision()
        with refused_by("revision_once_per_number"):
            sql(
                "INSERT INTO records_promiserevision (promise_id, number, old_due_at, new_due_at,"
                " cause, decided_at, told_channel, told_evidence) SELECT promise_id, number,"
                " old_due_at, new_due_at, cause, decided_at, '', '' FROM records_promiserevision"
            )
