"""Which language is spoken when none, or an unknown one, is asked for."""

from django.conf import settings

from makegood.language import choice


def test_an_unknown_language_is_answered_in_the_companys():
    with choice.speaking("tlh"):
        assert choice.current() == settings.LANGUAGE_CODE
    with choice.speaking(""):
        assert choice.current() == settings.LANGUAGE_CODE


def test_a_language_is_spoken_until_the_end_of_what_is_said_in_it():
    before = choice.current()

    with choice.speaking("de"):
        assert (choice.current(), choice.locale().language) == ("de", "de")

    assert choice.current() == before


def test_every_language_is_known_to_the_cldr():
    for code in choice.codes():
        with choice.speaking(code):
            assert choice.locale().english_name


def test_words_of_the_language_that_is_spoken_need_no_mark():
    with choice.speaking("de"):
        assert [choice.mark_of(code) for code in ("de", "en-gb", "", "tlh")] == [
            "",
            "en-gb",
            "",
            "",
        ]
