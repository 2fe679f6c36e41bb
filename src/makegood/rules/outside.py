"""Addresses of other systems: which one may send to or ask, so that none leads inside."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

NO_ADDRESS: Final = "This is no address; give one such as https://shop.example/hook."
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressError(ValueError):
    """An address to which nothing may be sent; the message says what would be right."""


def check_address(url: str, *, is_private_allowed: bool) -> None:
    """Refuse an address that leads into the company's own network, or is none.

    A name may still lead there: whoever sends asks `may_send_to` of what it stands for.

    :raises AddressError: if it may not be used.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _port = parts.port
    except ValueError as wrong:
        raise AddressError(NO_ADDRESS) from wrong
    if not host or parts.username is not None or not url.isprintable() or " " in url:
        raise AddressError(NO_ADDRESS)
    if parts.scheme != "https" and not (is_private_allowed and parts.scheme == "http"):
        raise AddressError("Messages go to an address that begins with https://.")
    if not is_private_allowed and _is_plainly_private(host):
        raise AddressError("This address is within a network of its own; give a public one.")


def may_send_to(address: str, *, is_private_allowed: bool) -> bool:
    """Whether a message may go to what a name stands for at this moment."""
    return is_private_allowed or _is_public(ipaddress.ip_address(address))


def _is_plainly_private(host: str) -> bool:
    try:
        return not _is_public(ipaddress.ip_address(host))
    except ValueError:
        pass
    bare = host.rstrip(".").lower()
    # A name without a dot is of this network; digits alone are an address in another spelling.
    last = bare.rpartition(".")[2]
    own = bare.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa"))
    return own or "." not in bare or last.isdigit() or last.startswith("0x")


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return _is_public(inner)
        if address in _NAT64:
            return _is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast
