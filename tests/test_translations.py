"""Every word that people read is said in every language, whole and with nothing lost."""

import ast
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser

import messages as catalogues
import pytest
from django.conf import settings

LANGUAGES = catalogues.languages()
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
TAG = re.compile(r"<[^<>]*>")
BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
COMMENT = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)
CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
# A block of attributes, to be put into a tag of another template, looks like text.
DATA = re.compile(r'\bdata-[\w-]+="[^"]*"')
WORD = re.compile(r"[^\W\d_]{2,}")
SAID = {"title", "aria-label", "aria-description", "placeholder", "alt", "label"}
# Names, units and what has the same letters everywhere.
NAMES = {"Makegood", "CSV", "SMS", "URL", "API", "MFA", "QR", "P1", "P2", "P3", "P4"}
PLAIN = {"style", "script", "svg", "code", "kbd", "pre"}
# Arguments of forms and acts that end up before people's eyes.
SHOWN = {"label", "help_text", "title", "says", "submit", "empty_label", "problem", "placeholder"}
SPEAKERS = {"ValidationError", "success", "info", "warning", "error", "add_error"}
# Pages that one command writes for the people who run it, in English like the command itself.
REPORTS = "src/makegood/doors/cli/"


class Texts(HTMLParser):
    """Collects what a page says outside of the tags of translation."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in PLAIN:
            self._inside.append(tag)
        self.found += [value for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag):
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()

    def handle_data(self, data):
        if not self._inside:
            self.found.append(data)


def untranslated(template: str) -> list[str]:
    """What a template says without asking for a translation."""
    texts = Texts()
    texts.feed(CODE.sub(" ", BLOCK.sub(" ", COMMENT.sub(" ", template))))
    return [
        text.strip()
        for text in (DATA.sub("", found) for found in texts.found)
        if any(word not in NAMES for word in WORD.findall(text))
    ]


def is_words(node: ast.expr) -> bool:
    """Whether an expression is a plain text with words in it."""
    if isinstance(node, ast.JoinedStr):
        return any(is_words(part) for part in node.values)
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and WORD.search(node.value) is not None
        and (" " in node.value or node.value[0].isupper())
    )


def is_as_raised(node: ast.expr) -> bool:
    """Whether an expression is what an error says: English, until `sentences.said` has it."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "str"


def spoken_plainly(source: str) -> list[int]:
    """The lines on which a module shows people a text that asks for no translation."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        shown = [word.value for word in node.keywords if word.arg in SHOWN]
        if name in SPEAKERS:
            shown += node.args
        lines += [value.lineno for value in shown if is_words(value) or is_as_raised(value)]
    return lines


def forms_of(message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is said in English, and in the other language, in each form."""
    said = message.id if isinstance(message.id, tuple) else (message.id,)
    answer = message.string if isinstance(message.string, tuple) else (message.string,)
    return said, answer


# Both are long to read, and nothing changes while the tests look at them.
catalogue = cache(catalogues.read)


@cache
def everything_said() -> tuple[catalogues.Found, ...]:
    return tuple(catalogues.found())


def test_every_language_has_a_catalogue():
    others = [code for code, _name in settings.LANGUAGES if not code.startswith("en")]

    assert sorted(others) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_said_is_translated(language):
    catalog = catalogue(language)

    missing = [
        f"{where}: {message}"
        for message, context, where in everything_said()
        if not (known := catalog.get(message, context)) or not catalogues.is_translated(known)
    ]

    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess_or_left_over(language):
    catalog = catalogue(language)
    said = {
        (message[0] if isinstance(message, tuple) else message, context)
        for message, context, _where in everything_said()
    }

    guesses = [message.id for message in catalog if message.id and message.fuzzy]
    left_over = [
        message.id
        for message in catalog
        if message.id and (forms_of(message)[0][0], message.context) not in said
    ]

    assert guesses == []
    assert left_over == list(catalog.obsolete) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_every_placeholder_and_tag(language):
    wrong = []
    for message in catalogue(language):
        if not message.id:
            continue
        said, answers = forms_of(message)
        for pattern in (PLACEHOLDER, TAG):
            allowed = [Counter(pattern.findall(form)) for form in said]
            wrong += [
                answer for answer in answers if Counter(pattern.findall(answer)) not in allowed
            ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_begins_and_ends_as_its_sentence_does(language):
    wrong = []
    for message in catalogue(language):
        said, answers = forms_of(message)
        if message.id:
            wrong += [
                answer
                for answer in answers
                if (answer[:1] == " ", answer[-1:] == " ")
                != (said[0][:1] == " ", said[0][-1:] == " ")
            ]

    assert wrong == []


def test_in_german_a_promise_has_one_name():
    noun = re.compile(r"\bVersprechens?\b(?! Sie)")
    said = [answer for message in catalogue("de") if message.id
            for answer in forms_of(message)[1]]  # fmt: skip

    assert [answer for answer in said if noun.search(answer)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_one_that_people_edit(language):
    compiled = catalogues.po_file(language).with_suffix(".mo").read_bytes()

    assert compiled == catalogues.compiled(catalogue(language)), "run: make messages"


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in catalogues.template_files()
        if not path.relative_to(catalogues.ROOT).as_posix().startswith(REPORTS)
    ],
    ids=lambda path: path.relative_to(catalogues.SOURCE).as_posix(),
)
def test_a_page_says_nothing_that_cannot_be_translated(path):
    assert untranslated(path.read_text()) == []


def test_a_form_says_nothing_that_cannot_be_translated():
    shown = [path for path in catalogues.python_files() if "web" in path.parts]

    found = [
        f"{path.relative_to(catalogues.ROOT)}:{line}"
        for path in shown
        for line in spoken_plainly(path.read_text())
    ]

    assert found == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Plain words</p>",
        '<a title="Plain words">{{ name }}</a>',
        '<img alt="Picture of {{ name }}">',
        "{% if a %}<b>Words</b>{% endif %}",
    ],
)
def test_words_outside_of_translation_are_noticed_on_pages(template):
    assert untranslated(template)


@pytest.mark.parametrize(
    "template",
    [
        "<p>{% translate 'Words' %}</p>",
        '<a title="{% translate "Words" %}">Makegood · {{ name }}</a>',
        "{% blocktranslate with a=b %}Words {{ a }}{% endblocktranslate %}",
        "{# Words for who edits this. #}",
    ],
)
def test_words_inside_of_translation_are_not_reported(template):
    assert untranslated(template) == []


@pytest.mark.parametrize(
    "source",
    [
        'Field(label="Your name")',
        'raise ValidationError(f"No {thing} here.")',
        'messages.success(request, "Done.")',
        'form.add_error("name", str(wrong))',
    ],
)
def test_words_outside_of_translation_are_noticed_in_modules(source):
    assert spoken_plainly(source) == [1]
