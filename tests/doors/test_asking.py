"""Asking, wanting and ending at the desk and on the customer's page."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from asking import HOUR, a_call, a_case_put_right, a_visit, ask, climb, the_question
from busy_day import NOW
from makegood.actions import cases, links, promises
from makegood.queries import verify
from makegood.records.models import Asking, Case, Contact, Promise, Staff, Want, Withholding
from makegood.rules.roles import Role
from money_world import limits, may_give
from world import a_customer, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(day) -> Case:
    case = a_case_put_right(
        now=NOW - HOUR, customer=a_customer("Ms Right"), owner=day.laura, title="Wrong bin left"
    )
    assert case.owner == day.laura
    return case


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def body_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def page_of(client: Client, case) -> str:
    return body_of(client.get(f"/cases/{case.reference}"))


def the_page(case) -> tuple[Client, str]:
    return Client(), f"/c/{links.mint_link(case.pk, now=NOW)}"


def send(client: Client, address: str, **data):
    [key] = set(
        re.findall(r'name="form_key" value="([^"]+)"', client.get(address).content.decode())
    )
    return client.post(f"{address}/answer", {"form_key": key, **data})


WANT = {"want": "A second bin.", "channel": "phone", "at": "", "sent_key": str(uuid4())}


class TestAskingAtTheDesk:
    """What was put right is asked about, in words that stand ready."""

    def test_the_case_says_what_to_ask_and_records_that_it_was_asked(self, case, laura):
        page = page_of(laura, case)
        assert "It was put right. Ask the customer:" in page
        assert "is it right now, or do you want something more?" in page

        answer = laura.post(f"/messages/{the_question(case).pk}/asked", {"channel": "phone"})

        assert answer.status_code == 302
        asking = Asking.objects.get(case=case)
        assert (asking.asked_at, asking.message.said_by) == (NOW, a_person())
        assert "Asked whether it is right" in page_of(laura, case)
        assert verify.run() == []

    def test_saying_it_twice_counts_once(self, case, laura):
        address = f"/messages/{the_question(case).pk}/asked"
        laura.post(address, {"channel": "phone"})

        assert laura.post(address, {"channel": "email"}).status_code == 409

    def test_a_case_with_nothing_left_to_do_offers_to_ask(self, day, laura):
        case = cases.Case.objects.get(pk=day.bin.pk)
        for promise in case.promises.still_open().exclude(kind="news"):
            promises.release_promise(
                promise_id=promise.pk, at=NOW, evidence="She wants it no more.",
                by=day.laura, now=NOW,
            )  # fmt: skip
        assert "Ask whether it is right" in page_of(laura, case)

        laura.post(f"/cases/{case.reference}/ask")
        assert the_question(case).said_at is None
        assert laura.post(f"/cases/{case.reference}/ask").status_code == 409

    def test_an_apology_is_no_question(self, case, laura):
        apology = case.messages.create(kind="apology", about="x", queued_at=NOW)
        assert laura.post(f"/messages/{apology.pk}/asked", {"channel": "phone"}).status_code == 404


class TestWantsAtTheDesk:
    """A want becomes a promise or an honest no with an alternative."""

    def test_a_want_is_recorded_in_their_words_with_who_heard_it(self, case, laura):
        answer = laura.post(f"/cases/{case.reference}/wants", WANT)

        assert answer.status_code == 302
        want = Want.objects.get()
        assert (want.words, want.contact.staff) == ("A second bin.", a_person())
        page = page_of(laura, case)
        assert "They want <q>A second bin.</q>" in page
        assert "An honest no" in page

    def test_cant_is_sent_back_with_the_words_kept(self, case, laura):
        laura.post(f"/cases/{case.reference}/wants", WANT)
        no = {"honest_no": "We can't do that.", "instead": "A lid.", "channel": "phone"}

        answer = laura.post(f"/wants/{Want.objects.get().pk}/decline", no)

        assert answer.status_code == 422
        assert "say what we do not do and why, or do it." in body_of(answer)
        assert "We can&#x27;t do that." in body_of(answer)

    def test_an_honest_no_stands_on_their_page(self, case, laura):
        laura.post(f"/cases/{case.reference}/wants", WANT)
        no = {
            "honest_no": "We leave one bin for each household.",
            "instead": "A larger bin is yours if you like it.",
            "channel": "phone",
        }
        answer = laura.post(f"/wants/{Want.objects.get().pk}/decline", no)

        assert answer.status_code == 302
        client, address = the_page(case)
        theirs = body_of(client.get(address))
        assert "What you asked for" in theirs
        assert "A larger bin is yours if you like it." in theirs

    def test_money_that_could_be_given_is_recorded_as_not_given(self, day, case, laura):
        may_give(day.laura, held=limits(9_000, 90_000))
        laura.post(f"/cases/{case.reference}/wants", WANT)
        no = {
            "honest_no": "We do not pay for the second day.", "instead": "A larger bin is yours.",
            "channel": "phone", "amount": "20", "currency": "GBP", "why": "Paid already.",
        }  # fmt: skip
        assert laura.post(f"/wants/{Want.objects.get().pk}/decline", no).status_code == 302
        assert Withholding.objects.get().amount_minor == 2_000

    def test_money_beyond_ones_authority_is_not_refused_here(self, case, laura):
        laura.post(f"/cases/{case.reference}/wants", WANT)
        no = {
            "honest_no": "We do not pay that.", "instead": "A larger bin.", "channel": "phone",
            "amount": "2000", "currency": "GBP", "why": "Too much.",
        }  # fmt: skip
        answer = laura.post(f"/wants/{Want.objects.get().pk}/decline", no)

        assert answer.status_code == 409
        assert "ask for approval" in body_of(answer)

    def test_it_can_be_promised(self, case, laura):
        laura.post(f"/cases/{case.reference}/wants", WANT)
        word = {
            "words": "A second bin by Friday.", "kind": "delivery", "channel": "phone",
            "due_on": "2026-06-05", "due_time": "", "said_at": "",
        }  # fmt: skip
        answer = laura.post(f"/wants/{Want.objects.get().pk}/promise", word)

        assert answer.status_code == 302, body_of(answer)
        assert Want.objects.get().promise.words == "A second bin by Friday."

    def test_the_form_of_another_case_does_not_open_here(self, day, case, laura):
        laura.post(f"/cases/{case.reference}/wants", WANT)
        want = Want.objects.get()
        page = body_of(laura.get(f"/cases/{day.bill.reference}?act=decline_want&on={want.pk}"))
        assert "What you offer instead" not in page


class TestEnds:
    """By the top of the ladder, by mistake, and back again."""

    def test_the_executive_ends_it_with_the_external_route(self, case):
        climb(case, now=NOW)
        boss = case.team.executive
        type(boss).objects.filter(pk=boss.pk).update(role=Role.EXECUTIVE)
        boss.refresh_from_db()
        client = signed_in(boss)
        assert "End without a yes" in page_of(client, case)

        answer = client.post(
            f"/cases/{case.reference}/part",
            {
                "tried": "All of it.", "route": "the Ombudsman, 0300 061 0614",
                "words": "I am sorry. You can turn to the Ombudsman.", "channel": "phone",
            },
        )  # fmt: skip

        assert answer.status_code == 302, body_of(answer)
        visitor, address = the_page(case)
        theirs = body_of(visitor.get(address))
        assert "We could not make it right for you" in theirs
        assert "the Ombudsman, 0300 061 0614" in theirs
        assert "It is not right after all" in theirs, "even this end is never switched off"

    def test_nobody_else_sees_that_end(self, case, laura):
        climb(case, now=NOW)
        assert "?act=part" not in page_of(laura, case)
        answer = laura.post(f"/cases/{case.reference}/part", {})
        assert answer.status_code == 403

    def test_a_slip_is_undone_by_one_button(self, case, laura):
        close = {"contact": "", "channel": "phone", "at": "", "note": "It is right."}
        laura.post(f"/cases/{case.reference}/close", close)
        page = laura.get(f"/cases/{case.reference}").content.decode()
        token = re.search(r'name="undo" value="([^"]+)"', page)[1]

        answer = laura.post("/undo", {"undo": token})

        assert answer.status_code == 302
        case.refresh_from_db()
        assert case.closed_at is None
        assert Contact.objects.get(case=case, note="It is right.").withdrawn_at == NOW
        assert verify.run() == []

    def test_a_wrong_closing_opens_again_with_a_reason(self, case, laura):
        yes = a_call(case, "It is right.", now=NOW - HOUR / 2, is_answer=True)
        cases.close_case(case_id=case.pk, answer=yes, now=NOW - HOUR / 2)
        assert "Closed by mistake" in page_of(laura, case)

        laura.post(f"/cases/{case.reference}/mistake", {"why": "It was Ms Wrong."})

        case.refresh_from_db()
        assert case.closed_at is None
        assert laura.post(f"/cases/{case.reference}/mistake", {"why": "x"}).status_code == 409

    def test_what_was_said_before_the_last_deed_is_no_answer(self, case, laura):
        a_call(case, "Where is my bin?", now=NOW - 2 * HOUR)
        page = page_of(laura, case)
        form = body_of(laura.get(f"/cases/{case.reference}?act=close"))
        assert "Where is my bin?" in page
        assert "Where is my bin?" not in form.split('class="mg-acts"')[1].split("</form>")[0]

    def test_nobody_answers_on_their_page_for_them(self, case, laura):
        close = {"contact": "", "channel": "web", "at": "", "note": "It is right."}
        answer = laura.post(f"/cases/{case.reference}/close", close)
        contact = {"direction": "inbound", "channel": "web", "note": "Yes.", "currency": "GBP"}
        other = laura.post(f"/cases/{case.reference}/contacts", contact)

        assert (answer.status_code, other.status_code) == (422, 422)
        assert not Contact.objects.filter(case=case, channel="web").exists()

    def test_the_ladder_is_climbed_by_a_button(self, case, laura):
        assert "Take it up to the lead" in page_of(laura, case)
        laura.post(f"/cases/{case.reference}/take-up")
        assert "Take it up to the head" in page_of(laura, case)
        assert case.escalations.get().reason == "unsatisfied"


class TestTheCustomersPage:
    """The question, and what may be answered to it."""

    def test_it_asks_and_takes_a_yes(self, case):
        client, address = the_page(case)
        assert "Is it right now, or do you want something more?" in body_of(client.get(address))

        send(client, address, right="yes")

        case.refresh_from_db()
        assert case.closed_by_contact.channel == "web"
        assert "You told us so" in body_of(client.get(address))
        assert verify.run() == []

    def test_right_and_more_keeps_it_open_and_promises_an_answer(self, case, laura):
        client, address = the_page(case)
        answer = send(client, address, right="more", want="A lid as well.")

        assert answer.status_code == 302
        case.refresh_from_db()
        assert case.closed_at is None
        assert Want.objects.get().words == "A lid as well."
        theirs = body_of(client.get(f"{address}?thanks=more"))
        assert "A lid as well." in theirs
        assert "answers" in theirs
        assert "They want <q>A lid as well.</q>" in page_of(laura, case)

    def test_more_without_words_is_asked_for_its_words(self, case):
        client, address = the_page(case)
        answer = send(client, address, right="more", want=" ")

        assert answer.status_code == 422
        assert "Please say what you want as well." in body_of(answer)

    def test_what_they_pressed_is_told_and_only_what_they_wrote_stands_in_quotes(self, case, laura):
        client, address = the_page(case)
        send(client, address, right="no", want="The lid is broken.")
        form_key = re.findall(r'name="form_key" value="([^"]+)"', body_of(client.get(address)))[0]
        client.post(f"{address}/write", {"form_key": form_key, "words": "It is the blue one."})

        for page in ("/", f"/cases/{case.reference}/page"):
            shown = body_of(laura.get(page))
            assert "The customer says that it is not right. <q>The lid is broken.</q>" in shown
            assert "<q>It is the blue one.</q>" in shown

    def test_what_they_wrote_stays_as_written_though_it_is_a_sentence_of_ours(self, case, laura):
        client, address = the_page(case)
        send(client, address, right="no", want="The lid is broken.")
        form_key = re.findall(r'name="form_key" value="([^"]+)"', body_of(client.get(address)))[0]
        theirs = "The customer says that it is not right. That is what you wrote of me."
        client.post(f"{address}/write", {"form_key": form_key, "words": theirs})
        Staff.objects.filter(name="Laura Bennett").update(language="de")

        for page in ("/", f"/cases/{case.reference}/page"):
            shown = body_of(laura.get(page))
            assert f"<q>{theirs}</q>" in shown
            assert (
                "Der Kunde sagt, dass es nicht in Ordnung ist. <q>The lid is broken.</q>" in shown
            )

    def test_not_yet_ends_the_question_and_gets_an_answer(self, case):
        ask(case, now=NOW)
        client, address = the_page(case)
        send(client, address, right="no", want="The lid is broken.")

        assert Asking.objects.get(case=case).ended_by == "heard"
        assert Promise.objects.still_open().filter(case=case, replies__isnull=False).exists()
        assert verify.run() == []

    def test_a_phoned_answer_names_who_heard_it(self, case):
        yes = a_call(case, "It is right.", now=NOW, is_answer=True)
        cases.close_case(case_id=case.pk, answer=yes, now=NOW)
        client, address = the_page(case)

        theirs = body_of(client.get(address))
        assert "You told Laura Bennett so by phone" in theirs
        assert "If you did not, tell us below." in theirs

    def test_the_pages_ask_a_constant_number_of_questions(self, case, laura):
        client, address = the_page(case)
        counts = []
        for more in range(2):
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
                laura.get(f"/cases/{case.reference}")
            counts.append(len(asked))
            if not more:
                for number in range(4):
                    laura.post(
                        f"/cases/{case.reference}/wants",
                        WANT | {"sent_key": str(uuid4()), "want": f"{number}"},
                    )
        assert counts[1] <= counts[0] + 3, counts


class TestAliceBobAndCharlie:
    """Somebody else's object, no right, not signed in."""

    @pytest.mark.parametrize(
        "path",
        ["cases/{ref}/ask", "cases/{ref}/wants", "cases/{ref}/take-up", "cases/{ref}/mistake"],
    )
    def test_who_may_only_read_or_is_not_signed_in_changes_nothing(self, case, path):
        keeper = a_person("Kay Keeper", role=Role.KNOWLEDGE_KEEPER)
        address = "/" + path.format(ref=case.reference)

        assert signed_in(keeper).post(address).status_code == 403
        assert Client().post(address).status_code == 302
        assert not Want.objects.exists()

    def test_one_link_answers_for_its_own_case_only(self, case):
        client, address = the_page(case)
        send(client, address, right="no", want="More.")

        assert set(Want.objects.values_list("case", flat=True)) == {case.pk}
        assert a_visit(case, now=NOW).case_id == case.pk
