"""What pages show in the place of words that were erased: that they are gone, and not a dash."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from makegood.records.personal import GONE

register = template.Library()


@register.filter
def person(name: str) -> str | SafeString:
    """The name of a customer; if it was erased, that it was."""
    return _gone(_("person erased")) if name == GONE else name


@register.filter
def words(text: str) -> str | SafeString:
    """What somebody wrote or was told; if it was erased, that it was."""
    return _gone(_("words erased")) if text == GONE else text


@register.filter
def either(text: str) -> str | SafeString:
    """Words or a name, where either may stand."""
    return _gone(_("erased")) if text == GONE else text


@register.filter
def person_plain(name: str) -> str:
    """The same where no mark can stand, as in the title of a page."""
    return _("person erased") if name == GONE else name


@register.filter
def words_plain(text: str) -> str:
    """As above, of words."""
    return _("words erased") if text == GONE else text


def _gone(said: str) -> SafeString:
    return render_to_string("includes/erased.html", {"said": said})
