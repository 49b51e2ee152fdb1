"""Network addresses of callers, in the form by which requests are counted."""

from ipaddress import IPv6Address, ip_address, ip_network

ONE_HOUSEHOLD = 64  # bits of an IPv6 address: the prefix of one household (RFC 6177)
LONGEST = 64


def household(address: str | None) -> str:
    """Return the address by which a caller is counted: IPv4, or the /64 network of an IPv6 address.

    It is normalised and has no port. Any other text, which a proxy may have sent, is returned unchanged,
    but cut to LONGEST characters.
    """
    text = (address or "").strip()
    try:
        found = ip_address(_host(text))
    except ValueError:
        return text[:LONGEST]
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ip_network((int(found), ONE_HOUSEHOLD), strict=False))


def _host(text):
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text.partition("%")[0]
