"""Late promises at the desk and on the customer's page: believed, honoured; and who may not."""

import pytest

from honour_world import BOTH_A_YEAR, a_claim, after, an_article
from letter_world import a_case_by_mail
from makegood.actions import links, promises
from makegood.records.models import Claim, ClaimStep, Letter, Remedy
from money_world import limits, may_give
from world import MONDAY, a_case, a_person, a_team, a_word

pytestmark = pytest.mark.django_db

ASKS = "We could lay it free of charge. What would make it right for you?"
TOLD = {
    "tell": "We gave you our word, and you keep it.",
    "channel": "phone",
    "why": "Our word.",
    "cost": "",
    "currency": "GBP",
}


@pytest.fixture(autouse=True)
def _soon(time_machine):
    time_machine.move_to(after(30), tick=False)


@pytest.fixture
def laura(client):
    person = a_person(role="owner")
    may_give(person, held=limits(5_000, 50_000))
    client.force_login(person)
    return person


@pytest.fixture
def case(laura):
    assert laura.role == "owner"
    return a_case_by_mail(name="A sincere customer")


def said(**more) -> dict[str, object]:
    return {
        "promised": BOTH_A_YEAR,
        "source": "customer",
        "speaker_name": "A clerk",
        "said_at": "2026-05-25T10:00",
        "channel": "phone",
        "at": "",
    } | more


def test_it_is_recorded_with_what_we_hold_and_nothing_is_asked_of_the_customer(client, case):
    earlier = promises.make_promise(case.pk, a_word(words=BOTH_A_YEAR), now=MONDAY)

    answer = client.post(f"/cases/{case.reference}/claims", said(said_at=""))

    assert answer.status_code == 302
    claim = Claim.objects.get()
    assert (claim.promise, claim.speaker_name) == (earlier, "A clerk")
    page = client.get(answer.url).content.decode()
    assert "What we hold about it ourselves" in page
    assert "proof" not in page


def test_a_paper_that_was_found_is_no_contact_and_what_is_missing_comes_back(client, case):
    client.post(f"/cases/{case.reference}/claims", said(source="paper"))
    assert Claim.objects.get().contact is None

    answer = client.post(f"/cases/{case.reference}/claims", said(promised=""))

    assert answer.status_code == 422
    assert Claim.objects.count() == 1


def test_a_mistake_is_owned_up_to_and_its_promise_is_not_taken_back(client, case):
    made = promises.make_promise(case.pk, a_word(words=BOTH_A_YEAR), now=MONDAY)
    client.post(f"/promises/{made.pk}/mistaken", {"why": "The flyer says six."})
    claim = Claim.objects.get()

    refused = client.post(
        f"/promises/{made.pk}/release", {"evidence": "They understood.", "at": ""}
    )

    assert refused.status_code == 409
    assert "takes back what the customer was promised" in refused.content.decode()
    client.post(f"/claims/{claim.pk}/honour", TOLD)
    claim.refresh_from_db()
    assert (claim.outcome, made.outcome) == ("honoured", None)


def test_a_word_that_is_on_no_record_becomes_a_promise_with_a_day_and_a_letter(client, case):
    claim = a_claim(case)
    opened = client.get(f"/cases/{case.reference}?act=honour&on={claim.pk}").content.decode()
    assert BOTH_A_YEAR in opened
    sent = TOLD | {
        "words": "Your statement shows the year.", "due_on": "2026-06-30", "due_time": "",
        "kind": "other", "channel": "email",
    }  # fmt: skip

    answer = client.post(f"/claims/{claim.pk}/honour", sent)

    assert answer.status_code == 302
    step = ClaimStep.objects.get()
    assert Letter.objects.get(pk=step.letter_id).promise == step.promise


def test_the_whole_ladder_from_its_page(client, case):
    claim = a_claim(case)
    at = f"/claims/{claim.pk}"
    client.post(f"{at}/instead", TOLD | {"offer": "Free laying", "tell": ASKS})
    assert "Their answer is awaited" in client.get(f"/cases/{case.reference}").content.decode()
    client.post(f"{at}/refuse", {"note": "No.", "channel": "phone"})
    opened = client.get(f"/cases/{case.reference}?act=value&on={claim.pk}").content.decode()
    assert "Give it, and tell them" in opened

    value = {
        "kind": "credit", "amount": "25", "currency": "GBP", "thing": "", "because": "Our word.",
        "price": "", "key": "8d7f9d4e-6f0d-4b6f-9d9a-3c6f5d1f2b11", "channel": "phone",
        "tell": "We are sorry. We give you something for it.",
    }  # fmt: skip
    answer = client.post(f"{at}/value", value)

    assert answer.status_code == 302
    claim.refresh_from_db()
    assert (claim.outcome, Remedy.objects.get().amount_minor) == ("value", 2_500)


@pytest.mark.parametrize(
    ("sent", "outcome"),
    [
        ({"words": "We lay it.", "due_on": "2026-06-30", "amount": ""}, "substituted"),
        ({"words": "", "due_on": "", "amount": "30"}, "substituted"),
        ({"words": "", "due_on": "", "amount": ""}, ""),
        ({"words": "We lay it.", "due_on": "", "amount": ""}, ""),
    ],
)
def test_what_they_say_makes_it_right_is_a_promise_or_money(client, case, sent, outcome):
    claim = a_claim(case)
    client.post(f"/claims/{claim.pk}/instead", TOLD | {"offer": "Laying", "tell": ASKS})
    form = {
        "note": "That would.", "channel": "phone", "kind": "other", "due_time": "",
        "currency": "GBP", "key": "8d7f9d4e-6f0d-4b6f-9d9a-3c6f5d1f2b11",
    }  # fmt: skip

    client.post(f"/claims/{claim.pk}/take", form | sent)

    claim.refresh_from_db()
    assert claim.outcome == outcome


def test_beyond_their_authority_somebody_named_has_it(client, case):
    claim = a_claim(case)
    sent = TOLD | {"words": "The year.", "due_on": "2026-06-30", "kind": "other", "cost": "90"}

    client.post(f"/claims/{claim.pk}/honour", sent)

    assert not ClaimStep.objects.exists()
    assert "has it now, with a clock" in client.get(f"/cases/{case.reference}").content.decode()


def test_whoever_has_to_decide_hears_what_was_promised_by_whom_and_by_when(client, case, laura):
    claim = a_claim(case, said_at=MONDAY)
    sent = TOLD | {"words": "The year.", "due_on": "2026-06-30", "kind": "other", "cost": "90"}
    client.post(f"/claims/{claim.pk}/honour", sent)
    lead, telling = a_team().lead, case.escalations.get()

    client.force_login(lead)
    board = client.get("/").content.decode()
    brief = client.get(f"/brief/{telling.pk}").content.decode()

    for page in (board, brief):
        assert "hat they were promised is for you to decide" in page
        assert f"<q>{BOTH_A_YEAR}</q>" in page
        assert "promised by A clerk" in page
        assert "they hear how by" in page
        assert "not satisfied" not in page
    assert "We believe you. I am deciding how we keep it." in brief
    assert f"{laura.name} asked {lead.name} to decide" in (
        client.get(f"/cases/{case.reference}").content.decode()
    )


def test_who_may_only_read_decides_nothing(client, laura):
    claim = a_claim(a_case())
    client.force_login(a_person("Kim", role="knowledge_keeper"))
    for act in ("honour", "instead", "take", "refuse", "value", "let-go"):
        assert client.post(f"/claims/{claim.pk}/{act}").status_code == 403
    client.force_login(laura)
    assert client.post("/claims/0/honour").status_code == 404
    client.logout()
    assert client.post(f"/claims/{claim.pk}/honour").status_code == 302


def test_only_the_customer_lets_go(client, case):
    claim = a_claim(case)
    client.post(f"/claims/{claim.pk}/let-go", {"note": "Never mind.", "channel": "phone"})
    claim.refresh_from_db()
    assert claim.outcome == "let_go"


def test_on_their_page_they_say_what_they_were_promised_and_see_that_it_counts(client, case):
    an_article()
    at = f"/c/{links.mint_link(case.pk, now=after(30))}"
    key = client.get(at).context["form_key"]

    sent = client.post(f"{at}/promised", {"promised": BOTH_A_YEAR, "form_key": key})

    page = client.get(sent.url).content.decode()
    assert "We take your word for it" in page
    claim = Claim.objects.get()
    assert (claim.recorded_by, claim.doubts.count()) == (None, 1)
    for hidden in ("flyer", "doubt", "6 months", "contradict"):
        assert hidden not in page.lower()


def test_their_page_shows_the_offer_and_takes_their_answer_to_the_owner(client, case):
    claim = a_claim(case)
    client.post(f"/claims/{claim.pk}/instead", TOLD | {"offer": "Free laying", "tell": ASKS})
    at = f"/c/{links.mint_link(case.pk, now=after(30))}"

    page = client.get(at)

    assert "Free laying" in page.content.decode()
    assert f'id="offer-{claim.pk}"' in page.content.decode()
    empty = client.post(f"{at}/promised", {"promised": " ", "form_key": page.context["form_key"]})
    assert empty.status_code == 422


def test_a_page_asks_as_many_questions_for_many_steps_as_for_one(
    client, case, django_assert_max_num_queries
):
    claim = a_claim(case)
    here, at = f"/cases/{case.reference}", f"/claims/{claim.pk}"
    client.post(f"{at}/instead", TOLD | {"offer": "Laying", "tell": ASKS})
    with django_assert_max_num_queries(40) as one:
        client.get(here)
        asked = len(one)
    client.post(f"{at}/refuse", {"note": "No.", "channel": "phone"})
    with django_assert_max_num_queries(asked):
        client.get(here)
