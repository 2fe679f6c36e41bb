"""Whole numbers as strangers send them: a number of ours, or the default."""

import sys

import pytest
from django.test import RequestFactory

from makegood.doors.numbers import body_length, whole_number


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("0", 0),
        ("42", 42),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, -1),  # no bigint holds it
        ("9" * 5_000, -1),  # nor does Python read it
        ("", -1),
        ("-1", -1),
        ("1.5", -1),
        ("²", -1),
        ("٣", -1),
    ],
)
def test_only_a_number_that_can_be_ours_is_read(given, number):
    assert whole_number(given, default=-1) == number


@pytest.mark.parametrize(
    ("said", "length"), [("", 0), ("12", 12), ("many", sys.maxsize), ("9" * 5_000, sys.maxsize)]
)
def test_a_length_that_is_nonsense_is_too_long(said, length):
    request = RequestFactory().post("/", headers={"Content-Length": said})

    assert body_length(request) == length
