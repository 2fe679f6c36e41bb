"""`{% include %}` with a name that is written out, put in place when a template is compiled.

Lists include icons, due times and standings in each of their rows. Django looks such a template up
and sets up its rendering anew every time, which costs more than to render it.
"""

from functools import lru_cache
from typing import Any, cast

from django.template import Engine, Library, Node, NodeList, Template, TemplateDoesNotExist
from django.template.base import FilterExpression, Parser, TextNode, Token
from django.template.context import Context
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode, do_include
from django.utils.safestring import SafeString

register = Library()


class InPlaceNode(Node):
    """The nodes of an included template, rendered with what its place gives them."""

    def __init__(self, nodes: NodeList, given: dict[str, FilterExpression]) -> None:
        self.nodelist = nodes
        self._given = given

    def render(self, context: Context) -> SafeString:
        """Render them with the names of the place, as Django's own tag does."""
        if not self._given:
            return self.nodelist.render(context)
        values = {name: value.resolve(context) for name, value in self._given.items()}
        with context.push(**values):
            return self.nodelist.render(context)


class IconNode(Node):
    """The icon of a name that only the page knows."""

    def __init__(self, name: FilterExpression) -> None:
        self._name = name

    def render(self, context: Context) -> SafeString:
        """Its text."""
        return _icon(cast("Template", context.template).engine, str(self._name.resolve(context)))


@lru_cache
def _icon(engine: Engine, name: str) -> SafeString:
    return engine.get_template(f"icons/{name}.html").render(Context())


@register.tag("icon")
def icon(parser: Parser, token: Token) -> IconNode:
    """`{% icon event.icon %}`: icons have nothing to fill in, so each is read once."""
    _tag, name = token.split_contents()
    return IconNode(parser.compile_filter(name))


@register.tag("include")
def include(parser: Parser, token: Token) -> Node:
    """Django's `include`; in place where the name is written out and the names are not hidden."""
    node: IncludeNode = do_include(parser, token)
    name = node.template.var
    loader = getattr(parser.origin, "loader", None)
    is_written_out = isinstance(name, str) and not node.template.filters
    if loader is None or node.isolated_context or not is_written_out:
        return node
    if parser.origin is None or name == parser.origin.template_name:
        return node  # it includes itself, and only rendering knows how often
    try:
        nodes: Any = loader.engine.get_template(name).nodelist
    except TemplateDoesNotExist:
        return node  # rendering names it; from here, the page itself would seem to be missing
    if nodes.get_nodes_by_type((ExtendsNode, BlockNode)):
        return node
    if not nodes.contains_nontext:
        return TextNode("".join(part.s for part in nodes))
    return InPlaceNode(nodes, node.extra_context)
