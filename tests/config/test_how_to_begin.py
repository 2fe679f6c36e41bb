"""What `makegood up` says of a desk into which nobody can get."""

import pytest

from makegood.config.supervisor import how_to_begin
from world import a_person

pytestmark = pytest.mark.django_db


def test_a_desk_without_people_says_how_the_first_gets_in_until_somebody_is():
    said = "\n".join(how_to_begin())

    assert "--calendar GB-ENG" in said
    assert "--role administrator" in said
    a_person("Ada Moreno", role="administrator")
    assert how_to_begin() == []
