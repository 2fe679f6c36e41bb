"""A person's words are taken out of everything, what happened stays, and nothing else may go."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from asking import a_call, a_case_put_right
from busy_day import NOW
from full_day import a_full_day
from makegood.actions import authorities, cases, changes, erasing, reopening, signals, texts
from makegood.actions.changes import Editor
from makegood.actions.erasing import (
    AlreadyErasedError,
    LetterOnItsWayError,
    OpenCaseError,
    OtherNameError,
)
from makegood.actions.signals import Given
from makegood.queries import verify
from makegood.records import personal
from makegood.records.models import (
    Case,
    CaseLink,
    CaseSearch,
    Conflict,
    Customer,
    Diagnosis,
    ErasedBecause,
    Erasure,
    Mail,
    Mute,
    Part,
    Report,
    SettingsChange,
    Signal,
    TimelineEntry,
)
from makegood.records.money_facts import conflict_key
from raw_sql import refused_by, sql
from signal_world import a_panel, a_signal, a_source
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db

MARK = "Zebedee"


@pytest.fixture
def closed() -> Case:
    """A case that its customer said is right, after all that goes before."""
    case = a_case_put_right()
    intake_news = a_report_of(case)
    answer = a_call(case, "All is right.", now=MONDAY + timedelta(hours=2))
    assert intake_news.case_id == case.pk
    return cases.close_case(case_id=case.pk, answer=answer, now=MONDAY + timedelta(hours=2))


def a_report_of(case: Case) -> Report:
    return Report.objects.create(
        source="phone",
        external_id=f"call {case.pk}",
        channel="phone",
        raw={"said": "My bin was left standing."},
        happened_at=MONDAY,
        recorded_at=MONDAY,
        case=case,
    )


def erased(customer: Customer, **more) -> Erasure:
    return erasing.erase(customer.pk, **{"because": ErasedBecause.ASKED, "now": NOW} | more)


def looking_away(*statements: str) -> None:
    """As a superuser may: no trigger fires."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def where_it_stands(word: str) -> list[str]:
    """Every table that holds the word anywhere."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE %s", [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def marked() -> list[str]:
    """Put the mark into every personal column there is, and end what is open."""
    statements = [
        """
        UPDATE records_case SET closed_at = greatest(known_at, now()),
            closed_by_contact_id = (SELECT min(id) FROM records_contact),
            closed_by_asking_id = NULL, closed_by_parting_id = NULL
        """,
        "UPDATE records_letter SET send_at = NULL",
    ]
    for one in personal.OF_A_PERSON:
        table = one.record._meta.db_table
        for name, gone in one.empties.items():
            if isinstance(gone, str) and name not in {"language", "email", "postcode", "phone"}:
                statements.append(f"UPDATE {table} SET {name} = '{MARK}' WHERE {name} <> ''")
    raw = f"""'{{"said": "{MARK}"}}'::jsonb"""
    statements.append(f"UPDATE records_report SET raw = {raw}")
    statements.append(f"UPDATE records_timelinetext SET words = '{MARK}'")
    return statements


def test_of_everybody_on_a_full_day_nothing_personal_is_left():
    a_full_day()
    looking_away(*marked())
    stood = where_it_stands(MARK)
    heads = list(TimelineEntry.objects.order_by("pk").values_list("hash", flat=True))

    for customer in Customer.objects.all():
        erased(customer)

    assert len(stood) > 12
    left = set(where_it_stands(MARK)) - {"records_mail", "records_attachment"}
    assert not left
    assert not Mail.objects.filter(case__isnull=False, words=MARK).exists()
    assert list(TimelineEntry.objects.order_by("pk").values_list("hash", flat=True)) == heads
    sql("SET session_replication_role = replica")  # so that visits are of open cases again
    sql("UPDATE records_case SET closed_at = NULL, closed_by_contact_id = NULL")
    sql("SET session_replication_role = DEFAULT")


def test_every_personal_column_has_a_way_or_a_reason():
    told = {one.record.__name__: one for one in personal.OF_A_PERSON}
    tables = connection.introspection.table_names()
    for record in connection.introspection.installed_models(tables):
        words = re.sub(r"\s+", " ", record.__doc__ or "")
        if not record.__module__.startswith("makegood") or "Personal data: " not in words:
            continue
        assert record.__name__ in told or record.__name__ in personal.ELSEWHERE, record.__name__
        said = words.split("Personal data: ")[1].split(". ")[0]
        if record.__name__ in told and " but " not in said and not told[record.__name__].removed:
            assert set(re.findall(r"`(\w+)`", said)) <= set(told[record.__name__].empties), record


def test_whoever_has_an_open_case_or_a_letter_on_its_way_is_not_erased():
    customer = a_customer()
    case = a_case(customer=customer)

    with pytest.raises(OpenCaseError, match="what they were promised comes first"):
        erased(customer)

    assert Customer.objects.get().name == customer.name
    with pytest.raises(IntegrityError, match="has an open case"), transaction.atomic():
        Erasure.objects.create(customer=customer, because="asked", erased_at=NOW)
    assert case.closed_at is None
    assert LetterOnItsWayError.__doc__


def test_a_number_that_asked_for_no_more_texts_is_forgotten_however_it_was_typed():
    customer = a_customer(phone="+44 7700 900123")
    texts.receive(customer.phone, "STOP", key="1", now=MONDAY)

    erased(customer)

    assert not Mute.objects.exists()


def test_nobody_is_erased_twice_or_comes_back_by_an_old_form():
    customer = a_customer(email="david@example.org")
    erased(customer)

    with pytest.raises(AlreadyErasedError):
        erased(customer)
    end_transaction()
    with pytest.raises(IntegrityError, match="was erased") as stays, transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(name="David Taylor")
    with pytest.raises(IntegrityError, match="was erased") as opens, transaction.atomic():
        a_case(customer=Customer.objects.get(pk=customer.pk))

    assert stays.value.__cause__.diag.constraint_name == "erased_customer_stays_erased"
    assert opens.value.__cause__.diag.constraint_name == "erased_customer_has_no_new_case"


def test_a_case_of_whoever_was_erased_is_not_opened_again(closed):
    erased(closed.customer)
    later = closed.closed_at + timedelta(hours=1)
    no = a_call(closed, "It is not right.", now=later)

    with pytest.raises(cases.ErasedError, match="registered anew"):
        reopening.reopen_case(case_id=closed.pk, answer=no, now=later)


def end_transaction() -> None:
    """As if the erasure had been of an earlier transaction."""
    looking_away("UPDATE records_erasure SET made_in = made_in - 1")


def test_the_name_has_to_be_typed_once_more():
    customer, ada = a_customer("David  Taylor"), a_person("Ada")

    with pytest.raises(OtherNameError):
        erasing.erase_confirmed(customer.pk, name="Davina Taylor", by=ada, now=NOW)
    done = erasing.erase_confirmed(customer.pk, name=" david taylor", by=ada, now=NOW)

    assert (done.by, done.because) == (ada, "asked")


def test_the_history_of_settings_keeps_no_number_of_whoever_was_erased():
    customer, other = a_customer(), a_customer("Other")
    laura, ada = a_person(), a_person("Ada")
    for one in (customer, other):
        changes.keep(
            authorities.CONFLICTS,
            conflict_key(staff=laura.pk, customer=one.pk),
            {"staff": laura.pk, "customer": one.pk},
            editor=Editor(by=ada, now=NOW),
        )

    erased(customer)

    kept = SettingsChange.objects.order_by("pk")
    assert [change.key for change in kept] == [f"{laura.pk}/0", f"{laura.pk}/{other.pk}"]
    assert [change.after.get("customer") for change in kept] == [None, other.pk]
    assert list(Conflict.objects.values_list("customer", flat=True)) == [other.pk]


def test_links_open_nothing_and_searches_find_nothing_any_more(closed):
    erased(closed.customer)

    assert not CaseLink.objects.filter(revoked_at=None).exists()
    assert "food" not in str(CaseSearch.objects.get(case=closed).words)


def test_every_law_holds_after_erasing(closed):
    erased(closed.customer)

    assert [str(fault) for fault in verify.run()] == []


ERASE = "INSERT INTO records_erasure (customer_id, because, erased_at) VALUES (%s, 'asked', %s)"
SET = "SELECT set_config('makegood.erasing', 'yes', true)"


@pytest.mark.parametrize(
    ("change", "law"),
    [
        ("UPDATE records_contact SET note = 'it was wonderful'", "erasing_takes_only_words"),
        ("UPDATE records_contact SET hold_minutes = 99, note = ''", "erasing_takes_only_words"),
        ("UPDATE records_case SET severity = 4", "erasing_takes_only_words"),
        ("UPDATE records_customer SET name = '—'", "erasing_is_of_one_person"),
        ("UPDATE records_settingschange SET at = now()", "erasing_takes_only_the_number"),
        ("DELETE FROM records_settingschange", "settings_change_only_grows"),
        ("DELETE FROM records_erasure", "erasures_only_grow"),
        ("UPDATE records_erasure SET customer_id = 1", "erasures_only_grow"),
    ],
)
def test_under_the_name_of_erasing_nothing_else_is_changed(closed, change, law):
    stranger = a_customer("A Stranger")
    a_person("Ada")
    changes.keep(
        authorities.CONFLICTS,
        conflict_key(staff=closed.owner_id, customer=stranger.pk),
        {"staff": closed.owner_id, "customer": stranger.pk},
        editor=Editor(by=None, now=NOW),
    )

    with refused_by(law):
        sql(SET)
        sql(ERASE, closed.customer_id, NOW + timedelta(days=1))
        sql(change)


def diagnose(case: Case) -> None:
    part = Part.objects.create(name="lid", number="L1")
    Diagnosis.objects.create(
        case=case, part=part, found_at=NOW, recorded_at=NOW, recorded_by=case.owner, note="Cracked."
    )


@pytest.mark.parametrize(
    ("change", "law"),
    [
        ("UPDATE records_report SET raw = '{}'", "report_stays_as_it_came"),
        ("UPDATE records_promise SET words = '—'", "promise_settled_once"),
        ("UPDATE records_diagnosis SET note = ''", "diagnosis_only_grows"),
        ("UPDATE records_settingschange SET key = '1/0'", "settings_change_only_grows"),
    ],
)
def test_without_an_erasure_the_setting_alone_opens_nothing(closed, change, law):
    """Among them the triggers diagnosis_stays_as_found and settings_change_stays_as_made."""
    diagnose(closed)
    with refused_by(law):
        sql(SET)
        sql(change)


@pytest.mark.parametrize(
    ("change", "law"),
    [
        ("UPDATE records_signal SET device = 'P-2'", "erasing_takes_only_words"),
        ("UPDATE records_signal SET state = '', device = ''", "erasing_takes_only_words"),
        ("UPDATE records_signal SET device = ''", "erasing_is_of_one_person"),
    ],
)
def test_of_signals_only_those_of_the_person_are_emptied_and_only_their_words(closed, change, law):
    """The law `signal_erasing_takes_only_words`: the signal is of somebody else here."""
    a_panel()
    given = Given(source=a_source().pk, document=a_signal())
    signal = signals.receive(given, now=MONDAY).signal

    with refused_by(law):
        sql(SET)
        sql(ERASE, closed.customer_id, NOW + timedelta(days=1))
        sql(change)
    assert Signal.objects.get(pk=signal.pk).device == "P-1"


def test_the_signals_of_a_person_say_nothing_of_them_once_they_are_erased(closed):
    given = Given(source=a_source().pk, document=a_signal(link="hello"))
    a_panel(customer=closed.customer)
    signal = signals.receive(given, now=MONDAY).signal

    erased(closed.customer)

    signal.refresh_from_db()
    assert (signal.device, signal.raw, signal.state) == ("", {}, "hello")
