"""How much a rule gives: its lines, their sum and its limits, with how it was reckoned."""

from fractions import Fraction

from makegood.rules.schemes.facts import Kind
from makegood.rules.schemes.packs import Line, Pack, Rounding, Rule, Scene
from makegood.rules.schemes.phrases import Gap, Term, joined, phrase


def sum_of(pack: Pack, rule: Rule, scene: Scene) -> tuple[int, Gap | None]:
    """What a rule's lines come to, and how it is reckoned; nothing without lines."""
    if not rule.lines:
        return 0, None
    terms = [_term(pack, line, scene) for line in rule.lines]
    total = sum(amount for amount, _ in terms)
    words, shown = joined([words for _, words in terms], " + "), money_term(total, pack)
    if words != shown:
        words = phrase("{words} = {sum}", words=words, sum=shown)
    return _limited(pack, rule, scene, total, words)


def _term(pack: Pack, line: Line, scene: Scene) -> tuple[int, Gap]:
    amount = int(line.amount.read(scene))  # type: ignore[arg-type] # an amount
    words: Gap = money_term(amount, pack)
    if line.share is not None:
        share = line.share.read(scene)
        if share != 1:
            amount = times_over(amount, share, pack.rounding)  # type: ignore[arg-type] # a share
            term = Term(share, line.share.kind, pack.currency, line.share.minutes)
            words = phrase("{share} of {amount}", share=term, amount=words)
    if line.times is None:
        return amount, words
    times = line.times.read(scene)
    if times == 1:
        return amount, words
    text, most = "{times} x {amount}", line.times_at_most
    if most is not None and times > most:  # type: ignore[operator] # numbers
        text, times = "{times} (at most {times}) x {amount}", most
    total = times_over(amount, times, pack.rounding)  # type: ignore[arg-type] # a number
    return total, phrase(text, times=Term(times, Kind.NUMBER), amount=words)


def _limited(pack: Pack, rule: Rule, scene: Scene, total: int, words: Gap) -> tuple[int, Gap]:
    for limit, text, choose in (
        (rule.at_least, "{words}, at least {bound}", max),
        (rule.at_most, "{words}, at most {bound}", min),
    ):
        bound = None if limit is None else _term(pack, limit, scene)[0]
        if bound is not None and choose(total, bound) != total:
            return bound, phrase(text, words=words, bound=money_term(bound, pack))
    return total, words


def money_term(minor: int, pack: Pack) -> Term:
    """An amount in the scheme's currency."""
    return Term(minor, Kind.MONEY, pack.currency)


def times_over(amount: int, factor: int | Fraction, mode: Rounding) -> int:
    """An amount so many times, or a share of it, in whole minor units. Neither is negative."""
    if isinstance(factor, int):
        return amount * factor
    whole, left = divmod(amount * factor.numerator, factor.denominator)
    twice = 2 * left - factor.denominator  # above 0 if more than half of a unit is left
    if mode is Rounding.HALF_UP:
        return whole + (twice >= 0)
    if mode is Rounding.HALF_EVEN:
        return whole + (twice > 0 or (twice == 0 and whole % 2 == 1))
    return whole + (mode is Rounding.UP and left > 0)
