"""Nothing is lost, and every row makes sense: attacked with raw SQL, as from psql.

Each test names the constraint or trigger that refuses; test_tidy lists those without one.
"""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from makegood.actions.contacts import Touch, record_contact
from makegood.records.models import Case, Direction, Promise, Report, TimelineEntry
from makegood.rules import timeline
from makegood.rules.promises import Channel
from raw_sql import insert, refused_by, sql
from world import MONDAY, a_bin, a_case, a_customer, a_person, a_team

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


class TestNothingLost:
    """Law 5."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE records_timelineentry SET kind = 'other'",
            "DELETE FROM records_timelineentry",
            "TRUNCATE records_timelineentry CASCADE",
        ],
    )
    def test_the_timeline_only_grows(self, statement):
        a_case()
        sql("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE waits for no deferred trigger
        with refused_by("timeline_only_grows"):
            sql(statement)

    def an_entry(self, **change) -> dict:
        last = TimelineEntry.objects.filter(case=a_case()).order_by("-seq").first()
        head = timeline.Head(seq=last.seq, hash=bytes(last.hash))
        entry = timeline.link(
            head, case=last.case_id, kind="note", at=MONDAY, recorded=MONDAY, facts={}
        )
        columns = {
            "case_id": entry.case,
            "seq": entry.seq,
            "kind": entry.kind,
            "happened_at": entry.happened_at,
            "recorded_at": entry.recorded_at,
            "body": entry.body,
            "prev_seq": entry.seq - 1,
            "prev_hash": entry.prev_hash,
            "hash": entry.hash,
        }
        return columns | change

    def write(self, columns: dict) -> None:
        names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
        sql(f"INSERT INTO records_timelineentry ({names}) VALUES ({marks})", *columns.values())

    def with_gap(self, columns: dict) -> dict:
        body = timeline.canonical(json.loads(columns["body"]) | {"seq": columns["seq"] + 7})
        hash_ = timeline.digest(columns["prev_hash"], body)
        return columns | {"body": body, "hash": hash_, "seq": columns["seq"] + 7}

    def test_a_true_link_is_accepted(self):
        self.write(self.an_entry())

    def test_a_hash_that_is_not_of_the_body_is_refused(self):
        with refused_by("timeline_hash_is_of_its_body"):
            self.write(self.an_entry(hash=bytes(32)))

    def test_an_entry_follows_the_true_entry_before(self):
        columns = self.an_entry()
        forged = bytes(31) + b"1"
        columns |= {"prev_hash": forged, "hash": timeline.digest(forged, columns["body"])}
        with refused_by("timeline_follows_the_entry_before"):
            self.write(columns)

    def test_no_place_is_left_out_and_none_is_taken_twice(self):
        with refused_by("timeline_has_no_gaps"):
            self.write(self.with_gap(self.an_entry()))
        columns = self.an_entry()
        self.write(columns)
        with refused_by("timeline_one_entry_per_place"):
            self.write(columns)

    def test_columns_say_what_the_body_says(self):
        with refused_by("timeline_columns_are_of_the_body"):
            self.write(self.an_entry(happened_at=MONDAY - HOUR))

    @pytest.mark.parametrize("key", ["at", "case", "kind", "recorded", "seq"])
    def test_a_body_that_leaves_something_out_is_refused(self, key):
        columns = self.an_entry()
        body = json.loads(columns["body"])
        del body[key]
        columns["body"] = timeline.canonical(body)
        columns["hash"] = timeline.digest(columns["prev_hash"], columns["body"])
        with refused_by("timeline_columns_are_of_the_body"):
            self.write(columns)

    def test_a_chain_starts_from_nothing(self):
        columns = self.an_entry()
        body = json.loads(columns["body"])
        body["seq"] = 1
        columns |= {"body": timeline.canonical(body), "seq": 1, "prev_seq": None}
        columns["hash"] = timeline.digest(columns["prev_hash"], columns["body"])
        with refused_by("timeline_starts_from_zero"):
            self.write(columns)

    def test_words_belong_to_an_entry_once(self):
        case = a_case()
        with refused_by("timeline_text_belongs_to_an_entry"):
            sql(
                "INSERT INTO records_timelinetext (case_id, seq, salt, words)"
                " VALUES (%s, 99, '', 'x')",
                case.pk,
            )
        with refused_by("timeline_text_once_per_entry"):
            sql(
                "INSERT INTO records_timelinetext (case_id, seq, salt, words)"
                " SELECT case_id, seq, salt, words FROM records_timelinetext"
            )

    def test_a_report_comes_in_once_and_stays(self):
        insert = (
            "INSERT INTO records_report (source, external_id, channel, raw, happened_at,"
            " recorded_at, case_id) VALUES ('form', '1', 'web', '{}', %s, %s, %s)"
        )
        case = a_case()
        sql(insert, MONDAY, MONDAY, case.pk)
        with refused_by("report_once"):
            sql(insert, MONDAY, MONDAY, case.pk)
        with refused_by("report_stays_as_it_came"):
            sql("UPDATE records_report SET raw = '[]'")
        with refused_by("report_stays"):
            sql("DELETE FROM records_report")
        assert Report.objects.count() == 1

    @pytest.mark.parametrize(
        ("table", "refusal"),
        [
            ("records_case", "case_stays"),
            ("records_contact", "contact_stays"),
            ("records_escalation", "escalation_stays"),
            ("records_handover", "handover_stays"),
            ("records_policysnapshot", "policy_snapshot_only_grows"),
        ],
    )
    def test_what_happened_is_never_deleted(self, table, refusal):
        a_case()
        with refused_by(refusal):
            sql(f"DELETE FROM {table}")


class TestCases:
    """What a case may say of itself."""

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ("severity = 0", "case_severity_1_to_4"),
            ("function = 'shouting'", "case_severity_is_of_what_is_broken"),
            ("failed_at = known_at + interval '1 s'", "case_known_after_it_failed"),
            ("closed_at = known_at", "case_closed_by_an_answer_a_silence_or_a_parting"),
        ],
    )
    def test_a_case_that_makes_no_sense_is_refused(self, change, refusal):
        case = a_case()
        with refused_by(refusal):
            sql(f"UPDATE records_case SET {change} WHERE id = %s", case.pk)

    def test_a_case_closes_after_it_was_known(self):
        case = a_case()
        contact = record_contact(
            case.pk,
            Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY),
            now=MONDAY,
        )
        with refused_by("case_closed_after_it_was_known"):
            sql(
                "UPDATE records_case SET closed_at = known_at - interval '1 s',"
                " closed_by_contact_id = %s WHERE id = %s",
                contact.pk, case.pk,
            )  # fmt: skip


def a_duty(**change) -> dict:
    return {
        "staff_id": a_person().pk,
        "kind": "absence",
        "starts_at": MONDAY,
        "ends_at": MONDAY + HOUR,
    } | change


def an_escalation(**change) -> dict:
    case = a_case()
    promise = Promise.objects.get(case=case)
    return {
        "case_id": case.pk,
        "promise_id": promise.pk,
        "number": 1,
        "reason": "warning",
        "role": "owner",
        "staff_id": case.owner_id,
        "skipped": "[]",
        "told_at": MONDAY,
    } | change


def a_message(**change) -> dict:
    return {
        "case_id": a_case().pk,
        "kind": "apology",
        "about": "promise:1:broken",
        "queued_at": MONDAY,
        "channel": "",
        "words": "",
    } | change


def a_contact(**change) -> dict:
    return {
        "case_id": a_case().pk,
        "channel": "phone",
        "direction": "inbound",
        "happened_at": MONDAY,
        "recorded_at": MONDAY,
        "hold_minutes": 0,
        "talk_minutes": 0,
        "other_minutes": 0,
        "estimated": False,
        "money_minor": 0,
        "currency": "",
        "note": "",
    } | change


class TestTheRest:
    """The smaller sentences, each kept by its constraint."""

    @pytest.mark.parametrize(
        ("table", "row", "change", "refusal"),
        [
            ("records_duty", a_duty, {"ends_at": MONDAY}, "duty_ends_after_it_starts"),
            ("records_duty", a_duty, {"kind": "nap"}, "duty_kind_is_known"),
            ("records_escalation", an_escalation, {"reason": "luck"}, "escalation_reason_is_known"),
            ("records_escalation", an_escalation, {"role": "king"}, "escalation_role_is_known"),
            ("records_message", a_message, {"kind": "spam"}, "message_kind_is_known"),
            ("records_contact", a_contact, {"money_minor": 5}, "contact_money_has_a_currency"),
            ("records_contact", a_contact, {"direction": "up"}, "contact_direction_is_known"),
        ],
    )
    def test_a_row_that_makes_no_sense_is_refused(self, table, row, change, refusal):
        columns = row(**change)
        with refused_by(refusal):
            insert(table, **columns)

    def test_what_was_said_has_words(self):
        columns = a_message(said_at=MONDAY)
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE records_message DISABLE TRIGGER message_begins_said_only_through_the_gate")
        with refused_by("message_said_in_words"):
            insert("records_message", **columns)

    def test_cover_is_somebody_else(self):
        person = a_person()
        with refused_by("duty_cover_is_somebody_else"):
            insert("records_duty", **a_duty(cover_id=person.pk))
        with refused_by("staff_cover_is_somebody_else"):
            sql("UPDATE records_staff SET cover_id = id WHERE id = %s", person.pk)

    def test_a_person_is_told_once_per_number(self):
        columns = an_escalation()
        insert("records_escalation", **columns)
        with refused_by("escalation_once_per_number"):
            insert("records_escalation", **columns)

    def test_a_duty_to_say_something_exists_once(self):
        columns = a_message()
        insert("records_message", **columns)
        with pytest.raises(IntegrityError, match="about"), transaction.atomic():
            insert("records_message", **columns)

    @pytest.mark.parametrize(
        ("statement", "refusal"),
        [
            ("UPDATE records_staff SET role = 'king'", "staff_role_is_known"),
            ("UPDATE records_workingcalendar SET zone = ''", "calendar_has_a_zone"),
            ("UPDATE records_customer SET zone = ''", "customer_has_a_zone"),
            ("UPDATE records_asset SET function = 'fun'", "asset_function_is_known"),
            ("UPDATE records_asset SET criticality = 'so so'", "asset_criticality_is_known"),
        ],
    )
    def test_a_column_says_what_is_known(self, statement, refusal):
        a_person()
        a_bin(a_customer())
        with refused_by(refusal):
            sql(statement)

    def test_one_address_signs_in_one_person(self):
        person = a_person()
        with refused_by("records_staff_email_key"):
            insert(
                "records_staff",
                email=person.email,
                name="Other",
                password="",
                is_superuser=False,
                phone="",
                team_id=person.team_id,
                role="owner",
                zone="UTC",
                is_active=True,
            )

    def test_a_holiday_is_one_per_day_and_a_ladder_one_per_severity(self):
        team = a_team()
        day = {
            "calendar_id": team.calendar_id,
            "day": MONDAY.date(),
            "name": "x",
            "is_extra": False,
        }
        insert("records_holiday", **day)
        with refused_by("holiday_once_per_day"):
            insert("records_holiday", **day)
        ladder = {"team_id": team.pk, "severity": 1, "terms": "{}"}
        insert("records_ladder", **ladder)
        with refused_by("ladder_once_per_severity"):
            insert("records_ladder", **ladder)
        with refused_by("ladder_severity_1_to_4"):
            insert("records_ladder", **ladder | {"severity": 9})

    def test_a_link_expires_after_it_is_made(self):
        with refused_by("case_link_expires_after_it_is_made"):
            insert(
                "records_caselink",
                case_id=a_case().pk,
                token_digest=bytes(32),
                made_at=MONDAY,
                expires_at=MONDAY,
            )

    def test_an_entry_is_found_by_place_and_hash(self):
        # The key to which the chain refers; a duplicate of the place is refused before it.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_constraint"
                " WHERE conname = 'timeline_entry_by_place_and_hash' AND contype = 'u'"
            )
            assert cursor.fetchone() == (1,)


def test_a_case_that_was_opened_by_the_rules_breaks_no_law():
    a_case()
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert Case.objects.count() == 1
