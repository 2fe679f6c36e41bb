"""The packs that the desk knows: those that come with the program, and the company's own."""

from collections.abc import Mapping

from django.conf import settings

from makegood.queries.schemes.reading import shipped_packs
from makegood.rules.schemes.packs import Pack


def known_packs() -> Mapping[str, Pack]:
    """Every pack by id in order; one of the company's own goes before one that is shipped."""
    packs = shipped_packs() | settings.OWN_PACKS
    return dict(sorted(packs.items()))
