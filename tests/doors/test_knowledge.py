"""Knowledge at the desk: written, changed, contradicted, answered, learned; and who may not."""

import pytest

from honour_world import BOTH_A_YEAR, a_doubt, a_figure, a_keeper, an_article
from makegood.records.models import Article, Doubt
from makegood.rules.articles import ArticleKind
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def keeper(client):
    person = a_keeper()
    client.force_login(person)
    return person


def typed(keeper, **more) -> dict[str, object]:
    return {
        "kind": "flyer",
        "title": "Summer flyer",
        "about": "Flooring",
        "words": "Half a year without interest.",
        "figures": "no-interest financing of flooring: 6 months",
        "from_on": "2026-05-01",
        "until_on": "2026-08-31",
        "review_on": "",
        "area": "ex4 4qj",
        "source": "Aisle 3",
        "owner": keeper.pk,
    } | more


def test_it_is_written_changed_and_withdrawn_and_every_version_stays_readable(client, keeper):
    made = client.post("/knowledge/new", typed(keeper))
    first = Article.objects.get()
    assert (first.area, first.figures[0]["number"]) == ("EX4", "6")

    longer = typed(keeper, figures="no-interest financing of flooring: 12 months", why="Longer.")
    changed = client.post(f"{made.url}/change", longer)
    page = client.get(changed.url).content.decode()
    assert "Version 2" in page
    assert "Version 1" in page
    assert "Longer." in page
    assert "no-interest financing of flooring: 6 months" in page

    client.post(f"{changed.url}/withdraw")
    assert Article.objects.get(replaced_at=None).withdrawn_by == keeper
    assert "withdrawn" in client.get("/knowledge").content.decode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": ""}, "This field is required"),
        ({"figures": "flooring: soon"}, "write it like"),
        ({"figures": "\n".join(f"fee {n}: {n} GBP" for n in range(51))}, "more than 50"),
        ({"until_on": "2026-04-01"}, "ends before it begins"),
        ({"area": "12 High Street"}, "a postcode, its district or a town"),
        ({"owner": "999"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_comes_back_with_the_words_kept(client, keeper, change, says):
    answer = client.post("/knowledge/new", typed(keeper, **change))

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "Half a year without interest." in answer.content.decode()
    assert not Article.objects.exists()


def test_a_form_that_was_opened_for_an_old_version_changes_nothing(client, keeper):
    made = client.post("/knowledge/new", typed(keeper))
    change = f"{made.url}/change"
    client.post(change, typed(keeper, why="One."))

    answer = client.post(change, typed(keeper, why="Two."))

    assert answer.status_code == 409
    assert "changed or withdrawn meanwhile" in answer.content.decode()
    assert Article.objects.count() == 2


def test_the_form_of_a_change_holds_what_it_says_now(client, keeper):
    made = client.post("/knowledge/new", typed(keeper))

    page = client.get(f"{made.url}/change").content.decode()

    assert "no-interest financing of flooring: 6 months" in page
    assert "Aisle 3" in page


@pytest.mark.usefixtures("keeper")
def test_a_doubt_shows_both_sources_is_answered_and_learned_from(client):
    doubt = a_doubt(a_case())
    page = client.get("/knowledge").content.decode()
    assert "6 months" in page
    assert "12-month" in page
    assert "Which is right?" in page

    client.post(f"/doubts/{doubt.pk}/answer", {"verdict": "article_wrong", "why": "Misprint."})
    assert "To be learned" in client.get("/knowledge").content.decode()
    client.post(f"/doubts/{doubt.pk}/learn", {"lesson": "Reprinted."})

    doubt.refresh_from_db()
    assert (doubt.verdict, doubt.lesson) == ("article_wrong", "Reprinted.")
    assert "Reprinted." in client.get(f"/knowledge/{doubt.article_id}").content.decode()


@pytest.mark.usefixtures("keeper")
def test_of_two_articles_one_is_right(client):
    an_article()
    longer = a_figure("no-interest financing of flooring", "12", "months")
    an_article(longer, title="Web page", kind=ArticleKind.ANSWER)
    doubt = Doubt.objects.get()

    asked = client.get("/knowledge").content.decode()
    client.post(f"/doubts/{doubt.pk}/answer", {"verdict": "statement_wrong", "why": "Printed."})
    answered = client.get(f"/knowledge/{doubt.article_id}").content.decode()

    assert "Summer flyer is right" in asked
    assert "Web page is right" in asked
    assert f"{doubt.article.title} is right." in answered


def test_a_doubt_is_answered_on_my_word_and_what_is_refused_comes_back_there(client):
    doubt = a_doubt(a_case())
    client.force_login(doubt.asked)
    address = f"/doubts/{doubt.pk}/answer"
    assert address in client.get("/").content.decode()

    empty = client.post(address, {"verdict": "both_true", "why": "", "back": "word"})
    answered = client.post(address, {"verdict": "both_true", "why": "Both run.", "back": "word"})

    assert empty.status_code == 422
    assert "promises today" in empty.content.decode()
    assert answered.url == "/"
    assert address not in client.get("/").content.decode()


@pytest.mark.usefixtures("keeper")
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"verdict": "article_wrong", "why": ""}, 422),
        ({"verdict": "perhaps", "why": "Hm."}, 422),
    ],
)
def test_an_answer_that_says_nothing_comes_back(client, sent, status):
    doubt = a_doubt(a_case())

    assert client.post(f"/doubts/{doubt.pk}/answer", sent).status_code == status
    assert Doubt.objects.get().answered_at is None


def test_a_colleague_reads_but_neither_writes_nor_answers(client):
    client.force_login(a_person("Bob", role="agent"))
    doubt = a_doubt(a_case())
    at = f"/knowledge/{doubt.article_id}"

    assert client.get(at).status_code == 200
    assert "Change it" not in client.get(at).content.decode()
    assert "That is how it is" not in client.get("/knowledge").content.decode()
    for refused in ("/knowledge/new", f"{at}/change", "/knowledge.csv"):
        assert client.get(refused).status_code == 403
    assert client.post(f"{at}/withdraw").status_code == 403
    sent = {"verdict": "both_true", "why": "Fine."}
    assert client.post(f"/doubts/{doubt.pk}/answer", sent).status_code == 409
    sent = {"lesson": "Nothing."}
    assert client.post(f"/doubts/{doubt.pk}/learn", sent).status_code == 409


@pytest.mark.usefixtures("keeper")
def test_the_list_is_a_file_and_an_empty_one_says_what_it_is_for(client):
    assert "Nothing is written down yet." in client.get("/knowledge").content.decode()
    an_article()

    lines = b"".join(client.get("/knowledge.csv").streaming_content).decode("utf-8-sig")

    assert "no-interest financing of flooring: 6 months" in lines
    assert client.get("/knowledge/999").status_code == 404


def test_who_is_not_signed_in_is_asked_to(client):
    assert client.get("/knowledge").status_code == 302


@pytest.mark.usefixtures("keeper")
def test_a_page_asks_as_many_questions_for_many_as_for_one(client, django_assert_max_num_queries):
    an_article()
    with django_assert_max_num_queries(14) as one:
        client.get("/knowledge")
    for months in range(7, 12):
        an_article(a_figure("no-interest financing of flooring", str(months), "months"))
    with django_assert_max_num_queries(len(one)):
        page = client.get("/knowledge").content.decode()
    assert page.count("11 months") >= 1


def test_the_composer_says_what_an_article_says_before_it_is_promised(client):
    client.force_login(a_person("Bob", role="agent"))
    an_article()
    case = a_case()

    said = client.post(f"/cases/{case.reference}/word", {"words": BOTH_A_YEAR, "channel": "phone"})

    assert "“Summer flyer” says 6 months. Check before you promise" in said.content.decode()
    assert not Doubt.objects.exists(), "nothing was said yet"
