"""Addresses of other systems: none that leads into one's own network."""

import pytest

from makegood.rules import outside
from makegood.rules.outside import AddressError


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/", "ftp://shop.example/", "https://", "shop.example", "https://[::1]/",
        "https://localhost/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/",
        "https://0x7f000001/", "https://10.0.0.8/", "https://192.168.1.1:8443/x",
        "https://169.254.169.254/latest/meta-data", "https://[fd00::1]/", "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/", "https://100.64.0.1/", "https://0.0.0.0/", "https://224.0.0.1/",
        "https://printer/", "https://db.internal/", "https://nas.local./", "https://me:pw@shop.example/",
        "https://shop.example:99999/", "https://shop.example/a b", "https://shop.example/\nx",
    ],
)  # fmt: skip
def test_an_address_of_ones_own_network_is_refused(url):
    with pytest.raises(AddressError):
        outside.check_address(url, is_private_allowed=False)


def test_a_public_address_is_taken_and_a_private_one_where_that_is_allowed():
    outside.check_address("https://shop.example/hook?x=1", is_private_allowed=False)
    outside.check_address("http://10.0.0.8:8080/hook", is_private_allowed=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "fe80::1", "::ffff:127.0.0.1"])
def test_nothing_is_sent_to_what_a_name_stands_for_if_that_is_ones_own(address):
    assert not outside.may_send_to(address, is_private_allowed=False)
    assert outside.may_send_to(address, is_private_allowed=True)
    assert outside.may_send_to("93.184.215.14", is_private_allowed=False)
