"""Quick templates say what Django's own say, whatever they are given."""

from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Engine, RequestContext, TemplateDoesNotExist
from django.test import RequestFactory, override_settings
from django.urls import NoReverseMatch
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override
from hypothesis import given
from hypothesis import strategies as st

PLAIN = "django.template.loaders.locmem.Loader"


@dataclass(frozen=True)
class Row:
    """Something that a page shows."""

    words: Any
    number: int = 7

    @property
    def loud(self) -> str:
        """What a template may look up too."""
        return f"{self.words}!"

    def spoken(self) -> str:
        """A method, which templates call."""
        return f"said: {self.words}"


class Locked:
    """Something whose method changes data, so that no template may call it."""

    def delete(self) -> str:
        """As models have it."""
        return "deleted"

    delete.alters_data = True


def _render(text, given, *, quick, context=Context):
    inner = [(PLAIN, {"page.html": text, "base.html": "<{% block main %}{% endblock %}>"})]
    loaders = [("makegood.doors.web.quick.Loader", inner)] if quick else inner
    engine = Engine(loaders=loaders, libraries={"i18n": "django.templatetags.i18n"})
    return engine.get_template("page.html").render(context(given))


TEMPLATES = [
    "{{ row.words }}|{{ row.number }}|{{ row.loud }}|{{ row.spoken }}|{{ row.missing }}",
    "{{ row }}|{{ nobody }}|{{ nobody.name }}|{{ none.name }}|{{ none }}|{{ missing.at.all }}",
    "{{ text.upper }}|{{ text.0 }}|{{ list.1 }}|{{ list.9 }}|{{ names.Ann }}|{{ names.Bob }}",
    "{{ names.items }}|{{ names.key }}|{% for key, value in names.items %}{{ key }}{% endfor %}",
    "{{ safe }}|{{ lazy }}|{{ yes }}|{{ moment }}|{{ ratio }}",
    "{{ locked.delete }}|{{ row.words|upper }}|{{ nobody|default:row.number }}",
    "{% autoescape off %}{{ row.words }}{{ text }}{% endautoescape %}",
    "{% if row.number == 7 and not none.name %}a{% endif %}{% if nobody.name %}b{% endif %}",
    "{% for x in list %}{{ forloop.counter }}{% if not forloop.last %},{% endif %}{% endfor %}",
    "{% with text=row.words %}{{ text }}{% endwith %}{{ text }}",
    '{% extends "base.html" %}{% block main %}{{ row.words }}{{ block.super }}{% endblock %}',
    '{% load i18n %}{% translate "Yes" %}|{% translate "Monday" context "nothing" %}|100%',
    '{% load i18n %}{% translate text %}|{% translate "Yes"|upper %}',
    '{% load i18n %}{% translate "No" as no %}{{ no }}',
    '{% load i18n %}{% translate "<b>&amp; 100%" %}|{% translate "Yes" noop %}|{{ _("Yes") }}',
    "{% url 'desk:case' 'A-B' %}|{% url 'desk:case' text as address %}[{{ address }}]",
    "{% url 'desk:cases' %}|{% url 'desk:brief' 4 as brief %}{{ brief }}|{% url view %}",
    "{% url 'desk:brief' row.number %}|{% url 'desk:nowhere' as nowhere %}[{{ nowhere }}]",
]


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("text", TEMPLATES)
def test_a_quick_template_says_what_djangos_own_says(text, language):
    given = {
        "row": Row("<it's> & so"),
        "none": None,
        "text": "a & b",
        "list": ["x", "<y>"],
        "names": {"Ann": "<1>"},
        "safe": mark_safe("<b>"),
        "lazy": gettext_lazy("Yes"),
        "yes": True,
        "moment": datetime(2026, 6, 1, 9, 30, tzinfo=UTC),
        "ratio": 0.5,
        "locked": Locked(),
        "view": "desk:cases",
    }

    with override(language):
        # Twice: what was translated or put together once is said again.
        found = [_render(text, given, quick=True) for _ in range(2)]
        assert found == [_render(text, given, quick=False)] * 2


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.text().map(mark_safe),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.sampled_from(["words", "number", "0", "items"]), inside, max_size=3)
        | inside.map(Row)
    ),
    max_leaves=5,
)


@given(value=VALUES)
def test_whatever_a_value_is_it_looks_the_same(value):
    names = ("value", "value.words", "value.words.number", "value.0", "value.items", "value.loud")
    text = "|".join(f"{{{{ {name} }}}}" for name in names)

    with override_settings(USE_THOUSAND_SEPARATOR=False):
        assert _render(text, {"value": value}, quick=True) == _render(
            text, {"value": value}, quick=False
        )


def test_large_numbers_are_grouped_where_the_settings_say_so():
    with override_settings(USE_THOUSAND_SEPARATOR=True):
        assert _render("{{ n }}", {"n": 1234567}, quick=True) == "1,234,567"


def test_an_address_that_is_not_there_is_said_as_by_django():
    with pytest.raises(NoReverseMatch):
        _render("{% url 'desk:nowhere' %}", {}, quick=True)


def test_a_template_that_is_not_there_is_named():
    engine = Engine(loaders=[("makegood.doors.web.quick.Loader", [(PLAIN, {})])])

    with pytest.raises(TemplateDoesNotExist, match=r"nowhere\.html"):
        engine.get_template("nowhere.html")


def test_an_address_stays_within_the_part_of_the_site_that_asks():
    def request(data):
        asked = RequestFactory().get("/")
        asked.resolver_match = SimpleNamespace(namespace="desk")
        return RequestContext(asked, data)

    text = "{% url 'desk:case' 'B7' %}"
    given = {}

    assert _render(text, given, quick=True, context=request) == "/cases/B7"
