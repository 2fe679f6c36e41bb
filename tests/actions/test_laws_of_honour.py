"""Claims, articles and doubts, attacked with raw SQL: the database must refuse."""

import pytest

from honour_world import (
    BOTH_A_YEAR,
    a_call,
    a_claim,
    a_decision,
    a_doubt,
    a_draft,
    a_keeper,
    after,
    an_article,
)
from makegood.actions import (
    articles,
    cases,
    claim_steps,
    claims,
    contacts,
    doubt_answers,
    promises,
)
from makegood.actions.claims import Told
from makegood.records.models import Claim, ClaimStep
from makegood.rules.claims import Source
from makegood.rules.doubts import Verdict
from raw_sql import as_if_committed, insert, refused_by, sql
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    case = a_case()
    promises.make_promise(case.pk, a_word(words=BOTH_A_YEAR), now=MONDAY)
    return a_claim(case)


@pytest.fixture
def offered(claim) -> ClaimStep:
    decision = a_decision("What would make it right? We could lay it for you.")
    claim_steps.offer_instead(claim.pk, decision, offer="Laying", by=a_person(), now=after(5))
    return ClaimStep.objects.get(rung="offer")


@pytest.mark.parametrize("table", ["claim", "claimstep", "article", "doubt"])
def test_nothing_of_it_is_ever_removed(table):
    law = {"claimstep": "claim_step_stays", "doubt": "doubt_stays"}.get(table, f"{table}_stays")
    with refused_by(law):
        sql(f"DELETE FROM records_{table}")


class TestClaims:
    """What a customer was promised."""

    @pytest.mark.parametrize(
        ("law", "change"),
        [
            ("claim_stays_as_it_was_said", "words = 'Something smaller.'"),
            ("claim_is_settled_by_its_ladder", "outcome = 'honoured', settled_at = heard_at"),
            ("claim_is_settled_by_its_ladder", "outcome = 'value', settled_at = heard_at"),
            ("claim_ends_by_its_ladder_or_by_the_customer", "settled_at = heard_at"),
            (
                "claim_ends_by_its_ladder_or_by_the_customer",
                "outcome = 'let_go', settled_at = heard_at",
            ),
        ],
    )
    def test_it_stays_as_it_was_said_and_ends_only_by_what_they_got(self, claim, law, change):
        with refused_by(law):
            sql(f"UPDATE records_claim SET {change} WHERE id = %s", claim.pk)

    def test_it_is_settled_once(self, claim):
        claims.let_go(claim.pk, a_call("Never mind.", now=after(6)), now=after(6))
        with refused_by("claim_stays_as_it_was_said"):
            sql("UPDATE records_claim SET settled_at = NULL, outcome = '', let_go_by_id = NULL")

    @pytest.mark.parametrize(
        ("law", "change"),
        [
            ("claim_has_words", "words = ''"),
            ("claim_source_is_known", "source = 'gossip'"),
            ("claim_by_a_customer_names_the_contact", "contact_id = NULL"),
            ("claim_of_a_mistake_names_the_promise", "source = 'mistake', promise_id = NULL"),
        ],
    )
    def test_it_says_what_and_how_it_came_to_light(self, claim, law, change):
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE records_claim DISABLE TRIGGER claim_stays_as_it_was_said")
        with refused_by(law):
            sql(f"UPDATE records_claim SET {change} WHERE id = %s", claim.pk)

    def test_it_belongs_to_one_case(self, claim):
        other = a_claim(a_case())
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE records_claim DISABLE TRIGGER claim_stays_as_it_was_said")
        with refused_by("claim_is_of_its_own_case"):
            sql(
                "UPDATE records_claim SET contact_id = %s WHERE id = %s",
                other.contact_id,
                claim.pk,
            )

    def test_one_promise_has_one_open_claim(self, claim):
        with refused_by("claim_one_open_per_promise"):
            sql(
                "INSERT INTO records_claim (case_id, words, source, speaker_name, heard_at,"
                " recorded_at, promise_id, found, outcome) SELECT case_id, words, 'mistake', '',"
                " heard_at, recorded_at, promise_id, found, '' FROM records_claim WHERE id = %s",
                claim.pk,
            )

    def test_no_record_of_ours_takes_its_promise_back(self, claim):
        with refused_by("promise_is_not_taken_back_before_the_ladder"):
            sql(
                "UPDATE records_promise SET outcome = 'released', settled_at = said_at,"
                " settled_recorded_at = said_at, judge_at = NULL, escalate_at = NULL,"
                " evidence = 'They understood.', settled_by_id = said_by_id WHERE id = %s",
                claim.promise_id,
            )

    def test_its_case_stays_open(self):
        case = a_case()
        answer = contacts.record_contact(case.pk, a_call("Fine."), now=MONDAY, is_answer=True)
        claims.hear(
            case.pk, Told(words="A gift.", source=Source.NOTE), touch=None, by=None, now=MONDAY
        )
        with refused_by("closed_case_has_no_open_claim"):
            # As the action would, had it not looked.
            cases._end_the_news(case, "Fine.", at=MONDAY, now=MONDAY)
            cases.write_closed(case, answer, at=MONDAY, facts={"by": None}, now=MONDAY)

    def test_it_comes_to_an_open_case(self):
        """The law `claim_on_an_open_case` asks at commit, as `closed_case_has_no_open_claim`."""
        case = a_case()
        answer = contacts.record_contact(case.pk, a_call("Fine."), now=MONDAY, is_answer=True)
        cases.close_case(case_id=case.pk, answer=answer, now=MONDAY)
        with refused_by("closed_case_has_no_open_claim"):
            insert(
                "records_claim", case_id=case.pk, words="A gift.", source="note", speaker_name="",
                heard_at=MONDAY, recorded_at=MONDAY, found=[], outcome="",
            )  # fmt: skip


class TestSteps:
    """What was decided."""

    def test_the_rungs_come_in_their_order(self, claim):
        with refused_by("claim_step_comes_in_order"):
            sql(
                "INSERT INTO records_claimstep (claim_id, rung, decided_at, decided_by_id, why,"
                " offer, cost_minor, currency) VALUES (%s, 'offer', now(), %s, 'x', 'y', 0, '')",
                claim.pk,
                a_person().pk,
            )

    def test_a_rung_is_decided_once(self, offered):
        with refused_by("claim_step_once_per_rung"):
            sql(
                "INSERT INTO records_claimstep (claim_id, rung, decided_at, decided_by_id, why,"
                " offer, cost_minor, currency, told_id) SELECT claim_id, rung, decided_at,"
                " decided_by_id, why, offer, cost_minor, currency, told_id"
                " FROM records_claimstep WHERE id = %s",
                offered.pk,
            )

    def test_what_was_decided_stays(self, offered):
        with refused_by("claim_step_is_answered_once"):
            sql("UPDATE records_claimstep SET why = 'Another.' WHERE id = %s", offered.pk)
        with refused_by("claim_step_is_answered_once"):
            sql("UPDATE records_claimstep SET taken = true WHERE rung = 'do'")

    def test_it_is_answered_in_its_own_case(self, offered):
        other = a_claim(a_case())
        with refused_by("claim_step_is_of_its_own_case"):
            sql(
                "UPDATE records_claimstep SET taken = false, answer_id = %s WHERE id = %s",
                other.contact_id,
                offered.pk,
            )

    @pytest.mark.parametrize(
        ("law", "change"),
        [
            ("claim_step_rung_is_known", "rung = 'nope', taken = false"),
            ("claim_step_says_why", "why = ''"),
            ("claim_step_cost_has_a_currency", "cost_minor = 5, currency = ''"),
            ("claim_step_taken_gives_something", "taken = true, answer_id = told_id"),
            ("claim_step_is_told_to_the_customer", "told_id = NULL"),
            ("claim_step_offer_waits_for_the_customer", "offer = ''"),
            ("claim_step_is_decided", "rung = 'value', taken = NULL"),
            ("claim_step_of_value_gives_value", "rung = 'value', taken = false"),
        ],
    )
    def test_a_step_is_whole(self, offered, law, change):
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE records_claimstep DISABLE TRIGGER USER")
        with refused_by(law):
            sql(f"UPDATE records_claimstep SET {change} WHERE id = %s", offered.pk)


class TestKnowledge:
    """What the company said it knew."""

    def test_a_version_stays_as_it_was_written(self):
        an_article()
        with refused_by("article_stays_as_written"):
            sql("UPDATE records_article SET words = 'It always was twelve.'")

    @pytest.mark.parametrize(
        ("law", "change"),
        [
            ("article_says_what_it_is_about", "about = ''"),
            ("article_kind_is_known", "kind = 'rumour'"),
            ("article_ends_after_it_begins", "until_on = from_on - 1"),
            ("article_is_changed_for_a_reason", "number = 2"),
            ("article_is_withdrawn_by_somebody", "withdrawn_at = made_at"),
        ],
    )
    def test_an_article_is_whole(self, law, change):
        an_article()
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE records_article DISABLE TRIGGER article_stays_as_written")
        with refused_by(law):
            sql(f"UPDATE records_article SET {change}")

    def test_a_series_has_one_latest_version_and_each_number_once(self):
        flyer = an_article()
        articles.change(flyer.pk, a_draft(), why="New.", by=a_keeper(), now=after(1))
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE records_article DISABLE TRIGGER article_stays_as_written")
        with refused_by("article_one_latest_per_series"):
            sql("UPDATE records_article SET replaced_at = NULL")
        with refused_by("article_once_per_number"):
            sql("UPDATE records_article SET number = 2, why = 'x', replaced_at = made_at")

    def test_a_doubt_is_answered_once(self):
        doubt = a_doubt(a_case())
        doubt_answers.answer(
            doubt.pk, Verdict.ARTICLE_WRONG, why="Misprint.", by=a_keeper(), now=after(1)
        )
        with refused_by("doubt_is_answered_once"):
            sql("UPDATE records_doubt SET verdict = 'both_true', gap_owner_id = NULL")
        with refused_by("doubt_is_answered_once"):
            sql("UPDATE records_doubt SET says = '6-month'")

    @pytest.mark.parametrize(
        ("law", "change"),
        [
            ("doubt_is_of_words_or_of_two_articles", "words = ''"),
            ("doubt_role_is_known", "role = 'nobody'"),
            ("doubt_is_answered_with_a_verdict_and_why", "answered_at = raised_at"),
            ("doubt_of_an_error_leaves_a_gap_with_an_owner", "gap_owner_id = asked_id"),
            ("doubt_gap_is_closed_by_what_was_learned", "lesson = 'Something.'"),
        ],
    )
    def test_a_doubt_is_whole(self, law, change):
        a_doubt(a_case())
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE records_doubt DISABLE TRIGGER doubt_is_answered_once")
        with refused_by(law):
            sql(f"UPDATE records_doubt SET {change}")

    def test_the_same_is_asked_once(self):
        a_doubt(a_case())
        columns = (
            "article_id, case_id, words, figure, holds, says, raised_at, role, asked_id, verdict,"
            " why, lesson"
        )
        with refused_by("doubt_once_per_statement"):
            sql(f"INSERT INTO records_doubt ({columns}) SELECT {columns} FROM records_doubt")

    def test_two_articles_are_asked_about_once(self):
        flyer, doubt = an_article(), a_doubt(a_case())
        columns = "figure, holds, says, raised_at, role, asked_id, verdict, why, lesson, words"
        copy = (
            f"INSERT INTO records_doubt (article_id, other_id, {columns})"
            f" SELECT article_id, %s, {columns.removesuffix('words')} '' FROM records_doubt"
            " WHERE id = %s"
        )
        with as_if_committed():
            sql(copy, flyer.pk, doubt.pk)
        with refused_by("doubt_once_per_two_articles"):
            sql(copy, flyer.pk, doubt.pk)
