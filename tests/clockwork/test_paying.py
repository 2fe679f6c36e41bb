"""What was granted is taken to its gateway: once, and again only when that was busy."""

from datetime import timedelta

import pytest

from makegood.clockwork.paying import pay_due
from makegood.gateways.payments import PaymentDelayedError, PaymentRefusedError, Receipt
from makegood.queries import verify
from makegood.records.models import Payment, Remedy
from money_world import a_remedy
from world import MONDAY

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


class Gateway:
    """Answers as it is told to."""

    def __init__(self, *answers) -> None:
        self.answers, self.had = list(answers), []

    def hand_over(self, instruction):
        self.had.append(instruction.key)
        answer = self.answers.pop(0) if self.answers else Receipt(reference="r", arrived=True)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_what_a_gateway_says_has_arrived_keeps_its_promise():
    remedy = a_remedy()
    assert pay_due(Gateway(), now=MONDAY + HOUR) == 1
    remedy.refresh_from_db()
    assert (remedy.outcome, remedy.promise.outcome) == ("arrived", "kept")
    assert verify.run() == []


def test_what_is_only_sent_waits_for_news():
    remedy = a_remedy()
    gateway = Gateway(Receipt(reference="batch 7"))
    pay_due(gateway, now=MONDAY)
    assert pay_due(gateway, now=MONDAY + HOUR) == 0
    payment = Payment.objects.get(remedy=remedy)
    assert (payment.state, payment.reference) == ("sent", "batch 7")
    assert Remedy.objects.get().outcome is None


def test_a_busy_gateway_is_asked_again_with_the_same_key():
    remedy = a_remedy()
    gateway = Gateway(PaymentDelayedError("busy"), PaymentDelayedError("busy"))
    for minutes in (0, 5, 20):
        pay_due(gateway, now=MONDAY + timedelta(minutes=minutes))
    assert gateway.had == [f"remedy-{remedy.pk}-1"] * 3
    assert Remedy.objects.get().outcome == "arrived"


def test_a_refusal_is_final_and_the_promise_keeps_running():
    a_remedy()
    gateway = Gateway(PaymentRefusedError("no such account"))
    pay_due(gateway, now=MONDAY)
    assert pay_due(gateway, now=MONDAY + HOUR) == 0
    assert Payment.objects.get().error == "no such account"
    assert Remedy.objects.get().promise.outcome is None


def test_a_crash_between_gateway_and_record_pays_once_since_the_key_is_the_same():
    a_remedy()

    class Crash(BaseException):
        pass

    gateway = Gateway()

    def hand_over_and_crash(instruction):
        gateway.had.append(instruction.key)
        raise Crash

    crashing = Gateway()
    crashing.hand_over = hand_over_and_crash
    with pytest.raises(Crash):
        pay_due(crashing, now=MONDAY)

    assert pay_due(gateway, now=MONDAY) == 0, "it is still claimed"
    assert pay_due(gateway, now=MONDAY + HOUR) == 1
    assert len(set(gateway.had)) == 1
