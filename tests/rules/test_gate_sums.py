"""Amounts in a text: how far the money has come, and which true sentence stands for a false one."""

from dataclasses import replace

import pytest

from gate_facts import CREDIT, FACTS, MACHINE, NEWS, VISIT, rules, verdict
from makegood.rules.gate.facts import Money

PUT = replace(
    CREDIT, minor=500, is_credit=True, says="We have put £5.00 on your account.", since=NEWS.since
)
WITH_CREDIT = replace(FACTS, sums=(PUT,))
SPENT = replace(CREDIT, key="contact:1", minor=300, how_far=Money.SPENT, says="You paid £3.00.")


@pytest.mark.parametrize(
    "text",
    [
        "We have put £5 on your account.",
        "I've put £5.00 on your account for the trouble.",
        "£5 has been put on to your account.",
        "We have put £5 on your account, so you can spend it on your next order.",
        "We have put £5 on your account and you can use it for your next bill.",
        "We have put £5 on your account, as we had promised.",
        "We have put £5 on your account, and I am sorry for the wait.",
        "I've put £5 on your account as we agreed, and you need not do anything.",
        "We have put £5 on your account because your train was cancelled.",
        "We have put £5 on your account for the wait, thank you for your patience.",
    ],
)
def test_a_credit_is_put_on_the_account_as_it_is_granted(text):
    assert verdict(text, facts=WITH_CREDIT).passes
    assert verdict(text, facts=WITH_CREDIT, speech=MACHINE).passes


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("We have put £6 on your account.", "NO_SUM"),
        ("£5 is on your account.", "NOT_ARRIVED"),
        ("We have put £5 on your account and it has been credited.", "NOT_ARRIVED"),
        ("We have put £5 on your card.", "NOT_ARRIVED"),
        ("We put £5 on your bank account.", "NOT_ARRIVED"),
        ("We put £5 into your account at the bank.", "NOT_ARRIVED"),
    ],
)
def test_a_credit_that_is_granted_is_not_there_yet_nor_another(text, rule):
    assert rules(verdict(text, facts=WITH_CREDIT)) == {rule}


@pytest.mark.parametrize("how_far", [Money.OWED, Money.CHARGED, Money.SPENT])
def test_what_is_only_owed_was_not_put_on_the_account(how_far):
    facts = replace(FACTS, sums=(replace(PUT, how_far=how_far),))

    assert rules(verdict("We have put £5 on your account.", facts=facts)) == {"NOT_ARRIVED"}


def test_what_goes_back_to_a_bank_was_not_put_on_the_account():
    facts = replace(FACTS, sums=(replace(PUT, is_credit=False),))

    assert rules(verdict("We have put £5 on your account.", facts=facts)) == {"NOT_ARRIVED"}


@pytest.mark.parametrize(
    "text",
    [
        "We have put £25 on your account.",
        "We have credited £25 to your account.",
        "£25 will be refunded.",
        "You get £25 from us.",
        "Sie erhalten von uns 25 £ wegen der langen Wartezeit, das ist jetzt sicher.",
    ],
)
def test_a_false_amount_is_answered_by_the_sum_that_is_true(text):
    found = verdict(text, facts=replace(WITH_CREDIT, sums=(PUT, SPENT)))

    assert found.instead == PUT.says
    assert verdict(text, facts=WITH_CREDIT, speech=MACHINE).instead == PUT.says


def test_all_that_is_wrong_in_a_sentence_is_answered():
    text = "We will visit you by 5pm on Friday and have put £25 on your account."

    assert verdict(text, facts=WITH_CREDIT).instead == f"{VISIT.says} {PUT.says}"


def test_what_they_paid_is_answered_by_what_they_paid():
    found = verdict("You paid £4 for calling us.", facts=replace(FACTS, sums=(PUT, SPENT)))

    assert [one.instead for one in found.objections] == [SPENT.says]


def test_of_several_sums_the_very_one_is_offered():
    other = replace(PUT, key="remedy:2", minor=1_000, says="We will pay you £10.00.")
    facts = replace(FACTS, sums=(PUT, replace(other, is_credit=False)))

    assert verdict("We have credited £5.", facts=facts).instead == PUT.says
    assert verdict("We have credited £10.", facts=facts).instead == other.says


def test_what_they_paid_is_never_offered_for_a_gift():
    found = verdict("You will get £25 back.", facts=replace(FACTS, sums=(SPENT,)))

    assert found.instead == NEWS.says


@pytest.mark.parametrize(
    "text",
    [
        "Here is £25 as a gift for you.",
        "We have taken £25 off your bill.",
        "We are giving you £25.",
        "£25 is yours.",
        "We have waived the £25 fee.",
        "We give you £25 off the price.",
        "I already gave you £25.",
    ],
)
@pytest.mark.parametrize("how_far", [Money.SPENT, Money.CHARGED])
def test_what_they_paid_is_the_answer_to_no_word_of_giving(text, how_far):
    found = verdict(text, facts=replace(FACTS, sums=(replace(SPENT, how_far=how_far),)))

    assert SPENT.says not in {one.instead for one in found.objections}
    assert found.instead == NEWS.says


@pytest.mark.parametrize(
    "text",
    [
        "A charge of £5 has been put on your account.",
        "We have put a £5 penalty on your account.",
        "A £5 late fee was put on your account.",
        "A debit of £5 has been put on your account.",
        "We have put £5 on your account as a fine.",
        "We have put the £5 that you owe us on your account.",
        "You have put £5 on your account.",
        "We have put £5 on your account and contacted the manufacturer.",
        "We have put £5 on your account and replaced your meter.",
        "We have put £5 on your account and cancelled your contract.",
        "We have put £5 on your account and have approved your claim.",
        "We have put £5 on your account, and your contract cancelled.",
        "We have put £5 on your account, so you are now moved to another tariff.",
        "We have put £5 on your account, as you know, and changed your tariff.",
        "We have put £5 on your account and your landlord contacted.",
        "We have put £5 on your account after calling the manufacturer.",
        "We have put £5 on your account and £5 on your card.",
        "We have put £5 on your account and we took your old meter away.",
        "We have put £5 on your account and I got you a better tariff.",
        "We have put £5 on your account and we chose another supplier for you.",
        "We have put £5 on your account, and this ends your contract.",
        "We have put £5 on your account and we sold your old meter.",
        "We have put £5 on your account and we won your case for you.",
        "We have put £5 on your account and you got a new meter.",
        "We have put £5 on your account, so you are free of your contract.",
        "We have put £5 on your account, so you can keep your old meter.",
        "We have put £5 on your account, and I am sorry for the meter we took away.",
        "We have put £5 on your account and you can use it for your bill and your contract.",
        "We have put £5 on your account and they know about it.",
        "We have put £5 on your account, so you can spend it now.",
        "We have put a stop on your account.",
        "We have put a note on your account.",
    ],
)
def test_a_credit_bears_no_charge_and_no_other_deed(text):
    assert rules(verdict(text, facts=WITH_CREDIT, speech=MACHINE))


@pytest.mark.parametrize(
    "text",
    [
        "We have put £5 on your account, and it is in your bank.",
        "We have put £5 on your account and it is already there.",
        "We have put £5 on your account, and it's there now.",
        "We have put £5 on your account and it reached your bank.",
        "We have put £5 on your account and it has arrived.",
        "We put £5 on your account and it is in your bank.",
        "We put £5 on your account so it is already there.",
    ],
)
def test_what_was_put_on_the_account_is_not_said_to_be_there_before_it_is(text):
    assert "NOT_ARRIVED" in rules(verdict(text, facts=WITH_CREDIT))
    arrived = replace(FACTS, sums=(replace(PUT, how_far=Money.ARRIVED),))
    assert "NOT_ARRIVED" not in rules(verdict(text, facts=arrived))


def test_a_credit_put_onto_the_account_is_true():
    assert not rules(verdict("We've put £5.00 onto your account.", facts=WITH_CREDIT))


FEE = replace(CREDIT, key="contact:1", minor=300, how_far=Money.CHARGED, says="It cost £3.00.")


@pytest.mark.parametrize(
    "text",
    [
        "The fee of £3 stands in your account.",
        "We see the £3 fee in your account.",
        "You can see the charge of £3 in your account.",
        "You can see the charge of £3 on your bank account.",
        "You find the £25 in your account from Friday.",
        "We transfer £25 into your account.",
        "We are paying £25 into your account.",
        "£25 has been sent into your bank account.",
    ],
)
def test_what_is_seen_in_an_account_or_on_its_way_to_it_has_not_arrived_there(text):
    facts = replace(FACTS, sums=(FEE, CREDIT))

    assert not {"NOT_ARRIVED", "NO_SUM"} & rules(verdict(text, facts=facts))
    assert not {"NOT_ARRIVED", "NO_SUM"} & rules(verdict(text, facts=facts, speech=MACHINE))


@pytest.mark.parametrize(
    "text",
    [
        "£25 has been put into your bank account.",
        "£25 is now in your bank account.",
        "The £25 are in your account.",
        "The £25 arrived in your account.",
        "We put the £25 into your account.",
        "We have put £25 on your bank account.",
        "The £25 is in your account by now.",
    ],
)
def test_what_is_in_an_account_has_arrived(text):
    assert rules(verdict(text)) >= {"NOT_ARRIVED"}
    assert "NOT_ARRIVED" not in rules(
        verdict(text, facts=replace(FACTS, sums=(replace(CREDIT, how_far=Money.ARRIVED),)))
    )


@pytest.mark.parametrize(
    "text",
    [
        "You paid £30 for the gift card.",
        "You paid £30 for the voucher.",
        "You gave us £30.",
        "You have given us £30.",
        "You spent £30 on gifts.",
        "You were charged £30, although it is yours.",
        "You've already paid £30 for the vouchers.",
    ],
)
def test_what_we_give_is_no_answer_to_what_they_paid(text):
    spent = replace(SPENT, minor=2500, says="You paid £25.00.")
    found = verdict(text, facts=replace(FACTS, sums=(spent, CREDIT)), speech=MACHINE)

    assert found.objections
    assert CREDIT.says not in {one.instead for one in found.objections}
    assert found.instead == NEWS.says
