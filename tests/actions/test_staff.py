"""People are away and leave: their cases go on, and nothing waits for somebody who has left."""

from datetime import timedelta

import pytest

from honour_world import an_article
from incident_world import declare, subscribers
from learning_world import a_closed_case, a_lesson, a_shipped_one, an_improvement
from makegood.actions import articles, cases, incidents, staff, templates
from makegood.actions.staff import EmailTakenError, NobodyToCoverError
from makegood.actions.templates import NewTemplate
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import Case, Handover, SettingsChange, Staff, StaffRole, Team
from round_world import a_round
from world import MONDAY, a_calendar, a_case, a_customer, a_person, a_team

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def laura():
    return a_person("Laura Bennett", team=a_team())


def away(person, **more):
    return staff.be_absent(person, starts_at=MONDAY - HOUR, ends_at=MONDAY + HOUR, **more)


def hire(email="ann@example.org", team=None, **more) -> Staff:
    return staff.hire(
        **{
            "email": email,
            "name": "Ann",
            "team": team or a_team(),
            "role": StaffRole.OWNER,
            "zone": "Europe/London",
            "password": None,
        }
        | more
    )


def test_who_leaves_hands_every_open_case_to_their_cover(laura):
    cover = a_person("Omar")
    Staff.objects.filter(pk=laura.pk).update(cover=cover)
    laura.refresh_from_db()
    held = [a_case(customer=a_customer(str(n))) for n in range(2)]

    assert staff.leave(laura, now=MONDAY) == 2

    assert set(Case.objects.values_list("owner__name", flat=True)) == {"Omar"}
    assert not Staff.objects.get(pk=laura.pk).is_active
    taken = Handover.objects.get(case=held[0])
    assert (taken.why, taken.accepted_at) == ("The owner has left.", MONDAY)
    assert verify.run() == []


@pytest.mark.parametrize(
    ("absent", "heir"),
    [
        ([], "collections lead"),
        (["collections lead"], "collections head"),
        (["collections lead", "collections head"], "collections executive"),
    ],
)
def test_without_a_cover_the_cases_go_up_the_ladder_to_whoever_is_not_away(laura, absent, heir):
    case = a_case()
    for name in absent:
        away(a_person(name))

    staff.leave(laura, now=MONDAY)

    case.refresh_from_db()
    assert case.owner.name == heir


def test_a_lead_who_leaves_is_not_their_own_heir():
    lead = a_team().lead
    case = a_case(owner=lead)

    staff.leave(lead, now=MONDAY)

    case.refresh_from_db()
    assert case.owner.name == "collections head"


def test_nobody_leaves_a_case_to_nobody(laura):
    case = a_case()
    Team.objects.update(lead=None, head=None, executive=None)

    with pytest.raises(NobodyToCoverError, match="name a cover first"):
        staff.leave(laura, now=MONDAY)

    assert Staff.objects.get(pk=laura.pk).is_active
    case.refresh_from_db()
    assert case.owner == laura


def test_who_owns_nothing_just_leaves(laura):
    Team.objects.update(lead=None, head=None, executive=None)

    assert staff.leave(laura, now=MONDAY) == 0
    assert not Staff.objects.get(pk=laura.pk).is_active


def test_what_they_were_asked_to_take_over_is_declined_so_that_others_can_be_asked(laura):
    mike = a_person("Mike")
    case = a_case()
    handover = cases.offer_handover(case_id=case.pk, to=mike, why="x", by=laura, now=MONDAY)

    staff.leave(mike, now=MONDAY + HOUR)

    handover.refresh_from_db()
    assert handover.declined_at == MONDAY + HOUR
    assert case.timeline.latest("seq").kind == "handover_declined"
    cases.offer_handover(case_id=case.pk, to=a_person("Eve"), why="x", by=laura, now=MONDAY + HOUR)


def test_what_others_were_asked_to_take_over_from_them_is_declined(laura):
    case = a_case()
    handover = cases.offer_handover(
        case_id=case.pk, to=a_person("Mike"), why="x", by=laura, now=MONDAY
    )

    staff.leave(laura, now=MONDAY + HOUR)

    handover.refresh_from_db()
    kinds = list(case.timeline.order_by("seq").values_list("kind", flat=True))
    assert handover.declined_at == MONDAY + HOUR
    assert kinds[-2:] == ["handover_declined", "handover_accepted"]


def test_an_absence_names_who_covers(laura):
    absence = away(laura, cover=a_person("Omar"))

    assert (absence.kind, absence.cover.name) == ("absence", "Omar")


def test_the_first_person_of_a_team_stands_on_its_rungs_until_others_do():
    team = Team.objects.create(name="new", calendar=a_calendar())
    first, second = hire(team=team), hire("bob@example.org", team=team)

    team.refresh_from_db()
    assert {team.lead, team.head, team.executive} == {first}
    assert second.team == team


def test_one_address_is_one_person():
    hire()
    with pytest.raises(EmailTakenError, match="give another address"):
        hire("ANN@example.org")


def test_a_team_is_founded_once_and_its_day_end_is_set():
    team = staff.found_team("night", calendar=a_calendar(), now=MONDAY)
    again = staff.found_team("night", calendar=a_calendar("other"), now=MONDAY + HOUR)

    assert (again, again.calendar.name) == (team, "office")
    assert again.day_end_at == MONDAY.replace(hour=15, minute=30)  # 16:30 in London


def test_who_leaves_hands_on_the_causes_and_changes_that_they_saw_to(laura):
    cover = a_person("Omar")
    Staff.objects.filter(pk=laura.pk).update(cover=cover)
    laura.refresh_from_db()
    lesson = a_lesson(a_closed_case(), gap="When the lorry leaves", owner=laura)
    begun = an_improvement(lesson.cause, owner=laura)
    shipped = a_shipped_one(lesson.cause, owner=laura)

    assert staff.leave(laura, now=MONDAY) == 0

    for row in (lesson, lesson.cause, begun, shipped):
        row.refresh_from_db()
    assert (lesson.gap_owner, lesson.cause.owner, begun.owner) == (cover, cover, cover)
    assert shipped.owner == laura  # what is over keeps its name


@pytest.fixture
def cover(laura) -> Staff:
    omar = a_person("Omar")
    Staff.objects.filter(pk=laura.pk).update(cover=omar)
    laura.refresh_from_db()
    return omar


def test_who_leaves_hands_on_the_texts_and_rounds_that_they_answer_for(laura, cover):
    flyer, old = an_article(owner=laura), an_article(owner=laura, title="Old flyer")
    articles.withdraw(old.pk, by=laura, now=MONDAY)
    template = templates.make(
        NewTemplate(name="thanks", text="Thank you, {customer}."), owner=laura, now=MONDAY
    )
    kept, ended = a_round(owner=laura.pk), a_round(owner=laura.pk, name="Ended", retired=True)

    staff.leave(laura, now=MONDAY + HOUR, by=cover)

    for row in (flyer, old, template, kept, ended):
        row.refresh_from_db()
    assert {flyer.owner, template.owner, kept.owner} == {cover}
    assert {old.owner, ended.owner} == {laura}  # what is over keeps its name
    noted = SettingsChange.objects.filter(thing="round", key=str(kept.pk)).latest("pk")
    assert (noted.by, noted.fields, noted.after) == (cover, ["owner"], {"owner": cover.pk})


def test_an_incident_that_goes_on_opens_its_cases_in_the_name_of_who_took_it_over(laura, cover):
    subscribers("EX4 4QJ", "EX4 4QJ")
    incident = declare()

    staff.leave(laura, now=MONDAY)
    ticks.tick(now=MONDAY)

    incident.refresh_from_db()
    assert incident.owner == cover
    assert list(Case.objects.values_list("owner", flat=True)) == [cover.pk, cover.pk]


def test_nobody_leaves_an_incident_to_nobody():
    team = Team.objects.create(name="alone", calendar=a_calendar())
    alone = a_person("Ann", team=team)
    incident = declare()
    incidents.Incident.objects.filter(pk=incident.pk).update(owner=alone)

    with pytest.raises(NobodyToCoverError):
        staff.leave(alone, now=MONDAY)


def test_if_nobody_stands_in_a_cause_stays_and_holds_nobody_back():
    team = Team.objects.create(name="alone", calendar=a_calendar())
    alone = a_person("Ann", team=team)
    lesson = a_lesson(a_closed_case(owner=alone), owner=alone)

    staff.leave(alone, now=MONDAY)

    assert lesson.cause.owner == alone
    assert not Staff.objects.get(pk=alone.pk).is_active
