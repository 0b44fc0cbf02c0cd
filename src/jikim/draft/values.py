"""What sampled values look like, in counts: the only place that sees a value, and none leaves it. Pure."""

import ipaddress
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from jikim.plan.recognise import (
    Confidence,
    Secret,
    is_business_number,
    looks_one_way,
    recognise,
    recognise_number,
    worth_reading,
)

Sample = Mapping[str, Sequence[Any]]
"""Some rows of a table: the values of each column that could be read, in the same order."""


class Form(StrEnum):
    """What a value looks like."""

    EMAIL = "an e-mail address"
    PHONE = "a telephone number"
    RESIDENT = "a resident number"
    FOREIGNER = "a foreigner's number"
    PASSPORT = "a passport number"
    LICENCE = "a driver's licence"
    CARD = "a card number"
    ACCOUNT = "a bank account"
    BUSINESS = "a business number"
    IP = "an IP address"
    USER_AGENT = "a browser's name"
    ONE_WAY = "a one-way hash"
    TOKEN = "a token"  # noqa: S105 - the name of a form
    UUID = "a UUID"
    URL = "an address on the web"
    NAME = "a person's name"
    ADDRESS = "a postal address"
    BIRTH = "a date of birth"
    SEX = "a sex"
    COORDINATES = "a place on earth"
    WORD = "one word"
    PROSE = "a text of several words"
    HOLDS_CONTACT = "a text with an e-mail address or telephone number in it"


@dataclass(frozen=True)
class Seen:
    """What the sampled values of one column look like.

    :param rows: how many rows were sampled, and ``filled`` in how many of them something stood.
    :param forms: how many of the filled values had each form; one value may have several.
    :param numbers: how the column's numbers read as times: ``epoch`` or ``epoch-ms`` where all of them could be.
    :param sentinels: dates known to stand for "never" that occur.
    :param inside: the same of each path into JSON values that enough of them have.
    """

    rows: int = 0
    filled: int = 0
    distinct: int = 0
    forms: Mapping[Form, int] = field(default_factory=dict)
    numbers: str = ""
    sentinels: tuple[str, ...] = ()
    inside: Mapping[str, "Seen"] = field(default_factory=dict)

    def share(self, form: Form) -> float:
        """Which part of the filled values has a form; 0 where nothing was seen."""
        return self.forms.get(form, 0) / self.filled if self.filled else 0.0


NOTHING: Final = Seen()
_SENTINELS: Final = ("9999-12-31", "1900-01-01", "1970-01-01", "0001-01-01")
"""Dates that services write where nothing has happened; what else they may hold is never repeated."""
_MOST: Final = 20
"""Paths into one JSON column that are looked at; what has more is keyed by values, not by names."""
_OFTEN: Final = 0.3
"""The part of the values that must have a key before it counts as a name and may be written down."""
_FEW: Final = 3
_KEY: Final = re.compile(r"[A-Za-z_가-힣][A-Za-z_가-힣]{0,39}")


def seen(values: Iterable[Any], *, today: date) -> Seen:
    """What the values of one column look like.

    :param today: nobody is born later.
    """
    rows = list(values)
    filled = [value for value in rows if value is not None and value != ""]
    parsed = [_json(value) for value in filled]
    inside = parsed if filled and all(isinstance(value, dict | list) for value in parsed) else []
    forms: Counter[Form] = Counter()
    for value in filled:
        forms.update(set(_forms(value, today)))
    return Seen(
        rows=len(rows),
        filled=len(filled),
        distinct=len({repr(value) for value in filled}),
        forms=dict(forms),
        numbers=_times(filled),
        sentinels=_never(filled),
        inside=_inside(inside, today) if inside else {},
    )


# -- one value --------------------------------------------------------------------------------------------

_EMAIL: Final = re.compile(r"[^\s@<>,;:\"()]{1,64}@[^\s@<>,;:\"()]{1,190}\.[A-Za-z]{2,24}")
_PHONE: Final = re.compile(
    r"(?:\+\d{1,3}[ .-]?)?(?:\(?0\d{1,3}\)?[ .-]?)?\d{2,4}[ .-]\d{3,4}[ .-]?\d{3,4}(?: ?(?:x|ext\.?) ?\d{1,6})?"
    r"|01[016789]\d{7,8}|\+\d{8,15}|0(?:2|[3-6][1-5]|70|50\d)\d{7,8}|\(\d{3}\) ?\d{3}-\d{4}"
)
_CONTACT_IN_TEXT: Final = re.compile(rf"{_EMAIL.pattern}|\b01[016789][ .-]?\d{{3,4}}[ .-]?\d{{4}}\b")
_AGENT: Final = re.compile(r"Mozilla/\d|AppleWebKit/|^[A-Za-z]+/\d[\d.]* \(|okhttp/|Dalvik/")
_TOKEN: Final = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_.+/=:-]{20,}")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_URL: Final = re.compile(r"https?://\S+")
_LATIN_NAME: Final = re.compile(r"[A-Z][a-zà-öø-ÿ'’-]+(?: [A-Z][a-zà-öø-ÿA-Z.'’-]*){1,3}")
_SURNAMES: Final = frozenset(
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마"
    "길연위표명기반왕금옥육인맹제모탁국어은편용"
)
_KOREAN_NAME: Final = re.compile(r"[가-힣]{2,4}")
_KOREAN_ADDRESS: Final = re.compile(
    r"(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충[청북남]|전[라북남]|경[상북남]|제주)\S*\s.*?(?:[시군구읍면동리]|로|길)\b"
    r"|\S+[시군구]\s\S+(?:로|길|동|읍|면)\s?\d"
)
_STREET: Final = re.compile(
    r"\d+[A-Za-z]?,? (?:[\w.'’-]+ ){1,4}(?:st|street|ave|avenue|rd|road|blvd|boulevard|lane|ln|drive|dr|way|court|ct|"
    r"place|pl|square|terrace|parkway|loop|row)\b\.?",
    re.IGNORECASE,
)
_DAY: Final = re.compile(r"(19[2-9]\d|20[01]\d)[-./]?(0[1-9]|1[0-2])[-./]?(0[1-9]|[12]\d|3[01])")
_PAIR: Final = re.compile(r"\(?-?\d{1,3}\.\d{3,}[, ]+-?\d{1,3}\.\d{3,}\)?")
_SEXES: Final = frozenset(
    {"m", "f", "male", "female", "man", "woman", "남", "여", "남자", "여자", "남성", "여성"}
)
_SECRETS: Final = {
    Secret.RESIDENT: Form.RESIDENT,
    Secret.FOREIGNER: Form.FOREIGNER,
    Secret.PASSPORT: Form.PASSPORT,
    Secret.LICENCE: Form.LICENCE,
    Secret.CARD: Form.CARD,
    Secret.ACCOUNT: Form.ACCOUNT,
    Secret.BUSINESS: Form.BUSINESS,
}
_LONG: Final = 60
"""Characters beyond which a text with a space in it is prose."""
_TEN: Final = re.compile(r"[0-9]{10}|[0-9]{3}-[0-9]{2}-[0-9]{5}")


def _forms(value: Any, today: date) -> Iterator[Form]:
    match value:
        case bool():
            return
        case str():
            yield from _forms_of_text(value.strip(), today)
        case int():
            for sighting in recognise_number(value, today=today):
                if sighting.confidence >= Confidence.LIKELY:
                    yield _SECRETS[sighting.kind]
            yield from _forms_of_digits(str(value))
        case float() | Decimal():
            return
        case date():
            if 1920 <= value.year <= today.year - 5:
                yield Form.BIRTH
        case (
            ipaddress.IPv4Address()
            | ipaddress.IPv6Address()
            | ipaddress.IPv4Interface()
            | ipaddress.IPv6Interface()
        ):
            yield Form.IP


_WHOLE: Final[Sequence[tuple[Form, Callable[[str], object]]]] = (
    (Form.EMAIL, _EMAIL.fullmatch),
    (Form.PHONE, _PHONE.fullmatch),
    (Form.UUID, _UUID.fullmatch),
    (Form.URL, _URL.fullmatch),
    (Form.COORDINATES, _PAIR.fullmatch),
    (Form.BIRTH, _DAY.fullmatch),
    (Form.NAME, lambda text: _LATIN_NAME.fullmatch(text) or _is_korean_name(text)),
    (Form.SEX, lambda text: text.lower() in _SEXES),
    (Form.ONE_WAY, looks_one_way),
    (Form.TOKEN, lambda text: not _UUID.fullmatch(text) and "@" not in text and _TOKEN.fullmatch(text)),
    (Form.IP, lambda text: _is_ip(text)),  # noqa: PLW0108 - defined below
    (Form.WORD, lambda text: len(text.split()) == 1),
)


def _forms_of_text(text: str, today: date) -> Iterator[Form]:
    yield from (form for form, has in _WHOLE if has(text))
    if worth_reading(text):
        for sighting in recognise(text, today=today):
            if sighting.confidence >= Confidence.LIKELY:
                yield _SECRETS[sighting.kind]
    yield from _forms_of_digits(text)
    if _AGENT.search(text):
        yield Form.USER_AGENT
    elif _KOREAN_ADDRESS.search(text[:200]) or (len(text) <= 2 * _LONG and _STREET.search(text)):
        yield Form.ADDRESS
    elif len(text.split()) >= 4 or (len(text) > _LONG and " " in text):
        yield Form.PROSE
        if _CONTACT_IN_TEXT.search(text):
            yield Form.HOLDS_CONTACT


def _forms_of_digits(text: str) -> Iterator[Form]:
    """A business number is ten digits, of which the last checks the others."""
    if _TEN.fullmatch(text) and is_business_number(text.replace("-", "")):
        yield Form.BUSINESS


def _is_korean_name(text: str) -> bool:
    return bool(_KOREAN_NAME.fullmatch(text)) and text[0] in _SURNAMES


def _is_ip(text: str) -> bool:
    if not 3 <= len(text) <= 45 or ("." not in text and ":" not in text):
        return False
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return False
    return True


# -- all values of a column -------------------------------------------------------------------------------


def _times(filled: Sequence[Any]) -> str:
    """How whole numbers read as times, if all of them fall between 2000 and 2100."""
    numbers = [
        v for v in filled if isinstance(v, int | Decimal | float) and not isinstance(v, bool) and v != 0
    ]
    if not numbers or len(numbers) < len([v for v in filled if v != 0]):
        return ""
    if all(946_684_800 <= v < 4_102_444_800 for v in numbers):
        return "epoch"
    return "epoch-ms" if all(946_684_800_000 <= v < 4_102_444_800_000 for v in numbers) else ""


def _never(filled: Sequence[Any]) -> tuple[str, ...]:
    days = {(v.date() if isinstance(v, datetime) else v).isoformat() for v in filled if isinstance(v, date)}
    return tuple(day for day in _SENTINELS if day in days)


def _json(value: Any) -> Any:
    """A value of JSON as it is, a text that holds JSON as what it holds."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):  # no JSON, or nested deeper than anyone means
            return value
    return value


def _inside(values: Sequence[Any], today: date) -> Mapping[str, Seen]:
    """What stands under each key that many of the values have; keys that are themselves data are passed over."""
    found: dict[str, list[Any]] = {}
    occurs: Counter[str] = Counter()
    for value in values:
        leaves = list(_leaves(value, "$", 0))
        for path, leaf in leaves:
            found.setdefault(path, []).append(leaf)
        occurs.update(list(dict.fromkeys(path for path, _ in leaves)))
    enough = max(_FEW, len(values) * _OFTEN)
    named = [path for path, count in occurs.items() if count >= enough]
    if len(named) > _MOST:
        return {}
    return {path: seen(found[path], today=today) for path in named}


def _leaves(value: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    match value:
        case dict() if depth < 4:
            for key, inner in value.items():
                if _KEY.fullmatch(key) and not _is_korean_name(key):
                    yield from _leaves(inner, f"{path}.{key}", depth + 1)
        case list() if depth < 4:
            for inner in value:
                yield from _leaves(inner, f"{path}[*]", depth + 1)
        case dict() | list():
            return
        case _:
            if path != "$":
                yield path, value
