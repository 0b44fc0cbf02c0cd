"""Mask functions: what stands in a cell once nothing entitles the service to the value. Pure.

Every function is idempotent, so a masked row is known by looking at it and no second pass changes it.
"""

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from jikim.datamap.schema import Column, Table
from jikim.plan.keys import text_of

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


# -- what a column allows ---------------------------------------------------------------------------------


def unfit(mask: Mask, column: Column, table: Table) -> str:
    """Why a mask cannot stand in a column, read as “the column …”; empty when it can."""
    own = (column.name,)
    if column.generated:
        return "is generated from other columns"
    if mask.kind == "null":
        return "" if column.nullable else "is NOT NULL"
    if mask.kind != "tag" and any(column.name in columns for columns in table.unique):
        return "is UNIQUE"
    if any(column.name in key.columns for key in table.foreign_keys):
        return "points at another table"
    for check in table.checks:
        allowed = check.allowed if check.columns == own else None
        if allowed is not None and not (mask.kind == "fixed" and mask.text in allowed):
            return f"takes no other values than its CHECK `{check.name}` lists"
    return _unfit_type(mask, column)


def _unfit_type(mask: Mask, column: Column) -> str:
    typed = f"is `{column.type}`"
    match mask.kind:
        case "tag":
            length = len(mask.text) - len("{tag}") + TAG_LENGTH
            if column.family != "text":
                return typed
            return f"takes {column.longest} characters" if (column.longest or length) < length else ""
        case "truncated-ip":
            return "" if column.kind in ("inet", "cidr") or column.family == "text" else typed
        case "year":
            return "" if column.time_type else typed
        case _:
            return "" if column.reads(mask.text) else typed


def fitting(column: Column, table: Table) -> Iterator[Mask]:
    """Masks that the column can take, the most silent first."""
    checks = (c.allowed or () for c in table.checks if c.columns == (column.name,))
    listed = sorted(column.labels) or sorted(value for allowed in checks for value in allowed)
    texts = ("-", "0", *listed[:1])
    tags = ("gone-{tag}@invalid.example", "{tag}")
    candidates = [
        Mask("null"),
        *([Mask("year")] if column.time_type else []),
        *([Mask("truncated-ip")] if column.kind in ("inet", "cidr") else []),
        *(Mask("fixed", text) for text in texts),
        *(Mask("tag", text) for text in tags),
    ]
    for mask in candidates:
        if not unfit(mask, column, table):
            yield mask


_DATED = re.compile(
    r"(?P<year>\d{4})-\d\d-\d\d(?:(?P<time>[T ][\d:.]+)(?P<zone>(Z|[+-]\d\d(:?\d\d)?)?))?", re.ASCII
)
"""A time as a store without a type for times keeps it."""


# -- masking ----------------------------------------------------------------------------------------------


def kept_as(mask_key: bytes, *, archive: str, cell: str, row_key: tuple[Any, ...], path: str) -> str:
    """The path in the archive's folder of a file that is kept with the copy of its row.

    :param archive: the archive's table. Every copy has a folder of its own, which tells nothing.
    """
    return f"{row_tag(mask_key, table=f'{archive}.{cell}', row_key=row_key)}/{path.rpartition('/')[2]}"


def tag_pads(key: bytes) -> tuple[bytes, bytes]:
    """The inner and outer pads of HMAC-SHA256 (RFC 2104), so that a store can compute the same tag itself."""
    block = key.ljust(64, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def row_tag(key: bytes, *, table: str, row_key: tuple[Any, ...]) -> str:
    """The keyed tag of a row: equal for equal rows, telling nothing without the key."""
    message = "\x1f".join([table, *map(text_of, row_key)]).encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()[:TAG_LENGTH]


def _truncate(value: Any) -> Any:
    """The /24 of an IPv4 address or the /48 of an IPv6 one, host bits zero, in the type it came in."""
    address = ipaddress.ip_address(str(value).split("/")[0])
    length = 24 if address.version == 4 else 48
    network = ipaddress.ip_network(f"{address}/{length}", strict=False).network_address
    return str(network) if isinstance(value, str) else network


def _constant(text: str, value: Any) -> Any:
    """The constant in the type of the value it replaces."""
    match value:
        case bool():
            return text == "true"
        case int() if text in ("true", "false"):  # a store without truth values keeps 0 and 1
            return int(text == "true")
        case int() | float() | Decimal() | UUID():
            return type(value)(text)
        case date():
            return type(value).fromisoformat(text)
        case ipaddress.IPv4Address() | ipaddress.IPv6Address():
            return ipaddress.ip_address(text)
    return text


def masked(mask: Mask, value: Any, *, tag: str) -> Any:
    """What stands in the cell afterwards. ``masked(m, masked(m, v)) == masked(m, v)``.

    :raises ValueError: a mask for addresses or dates on a value that is neither.
    """
    if value is None or mask.kind == "null":
        return None
    match mask.kind:
        case "fixed":
            return _constant(mask.text, value)
        case "tag":
            return value if re.fullmatch(mask.pattern, str(value)) else mask.text.replace("{tag}", tag)
        case "truncated-ip":
            return _truncate(value)
        case _:
            if isinstance(value, datetime):
                instant = value.astimezone(UTC) if value.tzinfo else value
                return instant.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
            if isinstance(value, date):
                return value.replace(month=1, day=1)
            if isinstance(value, str) and (written := _DATED.fullmatch(value)):
                midnight = re.sub(r"\d", "0", written["time"]) + written["zone"] if written["time"] else ""
                return f"{written['year']}-01-01{midnight}"
            raise ValueError("`year` masks dates and instants only")
