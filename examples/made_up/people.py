"""Words for made-up people: names, addresses, telephone numbers, browsers. Pure.

Family names and given-name syllables are drawn apart, addresses end in ``.example`` (RFC 2606), IP addresses
come from documentation ranges (RFC 5737, RFC 3849), and telephone numbers lie in 010-0000-xxxx, which
nobody is given.
"""

from datetime import date, timedelta
from ipaddress import IPv4Address, IPv6Address
from random import Random

_FAMILY = ("가", "나", "다", "라", "마", "바", "사", "아", "자", "차")
_SYLLABLES = ("늘", "솔", "빛", "람", "찬", "봄", "결", "온", "슬", "참", "예", "다", "로", "마", "루", "별")
_WORDS = ("haru", "nuri", "sora", "maru", "bada", "gaon", "dasom", "narae", "byeol", "areum")
_HOSTS = ("mail", "post", "letters", "inbox")
_NETWORKS = tuple(int(IPv4Address(first)) for first in ("192.0.2.0", "198.51.100.0", "203.0.113.0"))
_DOCUMENTATION_V6 = int(IPv6Address("2001:db8::"))

SEXES = ("여", "남")
RESIDENCES = ("가람시", "나루시", "다솜군", "라온시", "마루군")
BROWSERS = ("Hare/4.1 (Desktop)", "Heron/12.0 (Mobile)", "Otter/7.3 (Tablet)")


def name(rng: Random) -> str:
    """A family name nobody bears and two syllables."""
    return rng.choice(_FAMILY) + rng.choice(_SYLLABLES) + rng.choice(_SYLLABLES)


def address(rng: Random, *, number: int, token: str) -> str:
    """An e-mail address with ``token`` in its local part."""
    return f"{rng.choice(_WORDS)}.{number}.{token}@{rng.choice(_HOSTS)}.example"


def phone(rng: Random) -> str:
    """A telephone number that rings nowhere."""
    return f"010-0000-{rng.randrange(10_000):04}"


def ip(rng: Random) -> IPv4Address | IPv6Address:
    """An address out of the documentation ranges, one in five of them version 6."""
    if rng.random() < 0.2:
        return IPv6Address(_DOCUMENTATION_V6 + rng.getrandbits(64))
    return IPv4Address(rng.choice(_NETWORKS) + rng.randrange(256))


def birth_date(rng: Random) -> date:
    """A date of birth of somebody grown up by 2020."""
    return date(1950, 1, 1) + timedelta(days=rng.randrange(50 * 365))
