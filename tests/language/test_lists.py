"""Several things in one sentence, by the rules of each language."""

from makegood.language import choice, lists


def test_the_last_of_several_things_is_joined_in_words():
    with choice.speaking("en-gb"):
        assert lists.all_of(["bin", "bill", "boiler"]) == "bin, bill and boiler"
        assert lists.all_of([]) == ""
    with choice.speaking("de"):
        assert lists.all_of(["Tonne", "Rechnung"]) == "Tonne und Rechnung"
