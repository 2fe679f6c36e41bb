"""Each rule of wording hits what it should, and stays silent on what only looks alike."""

import pytest

from makegood.rules.wording.check import check
from makegood.rules.wording.findings import Context, Level
from makegood.rules.wording.rulebook import RULES

HITS = [
    ("BLAME", "You should have told the driver about the gate."),
    ("BLAME", "If you had answered the door, the parcel would be with you."),
    ("BLAME", "The delay is your own fault."),
    ("BLAME", "You didn\u2019t read the leaflet."),
    ("DOUBT", "You may have misread the letter."),
    ("DOUBT", "We have no record of your call."),
    ("DOUBT", "You claim that the engineer never rang."),
    ("URGENCY_Q", "Did you mention that you needed it on Monday?"),
    ("COLLEAGUE", "That is down to the drivers."),
    ("COLLEAGUE", "Our trainee took that call."),
    ("NOT_US", "That was just an automated email."),
    ("NOT_US", "We have no control over the depot."),
    ("CANT", "I am unable to waive that."),
    ("CANT", "We cannot refund the postage."),
    ("QUALIFIER", "We are making an exception here."),
    ("QUALIFIER", "Here is a one-time credit."),
    ("GRUDGE", "I suppose we can send another."),
    ("LIMIT_TALK", "You have reached your limit."),
    ("CUSTOMER_WORK", "Please call us on Friday."),
    ("CUSTOMER_WORK", "You will need to send the form again."),
    ("VAGUE_TIME", "Somebody will be with you shortly."),
    ("VAGUE_TIME", "We will fix it AS SOON AS\nPOSSIBLE."),
    ("GUESS", "I have no idea when the van comes."),
    ("NONAPOLOGY", "I am sorry if this was annoying."),
    ("NONAPOLOGY", "We regret any trouble."),
    ("EXCUSE", "Replies take longer due to high demand."),
    ("BUSY", "We are really busy this week."),
    ("POLICY", "As per our terms, a fee applies."),
    ("FALSE_URGENCY", "This is our final offer."),
    ("PROMISE_BETTER", "Rest assured that we take care of it."),
    ("MINIMISE", "It was only a minor leak."),
    ("COMPARE", "Other customers are waiting as well."),
    ("DEMAND_PROOF", "Please send us the receipt."),
    ("SCRIPT", "Thank you for reaching out."),
    ("UNDATED_PAST", "We tried to reach you."),
    ("UNFORTUNATELY", "Unfortunately the van has left."),
]

NEAR_MISSES = [
    ("BLAME", "This was not your mistake."),
    ("BLAME", "There is nothing you should have done differently."),
    ("BLAME", "You should have received the letter by now."),
    ("BLAME", "You reported it on Monday."),
    ("DOUBT", "Are you sure you want to cancel the order?"),
    ("DOUBT", "You may have a window open."),
    ("URGENCY_Q", "Did you say Tuesday or Wednesday?"),
    ("COLLEAGUE", "The driver has the parcel with him."),
    ("COLLEAGUE", "They should be emptied on Thursday."),
    ("NOT_US", "The automated gate is open."),
    ("CANT", "We can't thank you enough."),
    ("CANT", "I have locked it, so you cannot be charged twice."),
    ("CANT", "A can of paint is on its way."),
    ("QUALIFIER", "Your one-time code is in the app."),
    ("QUALIFIER", "The exception report is attached."),
    ("GRUDGE", "Your parcel is fine, just take it with you."),
    ("LIMIT_TALK", "The speed limit there is 30."),
    ("CUSTOMER_WORK", "You don't need to call us."),
    ("CUSTOMER_WORK", "Please call 112 and leave the house."),
    ("VAGUE_TIME", "Soon: on Thursday before noon."),
    ("VAGUE_TIME", "As soon as it arrives on 12 June, I bring it."),
    ("GUESS", "I do not know the cause and will tell you by 16:00."),
    ("NONAPOLOGY", "I am sorry. If you prefer a call, tell me."),
    ("NONAPOLOGY", "I am sorry for your loss."),
    ("EXCUSE", "The bus is due to arrive at nine."),
    ("EXCUSE", "It was our mistake, due to high demand in the depot."),
    ("BUSY", "The line was busy at 14:05."),
    ("BUSY", "Ms Busy signed for it."),
    ("POLICY", "Your insurance policy is unchanged."),
    ("POLICY", "Our policy lets me refund it."),
    ("FALSE_URGENCY", "Your final bill is zero."),
    ("PROMISE_BETTER", "It will not happen again because since Monday two people check it."),
    ("MINIMISE", "Only one visit is needed."),
    ("COMPARE", "You and your neighbours are served together."),
    ("DEMAND_PROOF", "No need to send the receipt."),
    ("SCRIPT", "I contacted the depot."),
    ("UNDATED_PAST", "We tried to call at 14:05."),
    ("UNFORTUNATELY", "The fee is cancelled."),
]


def rules_of(text, **context):
    return {finding.rule for finding in check(text, context=Context(**context)).findings}


def level_of(rule, text, **context):
    found = check(text, context=Context(**context)).findings
    return next((finding.level for finding in found if finding.rule == rule), None)


@pytest.mark.parametrize(("rule", "text"), HITS)
def test_a_rule_hits(rule, text):
    assert rule in rules_of(text)


@pytest.mark.parametrize(("rule", "text"), NEAR_MISSES)
def test_a_rule_stays_silent_on_what_only_looks_alike(rule, text):
    assert rule not in rules_of(text)


def test_every_rule_has_a_hit_and_a_near_miss():
    names = {rule.name for rule in RULES} - {"THANKS_ONLY"}
    assert {rule for rule, _ in HITS} == names
    assert {rule for rule, _ in NEAR_MISSES} == names


def test_thanks_do_not_replace_responsibility():
    thanks = "Thank you for your patience."
    assert rules_of(thanks) == set()
    assert rules_of(thanks, our_fault=True) == {"THANKS_ONLY"}
    assert rules_of(f"It was our mistake. {thanks}", our_fault=True) == set()


def test_quotes_replies_and_legal_regions_are_not_read():
    assert rules_of('You wrote: "your driver should not have left". You are right.') == set()
    assert rules_of("> you should have told us\nYou are right.") == set()
    assert rules_of("{{legal}}Without prejudice.{{/legal}} Here is the money.") == set()
    assert rules_of("Without prejudice.", legal=True) == set()


def test_a_customers_words_are_never_checked():
    assert rules_of("You should have told me!", inbound=True) == set()


def test_other_languages_are_off_with_a_notice():
    checked = check("Wir können Ihnen das leider nicht sagen und bitten Sie um Geduld.")
    assert checked.findings == ()
    assert "not English" in checked.notices[0]
    assert check("Наш мастер приедет завтра утром").notices
    assert not check("The engineer comes on Thursday.").notices


@pytest.mark.parametrize(
    "text",
    [
        "YOU SHOULD HAVE TOLD US.",
        "you should\nhave told us",
        "you **should have** told us",
        "you sho\u200buld have told us",
        "\U0001f600 you should \t have told us",
    ],
)
def test_writing_it_otherwise_hides_nothing(text):
    assert "BLAME" in rules_of(text)


def test_a_refusal_with_an_alternative_is_only_a_hint():
    text = "I can't move Friday, but I can offer Thursday at six."
    assert level_of("CANT", text) is Level.HINT
    assert level_of("CANT", "I can't move Friday.") is Level.WARN


def test_needed_access_is_said_to_be_the_reason():
    [finding] = check("You will need to be home between 8 and 10.").findings
    assert (finding.rule, finding.level) == ("CUSTOMER_WORK", Level.WARN)
    assert "access_needed" in finding.reason


def test_contact_us_is_fine_beside_a_next_step_of_ours():
    assert rules_of("I will call you at nine. Please contact us if you are early.") == set()


def test_only_a_rule_that_has_earned_it_blocks():
    assert level_of("NONAPOLOGY", "Sorry if this was annoying.") is Level.BLOCK
    assert level_of("BLAME", "The delay is your own fault.") is Level.WARN


def test_a_linked_change_makes_a_pledge_true():
    assert rules_of("It will not happen again.", linked_change=True) == set()
    assert rules_of("It will not happen again.") == {"PROMISE_BETTER"}


def test_a_finding_names_a_place_a_reason_and_something_better():
    text = "Good morning \u2014 you\u2019ve waited; sorry if that hurt."
    [finding] = check(text).findings
    assert text[finding.start : finding.end].strip() == "sorry if that"
    assert finding.reason
    assert finding.better
