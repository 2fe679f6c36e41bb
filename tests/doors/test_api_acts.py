"""Everything the desk can do, by the API: each act once, by its token, and within its laws."""

from datetime import timedelta

import pytest

from api_world import Standing, System, problem
from makegood.actions import promises
from makegood.doors.api import callers
from makegood.records.models import (
    Case,
    Contact,
    Promise,
    PromiseKind,
    TimelineEntry,
    Token,
)
from makegood.rules.scopes import Scope
from visit_world import a_crew, an_order
from world import MONDAY, a_case, a_customer, a_person, a_word

HOUR = timedelta(hours=1)
NOON = "2026-06-03T12:00:00+01:00"
VISIT = "Our engineer will visit you on Wednesday 3 June by 12:00."


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", Standing)
    callers.calls.forget()
    callers.strangers.forget()


def a_promise(case: Case, **more) -> Promise:
    return promises.make_promise(case.pk, a_word(**more), now=MONDAY)


def a_visit_promise(bot: System, case: Case, **more):
    body = {
        "kind": "visit",
        "words": VISIT,
        "channel": "chat",
        "due_at": "2026-06-03T12:00:00+01:00",
    }
    return bot.post(f"cases/{case.reference}/promises", **(body | more))


@pytest.mark.django_db
class TestOfPromises:
    """Made, kept, moved and released by the laws of the desk."""

    def test_a_promise_is_given_by_the_token_and_watched(self):
        case, bot = a_case(), System()

        made = a_visit_promise(bot, case)

        assert made.status_code == 201, made.content
        promise = Promise.objects.get(pk=made.json()["id"])
        assert (promise.speaker, promise.speaker_name) == ("bot", "Chatbot")
        assert promise.escalate_at is not None
        assert made.json()["standing"] == "on_track"

    def test_words_that_are_not_true_are_stopped_with_what_would_be(self):
        case, bot = a_case(), System()
        answer = a_visit_promise(bot, case, words="We have refunded £50. We call on Friday.")
        assert answer.status_code == 422
        assert problem(answer)[1] == "stopped"
        assert Promise.objects.filter(kind=PromiseKind.VISIT).count() == 0

    def test_who_did_it_stands_on_the_timeline(self):
        case, bot = a_case(), System(name="Phone robot")
        kept = a_promise(case, due_at=MONDAY + HOUR)

        answer = bot.post(f"promises/{kept.pk}/keep", evidence="Reached at 9.")

        assert answer.json()["outcome"] == "kept"
        events = bot.get(f"cases/{case.reference}/timeline").json()["items"]
        done = [one for one in events if one["kind"] == "promise_kept"][-1]
        assert done["actor"] == "Phone robot"
        assert done["facts"]["token"] == Token.objects.get().pk
        assert done["facts"]["by"] == a_person().pk

    def test_a_new_date_counts_once_the_customer_was_told(self):
        case, bot = a_case(), System()
        promise = a_promise(case)

        decided = bot.post(
            f"promises/{promise.pk}/revise", due_at="2026-06-02T12:00:00Z", cause="Van broke down"
        ).json()
        [revision] = decided["revisions"]
        told = bot.post(f"revisions/{revision['id']}/told", channel="phone", evidence="On the line")

        assert decided["due_at"] != "2026-06-02T12:00:00Z"
        assert told.json()["due_at"] == "2026-06-02T12:00:00Z"
        assert told.json()["first_due_at"] == decided["due_at"]

    def test_release_and_replacement_need_the_customer(self):
        case, bot = a_case(), System()
        first, second = a_promise(case), a_promise(case, words="We call you by six.")
        no_proof = bot.post(f"promises/{first.pk}/release", evidence=" ")
        released = bot.post(f"promises/{first.pk}/release", evidence="They said so on the phone")
        replaced = bot.post(
            f"promises/{second.pk}/replace", kind="visit", words=VISIT, channel="chat",
            due_at="2026-06-03T11:00:00Z", evidence="They prefer a visit",
        )  # fmt: skip
        assert problem(no_proof) == (422, "unreadable")
        assert released.json()["outcome"] == "released"
        assert replaced.status_code == 201, replaced.content
        second.refresh_from_db()
        assert second.replaced_by_id == replaced.json()["id"]

    def test_nothing_is_back_dated_or_settled_twice(self):
        case, bot = a_case(), System()
        promise = a_promise(case)
        ahead = bot.post(f"promises/{promise.pk}/keep", evidence="x", at="2026-06-01T20:00:00Z")
        before = bot.post(f"promises/{promise.pk}/keep", evidence="x", at="2026-05-01T20:00:00Z")
        bot.post(f"promises/{promise.pk}/keep", evidence="Done")
        twice = bot.post(f"promises/{promise.pk}/keep", evidence="Done")
        assert problem(ahead) == problem(before) == (422, "not-yet-happened")
        assert problem(twice) == (409, "already-settled")

    @pytest.mark.parametrize(
        "field",
        [{"outcome": "kept"}, {"first_due_at": "2026-06-03T11:00:00Z"}, {"owner": 1},
         {"severity": 4}, {"speaker_name": "Laura"}, {"said_by": 1}],
    )  # fmt: skip
    def test_no_field_comes_in_that_is_not_named(self, field):
        answer = a_visit_promise(System(), a_case(), **field)
        assert problem(answer) == (422, "unreadable")

    @pytest.mark.parametrize(
        "moment",
        [0, 1_780_000_000, "2026-06-03", "2026-06-03T12:00:00", "0001-01-01T00:00:00+14:00",
         "9999-12-31T23:59:59-14:00", "2026-06-03T12:00:00+99:00", "tomorrow", None],
    )  # fmt: skip
    def test_a_moment_is_text_with_an_offset_of_this_century(self, moment):
        assert problem(a_visit_promise(System(), a_case(), due_at=moment)) == (422, "unreadable")


@pytest.mark.django_db
class TestOfCases:
    """Reported, handed over, and closed by their customer."""

    def test_a_report_opens_a_case_and_the_next_one_joins_it(self):
        bot = System()
        new = bot.post("customers", name="Ada Lewis", email="ada@example.org", zone="Europe/London")
        ada = new.json()["id"]
        alarm = bot.post(
            f"customers/{ada}/assets", name="fall alarm", function="safety", external_id="dev-7"
        ).json()
        failed = {"customer": ada, "asset": alarm["id"], "function": "safety", "harm": "lost"}

        first = bot.post("reports", title="The alarm is dead", **failed)
        second = bot.post("reports", title="Still dead", channel="phone", hold_minutes=12, **failed)

        assert (first.status_code, first.json()["opened"]) == (201, True), first.content
        assert (second.json()["case"], second.json()["opened"]) == (first.json()["case"], False)
        case = Case.objects.get()
        assert case.severity == 1
        assert case.promises.still_open().count() == 1
        assert Contact.objects.filter(hold_minutes=12).count() == 1

    def test_a_customer_or_asset_that_makes_no_sense_is_refused(self):
        bot = System()
        assert problem(bot.post("customers", name="A", zone="Mars/North"))[1] == "unreadable"
        assert problem(bot.post("customers", name="A", email="nobody"))[1] == "unreadable"
        assert problem(bot.post("customers", name=" "))[1] == "unreadable"
        ann = a_customer("Ann")
        bot.post(f"customers/{ann.uuid}/assets", name="a", function="safety", external_id="d")
        again = bot.post(
            f"customers/{ann.uuid}/assets", name="b", function="safety", external_id="d"
        )
        nothing = bot.post(f"customers/{ann.uuid}/assets", name="b")
        assert problem(again)[1] == problem(nothing)[1] == "unreadable"

    def test_a_case_is_asked_of_its_owners_successor(self):
        case, bot = a_case(), System()
        omar = a_person("Omar Aziz")
        asked = bot.post(f"cases/{case.reference}/handover", to=omar.pk, why="Laura is away")
        again = bot.post(f"cases/{case.reference}/handover", to=omar.pk, why="Laura is away")
        case.refresh_from_db()
        assert asked.json()["handover"]["to"] == "Omar Aziz"
        assert case.owner.name == "Laura Bennett"
        assert problem(again)[0] == 409
        back = bot.post(f"handovers/{asked.json()['handover']['id']}/withdraw")
        assert back.json()["handover"] is None

    def test_it_closes_by_the_customers_answer_and_opens_again(self):
        case, bot = a_case(), System()
        pending = a_promise(case)
        yes = {"channel": "chat", "note": "It is right now, thank you."}
        early = bot.post(f"cases/{case.reference}/close", **yes)
        bot.post(f"promises/{pending.pk}/keep", evidence="Done")
        closed = bot.post(f"cases/{case.reference}/close", **yes)
        again = bot.post(f"cases/{case.reference}/reopen", channel="chat", note="No, it is not.")
        assert problem(early) == (409, "still-promised")
        assert closed.json()["closed_at"] is not None
        assert again.json()["closed_at"] is None
        assert Contact.objects.count() == 2, "a refusal leaves no contact behind"

    def test_nobody_says_for_customers_what_they_send_on_their_page(self):
        case, bot = a_case(), System()
        for path, more in (("contacts", {"direction": "inbound"}), ("reopen", {"note": "No."})):
            answer = bot.post(f"cases/{case.reference}/{path}", channel="web", **more)
            assert problem(answer) == (422, "heard-on-page"), answer.content
        assert not Contact.objects.exists()

    def test_only_a_customer_can_have_had_to_tell_it_again(self):
        case, bot = a_case(), System()
        path, said = f"cases/{case.reference}/contacts", {"channel": "phone", "told_again": True}

        theirs = bot.post(path, direction="inbound", **said)
        ours = bot.post(path, direction="outbound", **said)

        assert (theirs.status_code, problem(ours)) == (200, (422, "told-by-us"))
        assert [one.told_again for one in Contact.objects.all()] == [True]

    def test_apologies_and_contacts_are_recorded(self):
        case, bot = a_case(), System()
        contact = bot.post(f"cases/{case.reference}/contacts", channel="phone", direction="inbound",
                           talk_minutes=7)  # fmt: skip
        sorry = bot.post(f"cases/{case.reference}/apologies", channel="chat",
                         words="We are sorry that your food bin was not collected.")  # fmt: skip
        assert contact.status_code == sorry.status_code == 200, sorry.content
        kinds = set(TimelineEntry.objects.values_list("kind", flat=True))
        assert {"contact", "apology_said"} <= kinds

    def test_the_list_has_the_filters_of_the_desk_and_goes_on_by_its_link(self):
        bot = System()
        refs = [a_case(customer=a_customer(f"C{n}")).reference for n in range(5)]
        found, path = [], "/api/v1/cases?limit=2&sort=newest"
        while path:
            answer = bot._client.get(path, headers=bot._headers())
            found += [row["reference"] for row in answer.json()["items"]]
            link = answer.headers.get("Link", "")
            assert bool(link) == bool(answer.json()["next"])
            path = link.partition("<")[2].partition(">")[0].removeprefix("http://testserver")
        assert sorted(found) == sorted(refs)
        assert bot.get("cases", state="closed").json()["items"] == []
        assert len(bot.get("cases", q="C3").json()["items"]) <= 5
        assert problem(bot.get("cases", cursor="nothing")) == (422, "bad-cursor")
        assert problem(bot.get("promises", cursor="1.2.3")) == (422, "bad-cursor")

    def test_lists_ask_the_database_a_constant_number_of_things(
        self, django_assert_max_num_queries
    ):
        bot = System()
        for number in range(12):
            a_promise(a_case(customer=a_customer(f"C{number}")))
        for path, most in (("cases", 8), ("promises", 8), ("events", 9), ("customers", 5)):
            with django_assert_max_num_queries(most):
                assert bot.get(path).status_code == 200


@pytest.mark.django_db
class TestOfVisitsAndAll:
    """Visits, parts, incidents and the company."""

    def test_a_visit_is_booked_chosen_and_done(self):
        a_crew()
        case, bot = a_case(), System()
        booked = bot.post(f"cases/{case.reference}/visits", what="mend the lid", skill="ovens")
        assert booked.status_code == 201, booked.content
        visit = booked.json()["id"]
        times = bot.get(f"visits/{visit}/times").json()
        chosen = bot.post(f"visits/{visit}/choose", opens_at=times[2]["opens_at"], channel="phone",
                          evidence="They chose it")  # fmt: skip
        assert chosen.status_code == 200, chosen.content
        assert chosen.json()["opens_at"] == times[2]["opens_at"]
        assert chosen.json()["to_tell"] is None
        promise = bot.get(f"promises/{chosen.json()['promise']}").json()
        assert promise["due_at"] == times[2]["closes_at"]
        bot.post(f"visits/{visit}/arrive")
        done = bot.post(f"visits/{visit}/finish", evidence="Lid mended")
        assert done.json()["outcome"] == "done"
        assert problem(bot.post(f"visits/{visit}/cancel", evidence="x"))[0] == 409
        assert len(bot.get("visits", case=case.reference).json()["items"]) == 1

    def test_a_time_that_is_taken_is_refused(self):
        a_crew()
        case, bot = a_case(), System()
        visit = bot.post(f"cases/{case.reference}/visits", what="x", skill="ovens").json()["id"]
        gone = bot.post(f"visits/{visit}/choose", opens_at="2026-06-07T03:00:00Z", channel="phone",
                        evidence="x")  # fmt: skip
        assert problem(gone)[0] == 409

    def test_visits_are_listed_by_when_they_were_booked_whatever_moves_between_two_pages(self):
        a_crew()
        case, bot = a_case(), System()
        address = f"cases/{case.reference}/visits"
        booked = [bot.post(address, what="x", skill="ovens").json()["id"] for _ in range(3)]
        first = bot.get("visits", limit=2).json()
        free = bot.get(f"visits/{booked[0]}/times").json()[-1]["opens_at"]
        bot.post(f"visits/{booked[0]}/choose", opens_at=free, channel="phone", evidence="So chosen")

        rest = bot.get("visits", limit=2, cursor=first["next"]).json()

        assert [one["id"] for one in first["items"] + rest["items"]] == booked[::-1]
        assert rest["next"] is None

    def test_a_parts_date_moves(self):
        order, bot = an_order(), System()
        answer = bot.post(f"orders/{order.pk}/eta", eta_at="2026-06-09T12:00:00Z")
        assert answer.json()["eta_at"] == "2026-06-09T12:00:00Z"
        refused = bot.post(f"orders/{order.pk}/received", at="2026-06-01T06:00:00Z")
        assert problem(refused) == (422, "unreadable")
        assert "takes no fields" in refused.json()["detail"]
        assert bot.post(f"orders/{order.pk}/received").json()["received_at"] is not None
        assert problem(bot.post(f"orders/{order.pk}/received"))[0] == 409

    def test_what_concerns_everybody_needs_the_whole_right(self):
        body = {"service": 1, "title": "x", "harm": "lost", "failed_at": "2026-06-01T08:00:00Z",
                "owner": a_person().pk, "words": "x", "due_at": "2026-06-01T12:00:00Z"}  # fmt: skip
        assert problem(System().post("incidents", **body)) == (403, "missing-scope")
        assert problem(System(Scope.ADMIN).post("incidents", **body)) == (404, "no-such-service")

    def test_the_company_is_described(self):
        a_case()
        bot = System()
        assert "Laura Bennett" in {one["name"] for one in bot.get("people").json()}
        assert bot.get("services").json() == []
        assert bot.get("mails").json() == bot.get("incidents").json() == {"items": [], "next": None}
        token = bot.get("token").json()
        assert (token["name"], token["limit_minor"]) == ("Chatbot", 2_000)
