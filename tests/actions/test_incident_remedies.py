"""One remedy for everybody whom an incident hit: decided once, granted by the laws of any other."""

import pytest

from incident_world import HOUR, a_truth, declare, left_out, subscribers
from makegood.actions import (
    gate,
    incident_remedies,
    incidents,
    letter_gate,
    letter_news,
    letters,
    payments,
)
from makegood.actions.gate import Saying, StoppedError
from makegood.actions.incident_remedies import BeyondSumError, GivenToAllError, StillOpeningError
from makegood.actions.incidents import IncidentError
from makegood.clockwork.spreading import sweep_incidents
from makegood.queries import verify
from makegood.records.authorities import read_standing
from makegood.records.models import (
    Case,
    Customer,
    Incident,
    IncidentRemedy,
    Letter,
    Message,
    Payment,
    Promise,
    Remedy,
    Staff,
)
from makegood.rules.promises import Channel, Speaker
from makegood.rules.remedies import Activity, Terms
from money_world import a_remedy, limits, may_give, some_terms
from raw_sql import refused_by, sql
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db

LATER = MONDAY + HOUR
VOUCHER = "You get a voucher for films."
SORRY = "It works again. It took us far too long."


def executive(per_case: int = 5_000, per_period: int = 100_000) -> Staff:
    boss = a_person("Grace", role="executive")
    may_give(boss, held=limits(per_case, per_period))
    return boss


def an_incident(*postcodes: str, **more) -> Incident:
    subscribers(*(postcodes or ("EX4 4QJ", "EX4 4QK", "EX4 4QL")), email="ann@example.org", **more)
    incident = declare()
    sweep_incidents(now=MONDAY)
    return incident


def publish(
    incident: Incident,
    terms: Terms | None = None,
    *,
    says: str = SORRY,
    by: Staff | None = None,
    now=LATER,
) -> IncidentRemedy:
    return incident_remedies.publish(
        incident.pk,
        terms or some_terms(1_000, because="A day without a line."),
        a_truth(says, now=now),
        by=by or executive(),
        now=now,
    )


def test_everybody_is_given_it_promised_it_paid_it_and_told_of_it_in_one_letter():
    incident = an_incident()
    news = set(Promise.objects.values_list("pk", flat=True))

    decided = publish(incident)
    sweep_incidents(now=LATER, batch=2)

    decided.refresh_from_db()  # counted by the trigger remedy_counts_for_its_incident
    assert (decided.granted, decided.at_most, left_out(decided)) == (3, 3, [])
    assert Remedy.objects.filter(of_incident=decided, promise__kind="redress").count() == 3
    assert Payment.objects.filter(send_at=LATER, amount_minor=1_000).count() == 3
    told = Letter.objects.filter(duty__isnull=False)
    assert told.count() == 3
    for letter in told:
        assert letter.words.startswith(f"{SORRY}\n\nI have put £10.00 on your account.")
        assert letter.keeps_id in news
    assert verify.run() == []


@pytest.mark.parametrize(
    ("says", "gives"),
    [
        ("You get £10.00 from us.", {}),
        ("We have put £10 on your account.", {}),
        (VOUCHER, {"minor": 0, "kind": "gift", "thing": "a voucher for films"}),
    ],
)
def test_words_may_state_just_what_everybody_is_given_with_them(says, gives):
    incident = an_incident()

    publish(incident, some_terms(gives.pop("minor", 1_000), **gives), says=says)
    sweep_incidents(now=LATER)

    told = Letter.objects.filter(words__startswith=says)
    assert [letter_gate.objection(letter, now=LATER) for letter in told] == [""] * 3


def test_what_everybody_was_given_may_be_said_to_each_again_and_nothing_more():
    incident = an_incident()
    publish(incident)
    sweep_incidents(now=LATER)
    case = Case.objects.filter(incident=incident).first()

    def verdict(text: str):
        saying = Saying(text=text, speaker=Speaker.PERSON, channel=Channel.EMAIL, by=a_person())
        return gate.check(case.pk, saying, now=LATER + HOUR)

    assert verdict("We have put £10 on your account.").passes
    assert verdict("We have put £15 on your account.").instead == (
        "We have put £10.00 on your account."
    )
    again = a_truth("We have put £10 on your account.", now=LATER + HOUR)
    incidents.say(incident.pk, again, by=a_person(), now=LATER + HOUR)


@pytest.mark.parametrize("says", ["You get £20.00 from us.", VOUCHER])
def test_words_that_state_something_else_are_stopped(says):
    incident = an_incident()

    with pytest.raises(StoppedError):
        publish(incident, says=says)

    assert not IncidentRemedy.objects.exists()


def test_what_was_stopped_half_way_goes_on_where_it_ended_and_gives_nothing_twice():
    incident = an_incident()
    decided = publish(incident)

    sweep_incidents(now=LATER, batch=1, rounds=1)
    some = Remedy.objects.count()
    for later in (1, 2):
        sweep_incidents(now=LATER + later * HOUR, batch=1)

    assert some == 1
    assert Remedy.objects.count() == 3
    assert Remedy.objects.values("case").distinct().count() == 3
    decided.refresh_from_db()
    assert decided.granted == 3


def test_a_delivered_letter_says_it_and_nothing_is_left_to_be_said():
    incident = an_incident("EX4 4QJ")
    publish(incident)
    sweep_incidents(now=LATER)
    while letters.take(now=LATER) is not None:
        pass

    letter = Letter.objects.get(duty__isnull=False)
    assert letter.held_at is None
    letter_news.delivered(letter.pk, at=LATER, now=LATER)

    assert not Message.objects.filter(kind="remedy", said_at=None).exists()
    assert Promise.objects.filter(kind="news", outcome="kept").count() == 1


def test_who_no_letter_reaches_is_given_it_and_a_person_says_so():
    subscribers("EX4 4QJ")
    incident = declare()
    sweep_incidents(now=MONDAY)

    publish(incident)
    sweep_incidents(now=LATER)

    assert Remedy.objects.count() == 1
    assert not Letter.objects.exists()
    assert Message.objects.get(kind="remedy").said_at is None


def test_it_is_given_also_when_the_incident_is_over():
    incident = an_incident("EX4 4QJ")
    incidents.end(incident.pk, a_truth(), at=LATER, evidence="Seen.", by=a_person(), now=LATER)

    publish(incident, now=LATER + HOUR)
    sweep_incidents(now=LATER + HOUR)

    assert Remedy.objects.count() == 1


def test_a_thing_that_costs_nothing_is_booked_nowhere():
    incident = an_incident("EX4 4QJ")

    publish(incident, some_terms(0, kind="gift", thing="a month of films"))
    sweep_incidents(now=LATER)

    assert Remedy.objects.get().thing == "a month of films"
    assert not Remedy.objects.get().bookings.exists()
    assert verify.run() == []


def test_what_was_given_to_all_arrives_like_any_remedy():
    incident = an_incident("EX4 4QJ")
    publish(incident)
    sweep_incidents(now=LATER)
    remedy = Remedy.objects.get()

    payments.record_arrival(
        payments.Arrival(
            key=f"remedy-{remedy.pk}-1", at=LATER + HOUR, evidence="The bank has confirmed it."
        ),
        now=LATER + HOUR,
    )

    remedy.refresh_from_db()
    assert remedy.outcome == "arrived"
    assert verify.run() == []


@pytest.mark.parametrize(
    ("per_case", "per_period"), [(999, 100_000), (2_500, 2_999)], ids=["to each", "in all"]
)
def test_who_may_not_give_the_whole_sum_does_not_decide_on_it(per_case, per_period):
    incident = an_incident()

    with pytest.raises(BeyondSumError, match="For all of them together"):
        publish(incident, by=executive(per_case, per_period))

    assert not IncidentRemedy.objects.exists()
    assert incident.truths.count() == 1


def test_who_may_give_nothing_decides_nothing():
    with pytest.raises(BeyondSumError):
        publish(an_incident(), by=a_person("Omar"))


def test_the_whole_sum_counts_for_who_decided_from_then_on():
    boss = executive(2_000, 4_000)
    publish(an_incident(), by=boss)

    standing = read_standing(
        staff=boss.pk, customer=0, currency="GBP", activity=Activity.GOODWILL, now=LATER
    )

    assert standing.by_person_minor == 3_000
    assert standing.room_minor == 1_000


def test_it_is_decided_once():
    incident = an_incident()
    publish(incident)

    with pytest.raises(GivenToAllError):
        publish(incident, by=executive())


def test_nobody_decides_before_it_is_known_how_many_there_are():
    subscribers("EX4 4QJ")
    incident = declare()

    with pytest.raises(StillOpeningError):
        publish(incident)


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        (some_terms(100, kind="waiver"), "A fee is waived on its own case"),
        (some_terms(100, source="own", scheme="our-word"), "A fee is waived on its own case"),
    ],
)
def test_what_belongs_to_one_case_is_not_given_to_all(terms, says):
    with pytest.raises(IncidentError, match=says):
        publish(an_incident(), terms)


def test_where_nobody_is_left_nothing_is_decided():
    incident = declare()
    sweep_incidents(now=MONDAY)

    with pytest.raises(IncidentError, match="No case of this incident is left"):
        publish(incident)


def test_ones_own_and_who_was_given_enough_are_left_to_people_and_stop_nobody_else():
    incident = an_incident()
    boss = executive(2_000, 100_000)
    own, enough, other = Case.objects.order_by("pk")
    Customer.objects.filter(pk=own.customer_id).update(email=boss.email)
    generous = a_person("Omar")
    may_give(generous, held=limits(5_000, 20_000))
    a_remedy(1_500, case=enough, by=generous)

    decided = publish(incident, by=boss)
    sweep_incidents(now=LATER)

    decided.refresh_from_db()
    assert left_out(decided) == [own.pk, enough.pk]
    assert decided.granted == 1
    assert Remedy.objects.get(of_incident=decided).case == other
    assert Letter.objects.filter(case=own, words=SORRY).count() == 1
    assert verify.run() == []


def test_each_hears_it_in_their_own_language():
    incident = an_incident("EX4 4QJ", language="de")

    publish(incident)
    sweep_incidents(now=LATER)

    assert "gutgeschrieben" in Letter.objects.get(duty__isnull=False).words


class TestLaws:
    """What the database refuses, also from psql."""

    @pytest.fixture(autouse=True)
    def decided(self):
        found = publish(an_incident())
        sweep_incidents(now=LATER)
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        return found

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("incident_remedy_stays_as_decided", "amount_minor = 1"),
            ("incident_remedy_stays_as_decided", "granted = 1"),
            ("incident_remedy_goes_to_no_more_than_decided", "granted = at_most + 1"),
        ],
    )
    def test_what_was_decided_stays(self, name, change):
        with refused_by(name):
            sql(f"UPDATE records_incidentremedy SET {change}")

    def test_it_is_never_removed(self):
        with refused_by("incident_remedy_stays"):
            sql("DELETE FROM records_incidentremedy")

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("incident_remedy_is_money_or_a_thing", "kind = 'waiver'"),
            ("incident_remedy_has_a_currency_and_a_cause", "because = ''"),
        ],
    )
    def test_it_says_what_and_why(self, name, change):
        sql("ALTER TABLE records_incidentremedy DISABLE TRIGGER incident_remedy_stays_as_decided")
        with refused_by(name):
            sql(f"UPDATE records_incidentremedy SET {change}")

    @pytest.mark.parametrize(
        ("name", "column", "value"),
        [
            ("incident_remedy_within_authority", "at_most", "100"),
            ("incident_remedy_within_authority", "amount_minor", "5001"),
            ("incident_remedy_within_authority", "to_one_minor", "9999"),
            ("incident_remedy_is_told_with_a_truth", "truth_id", "0"),
        ],
    )
    def test_nobody_decides_beyond_their_authority(self, name, column, value):
        columns = (
            "incident_id", "truth_id", "kind", "amount_minor", "currency", "thing", "because",
            "at_most", "to_one_minor", "period_days", "decided_by_id", "decided_at", "granted",
        )  # fmt: skip
        given = ", ".join(value if column == each else each for each in columns)
        given = given.replace("granted", "0")
        with refused_by(name):
            sql(
                f"INSERT INTO records_incidentremedy ({', '.join(columns)})"
                f" SELECT {given} FROM records_incidentremedy"
            )

    def test_a_remedy_of_an_incident_is_as_it_was_decided(self):
        with refused_by("remedy_as_published"):
            sql(
                "INSERT INTO records_remedy (case_id, promise_id, team_id, of_incident_id, kind,"
                " source, scheme, version, trace, amount_minor, currency, thing, because,"
                " late_minor, key, granted_at, granted_by_id)"
                " SELECT case_id, promise_id, team_id, of_incident_id, kind, source, scheme,"
                " version, trace, amount_minor + 1, currency, thing, because, late_minor,"
                " 'another', granted_at, granted_by_id FROM records_remedy LIMIT 1"
            )

    def test_nobody_is_given_it_twice(self):
        sql("ALTER TABLE records_remedy DISABLE TRIGGER remedy_keeps_its_terms")
        with refused_by("remedy_of_an_incident_once_per_case"):
            sql("UPDATE records_remedy SET case_id = (SELECT min(case_id) FROM records_remedy)")

    def test_a_remedy_stays_of_its_incident(self):
        with refused_by("remedy_stays_of_its_incident"):
            sql("UPDATE records_remedy SET of_incident_id = NULL")
