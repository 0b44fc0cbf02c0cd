"""Recognises what must not lie about in clear: numbers that identify or pay, and forms of hashes. Pure.

An answer names a kind and how sure it is; it never carries the value. What is looked for, and by what:

- *Resident number* (주민등록번호, 주민등록법 제7조의2): date of birth, a digit for century and sex, six more.
  Until October 2020 the last was a check digit (weights 2…9, 2…5, modulo 11). Since then the six are drawn at
  random, so a number without a fitting check digit is only less sure.
- *Foreigner's number* (외국인등록번호, 출입국관리법 제31조): the same with 5 to 8 for the sex. Its check
  digit is the same, or two more; both are in use.
- *Card number* (ISO/IEC 7812): a length and first digits that a network issues, and the check digit of Luhn.
  Visa's 13 digits of old are left out: milliseconds since 1970 look like them.
- *Driver's licence* (운전면허번호): region, two digits of the year, six, and two whose rule is not published.
- *Passport* (여권번호): a letter and eight digits; since 2021-12-21 a letter, three digits, a letter, four.
- *Account*: each bank has shapes of its own and none can be checked, so only where a column's name says so.
- *Business number* (사업자등록번호): ten digits with a check digit. Public, and looked for only because it is
  easily taken for an account.

False alarms: of thirteen digits drawn at random about 3 in 1,000 are a resident number by every test; of
sixteen about 25 in 1,000 a card. A company's register number (법인등록번호, ``110111-…``) reads as somebody
born in 1911: nobody older than a hundred counts as more than possible. Digits inside a longer hexadecimal
word (a digest) or behind a decimal point are passed over. Missed are numbers split over columns, spelled out,
or encoded.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import Final


class Secret(StrEnum):
    """What a text seems to hold in clear."""

    RESIDENT = "resident-number"
    FOREIGNER = "foreigner-number"
    CARD = "card-number"
    ACCOUNT = "account-number"
    PASSPORT = "passport-number"
    LICENCE = "licence-number"
    BUSINESS = "business-number"
    PASSWORD = "password"  # noqa: S105 - the name of a kind


class Confidence(IntEnum):
    """How sure a recogniser is."""

    POSSIBLE = 1
    LIKELY = 2
    CERTAIN = 3


@dataclass(frozen=True)
class Sighting:
    """A kind of secret that a text seems to hold. The text itself is not kept."""

    kind: Secret
    confidence: Confidence


_HINTS: Final[Mapping[Secret, re.Pattern[str]]] = {
    Secret.RESIDENT: re.compile(r"resident|jumin|rrn|ssn|주민"),
    Secret.FOREIGNER: re.compile(r"foreigner|alien|외국인|거소"),
    Secret.CARD: re.compile(r"card|카드"),
    Secret.ACCOUNT: re.compile(r"account|acct|bank|계좌|gyejwa"),
    Secret.PASSPORT: re.compile(r"passport|여권"),
    Secret.LICENCE: re.compile(r"licen[cs]e|면허"),
}


def hints(*names: str) -> frozenset[Secret]:
    """The kinds that the names of a column, its table or its item speak of."""
    said = " ".join(names).lower()
    return frozenset(kind for kind, words in _HINTS.items() if words.search(said))


# Digits with little between them, whatever stands there.
_CLUSTER: Final = re.compile(r"\d(?:[^0-9A-Za-z]{0,3}\d){8,}")
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


_WORTH: Final = re.compile(rf"{_CLUSTER.pattern}|[DGMORSdgmors]\d{{3}}[0-9A-Za-z]\d{{4}}")
_DIGITS: Final = re.compile(r"\d\d\d")


def worth_reading(text: str) -> bool:
    """Whether :func:`recognise` could find anything: a quick test, also of many texts put together."""
    return _DIGITS.search(text) is not None and _WORTH.search(text) is not None


def recognise(text: str, *, today: date, hinted: frozenset[Secret] = frozenset()) -> tuple[Sighting, ...]:
    """What ``text`` seems to hold, each kind once and as surely as anywhere in it.

    :param today: nobody is born later.
    :param hinted: kinds that the name of the column speaks of.
    """
    found: list[Sighting] = []
    most = max((sum(map(str.isdigit, cluster)) for cluster in _CLUSTER.findall(text)), default=0)
    if most and not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    if most >= 13:
        found += _people(text, today, hinted)
    if most >= 14:
        found += _cards(text, hinted)
    if most >= 10:
        found += _licences(text, hinted)
    if most >= 10 and Secret.ACCOUNT in hinted and not found:
        found += _accounts(text)
    found += _passports(text, hinted)
    surest: dict[Secret, Confidence] = {}
    for seen in found:
        surest[seen.kind] = max(seen.confidence, surest.get(seen.kind, Confidence.POSSIBLE))
    return tuple(Sighting(kind, confidence) for kind, confidence in surest.items())


def recognise_number(
    value: int, *, today: date, hinted: frozenset[Secret] = frozenset()
) -> tuple[Sighting, ...]:
    """What a number in a numeric column seems to be: no separator speaks for it, so one step less sure.

    Leading zeros are put back, for those born in 2000 to 2009.
    """
    if not 10**9 <= value < 10**19:
        return ()
    found = recognise(str(value).zfill(13), today=today, hinted=hinted)
    return tuple(s if s.kind in hinted else Sighting(s.kind, _LESS[s.confidence]) for s in found)


_LESS: Final = {
    Confidence.CERTAIN: Confidence.LIKELY,
    Confidence.LIKELY: Confidence.POSSIBLE,
    Confidence.POSSIBLE: Confidence.POSSIBLE,
}


# -- resident and foreigner's numbers ---------------------------------------------------------------------

_PERSON: Final = re.compile(
    r"(?<![0-9])(?<![0-9][.-])([0-9]{6})( ?- ?| |)([1-8])([0-9]{6})(?![0-9])(?!-[0-9])"
)
_WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_RANDOM_SINCE: Final = date(2020, 10, 5)
_OLDEST: Final = 100


def _people(text: str, today: date, hinted: frozenset[Secret]) -> Iterator[Sighting]:
    for match in _PERSON.finditer(text):
        born = _born(match[1], match[3])
        if born is None or born > today or _in_hash(text, match):
            continue
        foreign = match[3] in "5678"
        kind = Secret.FOREIGNER if foreign else Secret.RESIDENT
        number = match[1] + match[3] + match[4]
        checked = int(number[-1]) in _person_checks(number, foreign=foreign)
        apart = bool(match[2]) or kind in hinted
        if today.year - born.year > _OLDEST or not (checked or born >= _RANDOM_SINCE):
            if apart:
                yield Sighting(kind, Confidence.POSSIBLE)
        elif checked:
            yield Sighting(kind, Confidence.CERTAIN if apart else Confidence.LIKELY)
        else:
            yield Sighting(kind, Confidence.LIKELY if apart else Confidence.POSSIBLE)


def _born(six: str, century: str) -> date | None:
    try:
        return date((1900 if century in "1256" else 2000) + int(six[:2]), int(six[2:4]), int(six[4:]))
    except ValueError:
        return None


def _person_checks(number: str, *, foreign: bool) -> tuple[int, ...]:
    """The check digits that thirteen digits may end with."""
    rest = sum(int(digit) * weight for digit, weight in zip(number[:12], _WEIGHTS, strict=True)) % 11
    return ((11 - rest) % 10, (13 - rest) % 10) if foreign else ((11 - rest) % 10,)


# -- cards ------------------------------------------------------------------------------------------------

# Looked for at every place, in every grouping: `2024 4111 …` must not be read from its first word only, nor
# `… 1111 12/25` as longer than it is.
_GROUPINGS: Final = ((4, 4, 4, 4), (4, 4, 4, 4, 3), (4, 6, 5), (4, 6, 4))
_CARD_GROUPED: Final = tuple(
    re.compile(
        r"(?<![0-9])(?<![0-9][.-])(?=([0-9]{4}([ .-])"
        + r"\2".join(f"[0-9]{{{n}}}" for n in sizes)
        + r")(?![0-9])(?![.-][0-9]))"
    )
    for _, *sizes in _GROUPINGS
)
_CARD_BARE: Final = re.compile(r"(?<![0-9])(?<![0-9][.,-])([0-9]{14,19})(?![0-9])(?![.-][0-9])")
_NETWORKS: Final = (
    ("4", (16, 19)),
    *((str(n), (16,)) for n in (*range(51, 56), *range(2221, 2721))),
    *((str(n), (15,)) for n in (34, 37)),
    *((str(n), (16,)) for n in range(3528, 3590)),
    *((str(n), (14, 16)) for n in (36, 38, 39, *range(300, 306))),
    *((str(n), (16, 19)) for n in (6011, 65, 62, *range(644, 650))),
    ("9", (16,)),  # cards for use within the country only (ISO/IEC 7812: national)
)
_LENGTHS: Final[Mapping[str, tuple[int, ...]]] = dict(_NETWORKS)


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    doubled = (int(d) * (1 + place % 2) for place, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _issued(digits: str) -> bool:
    """Whether some network issues cards of this beginning and length."""
    return any(len(digits) in _LENGTHS.get(digits[:n], ()) for n in range(1, 5))


def _cards(text: str, hinted: frozenset[Secret]) -> Iterator[Sighting]:
    for grouping in _CARD_GROUPED:
        for match in grouping.finditer(text):
            digits = match[1].replace(match[2], "")
            if _issued(digits) and luhn(digits):
                yield Sighting(Secret.CARD, Confidence.CERTAIN)
    for match in _CARD_BARE.finditer(text):
        digits = match[1]
        if _issued(digits) and luhn(digits) and not _in_hash(text, match):
            national = digits.startswith("9") and Secret.CARD not in hinted
            sure = Confidence.CERTAIN if Secret.CARD in hinted else Confidence.LIKELY
            yield Sighting(Secret.CARD, Confidence.POSSIBLE if national else sure)


# -- licences, passports, accounts ------------------------------------------------------------------------

_REGIONS: Final = (
    "1[1-9]|2[0-68]|서울|부산|경기|강원|충북|충남|전북|전남|경북|경남|제주|대구|인천|광주|대전|울산|경기북부"
)
_LICENCE: Final = re.compile(
    rf"(?<![0-9])(?<![0-9]-)(?:{_REGIONS})[ -]?[0-9]{{2}}-[0-9]{{6}}-[0-9]{{2}}(?![0-9])(?!-[0-9])"
)
_LICENCE_BARE: Final = re.compile(r"(?<![0-9])(?:1[1-9]|2[0-68])[0-9]{10}(?![0-9])")
_PASSPORT: Final = re.compile(
    r"(?<![0-9A-Za-z])[DGMORS](?:[0-9]{8}|[0-9]{3}[A-Z][0-9]{4})(?![0-9A-Za-z])", re.IGNORECASE
)
_ACCOUNT_GROUPED: Final = re.compile(r"(?<![0-9-])[0-9]{2,6}(?:-[0-9]{1,8}){1,3}(?![0-9-])")
_ACCOUNT_BARE: Final = re.compile(r"(?<![0-9-])[0-9]{10,14}(?![0-9-])")
_TELEPHONE: Final = re.compile(r"0(?:1[016789]|2|[3-6][1-5]|70)")


def _licences(text: str, hinted: frozenset[Secret]) -> Iterator[Sighting]:
    if _LICENCE.search(text):
        yield Sighting(Secret.LICENCE, Confidence.LIKELY)
    elif Secret.LICENCE in hinted and _LICENCE_BARE.search(text):
        yield Sighting(Secret.LICENCE, Confidence.POSSIBLE)


def _passports(text: str, hinted: frozenset[Secret]) -> Iterator[Sighting]:
    for match in _PASSPORT.finditer(text):
        if Secret.PASSPORT in hinted or _HINTS[Secret.PASSPORT].search(text.lower()):
            yield Sighting(Secret.PASSPORT, Confidence.LIKELY)
        elif match[0].isupper():
            yield Sighting(Secret.PASSPORT, Confidence.POSSIBLE)


def _accounts(text: str) -> Iterator[Sighting]:
    for pattern, confidence in ((_ACCOUNT_GROUPED, Confidence.LIKELY), (_ACCOUNT_BARE, Confidence.POSSIBLE)):
        for match in pattern.finditer(text):
            digits = match[0].replace("-", "")
            if _TELEPHONE.match(digits) or not 10 <= len(digits) <= 14:
                continue
            kind = Secret.BUSINESS if is_business_number(digits) else Secret.ACCOUNT
            yield Sighting(kind, confidence)


def is_business_number(digits: str) -> bool:
    """Whether ten digits are a business number by their check digit (weights 1, 3, 7 and for the ninth 5)."""
    if len(digits) != 10:
        return False
    *rest, ninth, check = map(int, digits)
    weighted = sum(d * w for d, w in zip(rest, (1, 3, 7, 1, 3, 7, 1, 3), strict=True))
    return (weighted + ninth * 5 + ninth * 5 // 10 + check) % 10 == 0


def _in_hash(text: str, match: re.Match[str]) -> bool:
    """Whether the digits stand inside a longer hexadecimal word, such as a digest."""
    start, end = match.span()
    while start and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return end - start >= 24 and end - start > match.end() - match.start() and not set(text[start:end]) - _HEX


_HEX: Final = frozenset("0123456789abcdefABCDEF")


# -- one-way forms ----------------------------------------------------------------------------------------

_ONE_WAY: Final = re.compile(
    r"""
    (?:\{[a-zA-Z0-9-]+\})?                                          # {bcrypt}, as some frameworks prefix
    (?:
        (?:argon2)?\$?argon2(?:id|i|d)\$(?:v=[0-9]+\$)?m=[0-9]+,t=[0-9]+,p=[0-9]+\$[^$\s]+\$[^$\s]+
      | (?:bcrypt(?:_sha256)?\$)?\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{53}
      | \$?scrypt[:$][^\s]*\$[^$\s]+\$[^$\s]{32,}
      | \$?pbkdf2[-_:]sha(?:1|224|256|384|512)[:$][0-9]+\$[^$\s]+\$[^$\s]{27,}
      | \$(?:5|6|7|y|gy)\$[^\s]+\$[./A-Za-z0-9]{43,}                # crypt(5): SHA-2, scrypt, yescrypt
      | SCRAM-SHA-256\$[0-9]+:[^$\s]+\$[^:\s]+:[^:\s]+
      | [0-9a-f]{56} | [0-9a-f]{64} | [0-9a-f]{96} | [0-9a-f]{128}  # a bare digest, SHA-224 and longer
      | [0-9A-F]{56} | [0-9A-F]{64} | [0-9A-F]{96} | [0-9A-F]{128}
      | [A-Za-z0-9+/]{43}= | [A-Za-z0-9+/]{86}==                    # the same in base 64
    )
    """,
    re.VERBOSE,
)


def looks_one_way(text: str) -> bool:
    """Whether a stored secret has the form of a one-way hash (개인정보의 안전성 확보조치 기준 제7조).

    Argon2, bcrypt, scrypt, PBKDF2 and crypt(5) in their usual notations, SCRAM, and bare digests of 224 bits
    or more. A form is no proof: whoever stores 64 hexadecimal digits of something else is not found out.
    MD5 and SHA-1 digests are refused: they can be undone.
    """
    return _ONE_WAY.fullmatch(text) is not None
