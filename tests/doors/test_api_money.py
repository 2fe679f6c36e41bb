"""Money and tokens at the API: limits that no trick comes past, a sandbox, a pace of its own."""

from datetime import timedelta

import pytest

from api_world import Standing, System, problem
from makegood.actions import staff
from makegood.doors.api import callers
from makegood.records.models import (
    ApprovalRequest,
    Case,
    Promise,
    PromiseKind,
    Remedy,
    Report,
    TimelineEntry,
)
from money_world import limits, may_give
from sessions import at_once
from world import MONDAY, a_case, a_person

HOUR = timedelta(hours=1)
NOON = "2026-06-03T12:00:00+01:00"
VISIT = "Our engineer will visit you on Wednesday 3 June by 12:00."


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", Standing)
    callers.calls.forget()
    callers.strangers.forget()


def a_visit_promise(bot: System, case: Case, **more):
    body = {
        "kind": "visit",
        "words": VISIT,
        "channel": "chat",
        "due_at": "2026-06-03T12:00:00+01:00",
    }
    return bot.post(f"cases/{case.reference}/promises", **(body | more))


@pytest.mark.django_db
class TestOfMoney:
    """Up to the token's amount and its person's authority; beyond, somebody is asked."""

    def give(self, bot: System, case: Case, minor: int, **more):
        body = {"kind": "credit", "currency": "GBP", "because": "Three calls"} | more
        return bot.post(f"cases/{case.reference}/remedies", amount_minor=minor, **body)

    def test_within_both_it_is_granted_and_promised(self):
        case, bot = a_case(), System()
        may_give(a_person())
        answer = self.give(bot, case, 2_000)
        assert answer.status_code == 201, answer.content
        assert answer.json()["state"] == "granted"
        assert Promise.objects.filter(kind=PromiseKind.REDRESS).count() == 1

    def test_beyond_the_tokens_amount_a_named_person_is_asked(self):
        case, bot = a_case(), System()
        may_give(a_person())
        may_give(case.team.lead, held=limits(50_000, 90_000))
        answer = self.give(bot, case, 2_001)
        assert answer.status_code == 202
        asked = answer.json()
        assert (asked["state"], asked["remedy"]) == ("approval_required", None)
        assert asked["approval"]["asked_of"] == "collections lead"
        assert Remedy.objects.count() == 0
        assert bot.get(f"approvals/{asked['approval']['id']}").json()["state"] == "waiting"

    def test_beyond_the_persons_authority_too(self):
        case, bot = a_case(), System()
        may_give(case.team.lead, held=limits(50_000, 90_000))
        assert self.give(bot, case, 500).status_code == 202

    def test_split_sums_come_past_no_limit(self):
        case, bot = a_case(), System()
        may_give(a_person(), held=limits(5_000, 20_000))
        may_give(case.team.lead, held=limits(50_000, 90_000))
        found = [self.give(bot, case, 2_000).status_code for _ in range(4)]
        assert found == [201, 201, 202, 202]

    def test_another_currency_or_sign_comes_past_no_limit(self):
        case, bot = a_case(), System()
        may_give(a_person())
        may_give(case.team.lead, held=limits(50_000, 90_000))
        assert problem(self.give(bot, case, 100, currency="KWD"))[0] == 409
        assert problem(self.give(bot, case, -5))[0] == 422
        assert problem(self.give(bot, case, 100, currency="gbp"))[0] == 422
        assert problem(self.give(bot, case, 1.5))[0] == 422
        assert problem(self.give(bot, case, 0))[0] == 422
        assert problem(self.give(bot, case, 5, kind="waiver"))[0] == 422
        assert Remedy.objects.count() == ApprovalRequest.objects.count() == 0

    def test_the_same_key_pays_once_and_never_another_sum(self):
        case, bot = a_case(), System()
        may_give(a_person())
        first = self.give(bot, case, 1_000, key="k")
        again = self.give(bot, case, 1_000, key="k")
        other = self.give(bot, case, 2_000, key="k")
        assert first.content == again.content
        assert problem(other) == (422, "key-used")
        assert Remedy.objects.count() == 1


@pytest.mark.django_db
class TestOfTokens:
    """A sandbox, a pace of its own, and the person behind it."""

    def test_in_a_sandbox_nothing_stays_and_the_answer_says_so(self):
        case, bot = a_case(), System(is_sandbox=True)
        before = (Promise.objects.count(), TimelineEntry.objects.count(), Report.objects.count())
        answer = a_visit_promise(bot, case)
        assert answer.status_code == 201, answer.content
        assert answer.json()["sandbox"] is True
        assert answer["Makegood-Sandbox"] == "true"
        after = (Promise.objects.count(), TimelineEntry.objects.count(), Report.objects.count())
        assert after == before
        assert problem(bot.post("promises/1/keep", evidence="x"))[0] == 404

    def test_each_token_has_its_own_pace_and_hears_of_it(self):
        bot = System(calls_per_minute=2)
        first = bot.get("token")
        assert first["RateLimit-Policy"] == '"minute";q=2;w=60'
        assert first["RateLimit"] == '"minute";r=1;t=60'
        bot.get("token")
        assert problem(bot.get("token")) == (429, "too-fast")
        assert System().get("token").status_code == 200

    def test_a_token_ends_with_the_person_for_whom_it_acts(self):
        omar = a_person("Omar Aziz")
        bot = System(acts_for=omar.pk)
        assert bot.get("token").json()["acts_for"] == "Omar Aziz"
        staff.leave(omar, now=MONDAY)
        assert problem(bot.get("token")) == (401, "no-token")

    def test_problems_say_what_is_at_an_address(self):
        bot = System()
        assert problem(bot.get("nothing/here")) == (404, "not-found")
        wrong = bot.post("cases")
        assert problem(wrong) == (405, "wrong-method")
        assert wrong["Allow"] == "GET"


@pytest.mark.usefixtures("committed_db")
def test_the_same_act_at_the_same_moment_is_done_once():
    case, bot = a_case(), System()
    may_give(a_person())

    def give() -> bytes:
        body = {"kind": "credit", "currency": "GBP", "because": "Three calls"}
        return bot.post(
            f"cases/{case.reference}/remedies", key="k", amount_minor=500, **body
        ).content

    found = at_once(give, give, give)

    assert len(set(found)) == 1
    assert Remedy.objects.count() == 1
