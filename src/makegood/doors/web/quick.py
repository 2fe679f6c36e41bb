"""Templates whose commonest nodes do no more than they have to; what they say stays the same.

A list renders the same few dozen nodes for each of its rows. Django's own are made for every case:
a name is looked up in five ways, a fixed text is translated anew, an address is put together from
all patterns. The nodes here take the usual way at once, and leave everything else to Django's.
"""

import re
from functools import lru_cache
from html import escape
from typing import Any

from django.conf import settings
from django.template import Template, TemplateDoesNotExist, VariableDoesNotExist
from django.template.base import (
    FilterExpression,
    Lexer,
    Node,
    NodeList,
    Origin,
    Parser,
    TextNode,
    Token,
    Variable,
    VariableNode,
    render_value_in_context,
)
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.loaders import cached
from django.templatetags.i18n import TranslateNode
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.safestring import SafeString

from makegood.language import choice

ADDRESSES_KEPT = 8192
_INDENTATION = re.compile(r"\n\s+")


class QuickVariable(Variable):
    """A name that is looked up in the context, and then in plain objects."""

    __slots__ = ("_first", "_rest")

    def __init__(self, var: str) -> None:
        super().__init__(var)
        self._first, *rest = self.lookups or ("",)
        self._rest = tuple(rest)

    def resolve(self, context: Any) -> Any:  # noqa: ANN401 - as Django's
        """What it stands for, or Django's own exception if it stands for nothing."""
        value = _ODD
        for layer in reversed(context.dicts):
            if self._first in layer:
                value = layer[self._first]
                break
        for name in self._rest:
            if value is None:
                raise VariableDoesNotExist("Nothing has no %s.", (name,))
            kind = type(value)
            if kind is dict:
                value = value.get(name, _ODD)
            elif hasattr(kind, "__getitem__"):
                value = _ODD
            else:
                value = getattr(value, name, _ODD)
            if callable(value):  # as `_ODD` is
                break
        return super().resolve(context) if callable(value) else value


def _odd() -> None:
    """What stands for a value that only Django's own lookup finds, or misses."""


_ODD: Any = _odd


class QuickVariableNode(VariableNode):
    """`{{ name }}`: texts and whole numbers, which nearly all of them are, go straight out."""

    def render(self, context: Context) -> Any:  # noqa: ANN401 - as Django's
        """What Django would say."""
        expression = self.filter_expression
        try:
            value = (expression if expression.filters else expression.var).resolve(context)
        except VariableDoesNotExist:
            value = expression.resolve(context)  # says what stands for nothing
        kind = type(value)
        if kind is str and context.autoescape:
            return escape(value)
        if kind is SafeString:
            return value
        if kind is int and not settings.USE_THOUSAND_SEPARATOR:
            return str(value)
        return render_value_in_context(value, context)


class SaidNode(Node):
    """`{% translate "…" %}` of a fixed text: translated once in each language."""

    child_nodelists = ()

    def __init__(self, node: TranslateNode) -> None:
        self._node = node
        self._said: dict[str, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """The text in the language that is spoken now."""
        language = choice.current()
        said = self._said.get(language)
        if said is None:
            said = self._said[language] = SafeString(self._node.render(context))
        return said


class QuickURLNode(URLNode):
    """`{% url %}` with words and numbers, whose addresses are put together once."""

    def render(self, context: Context) -> str:
        """The address, or nothing if it was given a name."""
        given = tuple(arg.resolve(context) for arg in self.args)
        if not all(type(value) in _PLAIN for value in given):
            return super().render(context)
        match = getattr(getattr(context, "request", None), "resolver_match", None)
        name, space = self.view_name.resolve(context), getattr(match, "namespace", None)
        try:
            address = _address(settings.ROOT_URLCONF, get_script_prefix(), space, name, given)
        except NoReverseMatch:
            return super().render(context)
        if not self.asvar:
            return escape(address)
        context[self.asvar] = address
        return ""


_PLAIN = frozenset({str, SafeString, int})


@lru_cache(ADDRESSES_KEPT)
def _address(_urls: str, _prefix: str, space: str | None, name: str, given: tuple[Any, ...]) -> str:
    """An address; which addresses there are, and under which prefix, is part of its key."""
    return reverse(name, args=given, current_app=space)


def _quick(node: Node) -> Node:
    """The quick node in place of one of Django's, where there is one that says the same."""
    if isinstance(node, VariableNode) and isinstance(node.filter_expression.var, Variable):
        return QuickVariableNode(node.filter_expression)
    if isinstance(node, TranslateNode) and _is_fixed(node):
        return SaidNode(node)
    if isinstance(node, URLNode) and not node.kwargs:
        return QuickURLNode(node.view_name, node.args, node.kwargs, node.asvar)
    return node


def _is_fixed(node: TranslateNode) -> bool:
    text, meant = node.filter_expression, node.message_context
    is_text = isinstance(text.var.literal, str) and not text.filters
    is_plain = meant is None or (isinstance(meant.var, str) and not meant.filters)
    return is_text and is_plain and not node.asvar and not node.noop


class QuickParser(Parser):
    """Django's parser; the nodes that it makes are quick where they can be."""

    def compile_filter(self, token: str) -> FilterExpression:
        """A name with its filters."""
        expression = super().compile_filter(token)
        name = expression.var
        if isinstance(name, Variable) and name.lookups and not name.translate:
            expression.var = QuickVariable(str(name.var))
        return expression

    def extend_nodelist(self, nodelist: NodeList, node: Node, token: Token) -> None:
        """Take a node up; a text loses its indentation, and goes on where one has just ended."""
        if not isinstance(node, TextNode):
            super().extend_nodelist(nodelist, _quick(node), token)
            return
        node.s = _INDENTATION.sub("\n", node.s)
        if nodelist and isinstance(nodelist[-1], TextNode):
            nodelist[-1].s += node.s
        else:
            super().extend_nodelist(nodelist, node, token)


class QuickTemplate(Template):
    """A template that `QuickParser` has read."""

    def compile_nodelist(self) -> NodeList:
        """Read it."""
        tokens = Lexer(self.source).tokenize()
        builtins, libraries = self.engine.template_builtins, self.engine.template_libraries
        parser = QuickParser(tokens, libraries, builtins, self.origin)
        nodes = parser.parse()
        self.extra_data = parser.extra_data
        return nodes


class Loader(cached.Loader):
    """Reads each template once, for quick rendering; with DEBUG as Django does, for its pages."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        """The template of that name."""
        if self.engine.debug:
            return super().get_template(template_name, skip)
        key = self.cache_key(template_name, skip)
        found = self.get_template_cache.get(key)
        if not isinstance(found, Template):
            found = self._read(template_name, skip or [])
            self.get_template_cache[key] = found
        return found

    def _read(self, name: str, skip: list[Origin]) -> Template:
        for origin in self.get_template_sources(name):
            if origin not in skip:
                try:
                    contents = self.get_contents(origin)
                except TemplateDoesNotExist:
                    continue
                return QuickTemplate(contents, origin, name, self.engine)
        raise TemplateDoesNotExist(name)
