"""Letters go to a real mail server: what they look like, and what happens when it misbehaves."""

from datetime import timedelta

import pytest
import vobject

from letter_world import ADDRESS, a_case_by_mail, a_letter, quiet
from mail_world import HOST, MAILBOX, a_mail, came
from makegood.actions import crews, letters, parts
from makegood.actions.public_reports import recognise
from makegood.clockwork import letters_out
from makegood.gateways.sms import SmsError, SmsRefusedError
from makegood.queries.customer_page import get_customer_page
from makegood.records.models import CaseLink, EtaSource, Letter, PromiseRevision
from makegood.rules.letters import LetterChannel, LetterState, state, token_in
from post_office import a_post_office, html_of, text_of
from visit_world import DAY, a_visit_for_a_part, order_of, slot_of
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(settings):
    with a_post_office(settings) as office:
        yield office


def stand(letter: Letter, *, now=MONDAY) -> LetterState:
    letter.refresh_from_db()
    return state(letter.travel(), now=now)


def test_a_letter_says_the_same_as_the_page_in_text_and_html_with_one_link_and_no_tracking(office):
    case = a_case_by_mail(name="Zoë <script>", zone="Europe/Berlin")
    letter = a_letter(case, words="We are on it.\n\nThe crew <b>comes</b> again.")
    assert letters_out.send_waiting(quiet(), now=MONDAY) == 1

    sent = office.letters[0]
    text, html = text_of(sent), html_of(sent)
    assert stand(letter) is LetterState.SENT
    assert (sent["To"], sent["Message-ID"]) == (ADDRESS, letter.message_id)
    assert "Auto-Submitted" not in sent
    assert "Hello Zoë <script>," in text
    assert "Zoë &lt;script&gt;," in html
    assert "&lt;b&gt;comes&lt;/b&gt;" in html
    news = get_customer_page(case.pk, now=MONDAY).next
    assert news is not None
    clock = news.due.in_full.partition(" ")[0]
    for form in (text, html):
        assert news.words in form
        assert f"{clock} on Tuesday 2 June" in form
        assert "today" not in form
        assert "Berlin time" in form
        assert form.count("http://") == 1
    assert "<img" not in html
    assert entries(sent) == []
    link = text.partition("/c/")[2].split()[0]
    assert bytes(CaseLink.objects.get().token_digest) == letters.links.digest(link)


def entries(sent) -> list:
    return [part for part in sent.walk() if part.get_content_type() == "text/calendar"]


def test_a_letter_that_moves_a_visit_or_calls_it_off_brings_the_entry_for_the_calendar(office):
    visit = a_visit_for_a_part(a_case_by_mail())
    first = slot_of(visit)
    moved = {"source": EtaSource.API, "by": None, "now": MONDAY}
    parts.record_eta(order_of(visit).pk, MONDAY + 8 * DAY, **moved)
    letters_out.send_waiting(quiet(), now=MONDAY)
    second = slot_of(visit)
    away = {"starts_at": MONDAY, "ends_at": MONDAY + 90 * DAY, "by": a_person(), "now": MONDAY}
    crews.record_absence(second.crew_id, **away)
    crews.move_off(second.crew_id, now=MONDAY)
    letters_out.send_waiting(quiet(), now=MONDAY)

    files = [entry for sent in office.letters for entry in entries(sent)]
    read = [vobject.readOne(file.get_content()) for file in files]
    assert second.opens_at > first.opens_at
    assert [file.get_param("method") for file in files] == ["REQUEST", "CANCEL"]
    assert [one.method.value for one in read] == ["REQUEST", "CANCEL"]
    assert {one.vevent.uid.value for one in read} == {f"{visit.uuid}@makegood"}
    assert read[0].vevent.dtstart.value == second.opens_at
    assert int(read[1].vevent.sequence.value) > int(read[0].vevent.sequence.value)


def test_answers_go_to_an_address_of_the_letter_and_bounces_to_one_that_nobody_reads_in_it(office):
    letter = a_letter()
    letters_out.send_waiting(quiet(), now=MONDAY)
    back = str(office.letters[0]["Reply-To"])
    mark = letters.return_mark(letter)
    assert letters.letters.digest(token_in(back)) == bytes(letter.reply_digest)
    assert office.senders == [f"help+{mark}@example.com"]
    assert mark.partition("-")[2] not in office.letters[0].as_string()


def test_letters_of_a_case_are_one_thread(office):
    case = a_case_by_mail()
    first = a_letter(case)
    second = a_letter(case, answers_id="<theirs@example.net>")
    letters_out.send_waiting(quiet(), now=MONDAY)
    sent = office.letters[1]
    assert sent["In-Reply-To"] == "<theirs@example.net>"
    assert sent["References"] == f"{first.message_id} <theirs@example.net>"
    assert sent["Subject"] == office.letters[0]["Subject"]
    assert sent["Message-ID"] == second.message_id


def test_a_server_that_can_is_asked_for_a_receipt(office):
    office.gives_receipts = True
    letter = a_letter()
    letters_out.send_waiting(quiet(), now=MONDAY)
    assert office.asked["NOTIFY"] == "SUCCESS,FAILURE,DELAY"
    assert str(office.asked["ENVID"]).lower() == letters.return_mark(letter)
    assert stand(letter) is LetterState.SENT


def test_attack_11_an_automatic_letter_holds_nothing_that_a_stranger_wrote(office):
    case = a_case_by_mail(name="Buy pills at evil.example", is_verified=False)
    case.title = "Cheap loans at evil.example"
    case.save()
    letters.write_receipt(case, now=MONDAY)
    letters_out.send_waiting(quiet(), now=MONDAY)
    sent = office.letters[0]
    assert sent["Auto-Submitted"] == "auto-generated"
    assert "evil.example" not in sent.as_string() + text_of(sent) + html_of(sent)
    assert "Hello,\r\n" in text_of(sent)
    recognise(case.pk, by=a_person(), now=MONDAY)


def test_attack_11_nor_does_the_entry_of_a_visit_that_goes_beside_one(office):
    typed = {"name": "Buy pills at evil.example", "address": "Cheap loans at evil.example"}
    visit = a_visit_for_a_part(a_case_by_mail(is_verified=False, **typed))
    moved = {"source": EtaSource.API, "by": None, "now": MONDAY}
    parts.record_eta(order_of(visit).pk, MONDAY + 8 * DAY, **moved)

    letters_out.send_waiting(quiet(), now=MONDAY)

    [sent] = office.letters
    assert sent["Auto-Submitted"] == "auto-generated"
    assert entries(sent) == []
    assert "evil.example" not in sent.as_string() + text_of(sent) + html_of(sent)


def test_a_letter_by_hand_that_tells_a_new_time_brings_its_entry_too(office, settings):
    settings.DEFAULT_FROM_EMAIL = "Example Ltd <help@example.com>"
    case = a_case_by_mail()
    visit = a_visit_for_a_part(case)
    moved = {"source": EtaSource.API, "by": None, "now": MONDAY}
    parts.record_eta(order_of(visit).pk, MONDAY + 8 * DAY, **moved)
    Letter.objects.all().delete()
    a_letter(case, revision=PromiseRevision.objects.get())

    letters_out.send_waiting(quiet(), now=MONDAY)

    [entry] = entries(office.letters[0])
    read = vobject.readOne(entry.get_content())
    assert read.vevent.dtstart.value == slot_of(visit).opens_at
    assert read.vevent.organizer.value == "mailto:help@example.com"


def test_attack_15_no_header_is_made_up_by_names_or_addresses(office, settings):
    a_letter(a_case_by_mail(name="Eve\r\nBcc: victim@example.org"))
    bad = a_letter(a_case_by_mail(email="eve@example.org\r\nBcc: victim@example.org"))
    settings.MAIL_REPLY = "help@example.com"
    letters_out.send_waiting(quiet(), now=MONDAY)
    assert stand(bad) is LetterState.GIVEN_UP
    assert len(office.letters) == 1
    assert office.letters[0]["Bcc"] is None
    assert "Hello Eve Bcc: victim@example.org," in text_of(office.letters[0])


def test_attack_15_nor_by_titles_owners_or_the_subject_of_a_mail(office, settings):
    """What stands in a header beside the address is ours, whoever wrote what is around it."""
    evil = "Bin\r\nBcc: victim@example.org\r\n\r\nBuy pills"
    settings.MAIL_TRUSTED_HOST, settings.MAIL_REPLY = HOST, MAILBOX
    case = a_case_by_mail()
    case.title, case.owner.name = evil, evil
    case.save()
    case.owner.save()
    came(a_mail("When?", to=MAILBOX, subject="=?utf-8?q?Bin=0D=0ABcc:_victim=40example.org?="))
    a_letter(case, words=f"We are on it.\r\n{evil}")
    letters.write_receipt(case, now=MONDAY)

    letters_out.send_waiting(quiet(), now=MONDAY)

    assert len(office.letters) >= 2
    assert set(office.recipients) == {ADDRESS}
    for sent in office.letters:
        assert sent["Bcc"] is None
        assert "victim" not in "".join(f"{name}: {value}" for name, value in sent.items())


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("550 5.1.1 no such person", LetterState.GIVEN_UP),
        ("451 4.7.1 come back later", LetterState.WAITING),
    ],
)
@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
def test_a_server_that_says_no_is_believed(office, where, answer, expected):
    setattr(office, where, answer)
    letter = a_letter()
    letters_out.send_waiting(quiet(), now=MONDAY)
    assert stand(letter, now=MONDAY + 9 * MINUTE) is expected
    assert answer[:3] in letter.error
    setattr(office, where, "")
    letters_out.send_waiting(quiet(), now=MONDAY + 2 * MINUTE)
    assert len(office.letters) == (expected is LetterState.WAITING)


def test_nobody_answers_and_it_is_tried_again(settings):
    with a_post_office(settings):
        pass
    letter = a_letter()
    letters_out.send_waiting(quiet(), now=MONDAY)
    assert stand(letter) is LetterState.WAITING
    assert letter.send_at == MONDAY + timedelta(seconds=30)


def test_a_line_that_breaks_after_the_words_sends_no_second_letter(office):
    office.hangs_up = True
    letter = a_letter()
    letters_out.send_waiting(quiet(), now=MONDAY)
    office.hangs_up = False
    for minutes in (3, 30, 3000):
        letters_out.send_waiting(quiet(), now=MONDAY + minutes * MINUTE)
    assert stand(letter, now=MONDAY + 3 * MINUTE) is LetterState.UNSURE
    assert len(office.letters) == 1


class Phone:
    """A text message service that fails as told."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles, self.texts = list(troubles), []

    def hand_over(self, text):
        self.texts.append(text)
        if self.troubles:
            raise self.troubles.pop(0)
        return "sms-1"


def test_a_text_message_is_short_and_tried_again_with_its_key(settings):
    settings.SMS_COUNTRIES = ("+44",)
    letter = a_letter(channel=LetterChannel.SMS)
    phone = Phone(SmsError("busy"))
    letters_out.send_waiting(phone, now=MONDAY)
    assert stand(letter) is LetterState.WAITING
    letters_out.send_waiting(phone, now=MONDAY + MINUTE)
    assert stand(letter) is LetterState.SENT
    assert letter.provider_id == "sms-1"
    assert phone.texts[0] == phone.texts[1]
    assert phone.texts[0].words.startswith("We are on it.\nhttp")


def test_a_text_message_that_is_refused_is_given_up(settings):
    settings.SMS_COUNTRIES = ("+44",)
    letter = a_letter(channel=LetterChannel.SMS)
    letters_out.send_waiting(Phone(SmsRefusedError("no")), now=MONDAY)
    assert stand(letter) is LetterState.GIVEN_UP
