"""`{% include %}` put in place when a template is compiled."""

import pytest
from django.template import Context, Engine, TemplateDoesNotExist

PAGES = {
    "icon.html": "<svg></svg>",
    "when.html": "[{{ when }}]",
    "frame.html": "<{% block inside %}{% endblock %}>",
    "framed.html": '{% extends "frame.html" %}{% block inside %}{{ when }}{% endblock %}',
    "tree.html": "{{ tree.name }}{% for tree in tree.below %}{% include 'tree.html' %}{% endfor %}",
}


def _render(text, **given):
    loaders = [("django.template.loaders.locmem.Loader", PAGES | {"page.html": text})]
    builtins = ["makegood.doors.web.including"]
    engine = Engine(loaders=loaders, builtins=builtins)
    return engine.get_template("page.html").render(Context(given))


def test_what_has_nothing_to_fill_in_is_said_as_it_stands():
    text = '{% for row in rows %}{% include "icon.html" %}{{ row }}{% endfor %}'

    assert _render(text, rows=["a", "b"]) == "<svg></svg>a<svg></svg>b"


def test_names_that_are_given_hold_for_the_included_template_alone():
    text = '{% include "when.html" with when=due %}{{ when }}{% include "when.html" %}'

    assert _render(text, when="now", due="later") == "[later]now[now]"


def test_what_is_filled_in_is_still_escaped():
    assert _render('{% include "when.html" %}', when="<b>") == "[&lt;b&gt;]"


def test_only_hides_the_other_names():
    assert _render('{% include "when.html" only %}', when="now") == "[]"


def test_a_name_that_is_worked_out_is_looked_up_when_it_is_known():
    text = '{% for name in names %}{% include name|add:".html" %}{% endfor %}'

    assert _render(text, names=["icon", "when"], when="now") == "<svg></svg>[now]"


def test_a_template_that_extends_another_keeps_its_blocks_to_itself():
    text = '{% include "framed.html" %}{% include "framed.html" with when="later" %}'

    assert _render(text, when="now") == "<now><later>"


def test_a_template_may_include_itself():
    tree = {"name": "a", "below": [{"name": "b", "below": [{"name": "c"}]}]}

    assert _render('{% include "tree.html" %}', tree=tree) == "abc"


def test_a_template_that_is_missing_is_named():
    with pytest.raises(TemplateDoesNotExist, match=r"nowhere\.html"):
        _render('{% include "nowhere.html" %}')
