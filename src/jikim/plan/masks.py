"""Mask functions: what stands in a cell once nothing entitles the service to the value. Pure.

Every function is idempotent, so a masked row is known by looking at it and no second pass changes it.
"""

import hashlib
import hmac
import ipaddress
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

TAG_LENGTH = 16


@dataclass(frozen=True)
class Mask:
    """One mask function; ``text`` is the constant of ``fixed`` or the template of ``tag``."""

    kind: Literal["null", "fixed", "tag", "truncated-ip", "year"]
    text: str = ""

    def __str__(self) -> str:
        return f"{self.kind}({self.text})" if self.text else self.kind

    @property
    def pattern(self) -> str:
        """A regular expression (the same for Python and PostgreSQL) that a tagged value matches."""
        before, after = self.text.split("{tag}")
        return f"^{re.escape(before)}[0-9a-f]{{{TAG_LENGTH}}}{re.escape(after)}$"


_FORM = re.compile(r"^(?P<kind>fixed|tag)\((?P<text>.*)\)$", re.DOTALL)


def parse_mask(text: str) -> Mask:
    """Read ``null``, ``fixed(…)``, ``tag(…{tag}…)``, ``truncated-ip`` or ``year``.

    :raises ValueError: with a reason, for anything else.
    """
    if text in ("null", "truncated-ip", "year"):
        return Mask(text)  # type: ignore[arg-type]
    match = _FORM.match(text)
    if match is None:
        raise ValueError("no such mask: `null`, `fixed(text)`, `tag(text {tag})`, `truncated-ip` or `year`")
    if match["kind"] == "tag" and match["text"].count("{tag}") != 1:
        raise ValueError("a tag mask names `{tag}` once, e.g. `tag(gone-{tag}@invalid.example)`")
    return Mask(match["kind"], match["text"])  # type: ignore[arg-type]


def tag_pads(key: bytes) -> tuple[bytes, bytes]:
    """The inner and outer pads of HMAC-SHA256 (RFC 2104), so that a store can compute the same tag itself."""
    block = key.ljust(64, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def row_tag(key: bytes, *, table: str, row_key: tuple[Any, ...]) -> str:
    """The keyed tag of a row: equal for equal rows, telling nothing without the key."""
    message = "\x1f".join([table, *map(str, row_key)]).encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()[:TAG_LENGTH]


def _truncate(value: Any) -> Any:
    """The /24 of an IPv4 address or the /48 of an IPv6 one, host bits zero, in the type it came in."""
    address = ipaddress.ip_address(str(value).split("/")[0])
    length = 24 if address.version == 4 else 48
    network = ipaddress.ip_network(f"{address}/{length}", strict=False).network_address
    return str(network) if isinstance(value, str) else network


def masked(mask: Mask, value: Any, *, tag: str) -> Any:
    """What stands in the cell afterwards. ``masked(m, masked(m, v)) == masked(m, v)``.

    :raises ValueError: a mask for addresses or dates on a value that is neither.
    """
    if value is None or mask.kind == "null":
        return None
    match mask.kind:
        case "fixed":
            return type(value)(mask.text) if isinstance(value, int | float | Decimal) else mask.text
        case "tag":
            return value if re.match(mask.pattern, str(value)) else mask.text.replace("{tag}", tag)
        case "truncated-ip":
            return _truncate(value)
        case _:
            if isinstance(value, datetime):
                return value.astimezone(UTC).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
            if isinstance(value, date):
                return value.replace(month=1, day=1)
            raise ValueError("`year` masks dates and instants only")
