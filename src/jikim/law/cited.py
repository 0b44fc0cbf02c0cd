"""What a published text means when it names a law, or a record, in its own words. Pure.

Texts write 전자상거래법 for a law of sixteen syllables, leave out a particle or a letter, and call a log 방문 기록. The
words by which they do so stand here: they belong to the texts and not to the law.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Final

from jikim.law.pack import DeadLaw, StatutoryRetention, pack
from jikim.policy.model import StatutoryRetention as Kept
from jikim.policy.parts import LocalText

_ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "kr.ecommerce": ("전자상거래법", "전상법", "전자상거래 소비자보호법"),
    "kr.telecom-secrecy": ("통비법",),
    "kr.electronic-finance": ("전금법", "전자금융거래"),
    "kr.network": ("정보통신망법", "망법"),
    "kr.credit": ("신용정보법", "신용정보보호법"),
    "kr.location": ("위치정보법",),
    "kr.terms": ("약관법", "약관규제법"),
    "kr.vat": ("부가세법",),
}
"""Other names of laws, by their pack and their short name in it."""

_CALLED: Final[Mapping[str, tuple[str, ...]]] = {
    "kr.ecommerce.advertising": ("표시", "광고"),
    "kr.ecommerce.contract": ("계약", "청약", "철회", "주문"),
    "kr.ecommerce.payment": ("결제", "공급", "대금", "배송"),
    "kr.ecommerce.complaint": ("불만", "분쟁", "민원"),
    "kr.telecom.log": ("로그", "접속", "방문", "log", "visit"),
    "kr.electronic-finance.transaction": ("전자금융", "1만원 초과", "1만원을 초과"),
    "kr.electronic-finance.small-transaction": ("전자금융", "1만원 이하"),
    "kr.network.identity-check": ("본인확인",),
    "kr.pipa.dormant-account": ("유효기간", "휴면"),
}
"""Words by which texts call a record, by its name in the pack; of others, the law's own words count."""

_NO_NOUN: Final = frozenset(
    {"관한", "기록", "등에", "등의", "또는", "밖의", "이와", "있는", "중요한", "유사한"}
)
_ARTICLE: Final = re.compile(r"(제\s*\d+\s*조|시행령|시행규칙|\bart\b|§).*", re.DOTALL)
_MARKS: Final = re.compile(r"[\W_]+")
_ALIKE: Final = 0.9


def plain(text: str) -> str:
    """Without spaces and marks, in small letters: as two writings of one name are compared."""
    return _MARKS.sub("", text.lower())


def mentioned(text: LocalText | str | None, words: Iterable[str]) -> str | None:
    """The first of the words that the text has in any of its languages, whatever the spaces."""
    if text is None:
        return None
    said = [plain(each) for each in ([text] if isinstance(text, str) else text.root.values())]
    return next((word for word in words if any(plain(word) in each for each in said)), None)


@lru_cache(maxsize=256)
def law_meant(cites: str, *, of: str) -> str | None:
    """The law that a text cites, by its Korean name; None for one that the pack does not have.

    :param of: the pack's name.
    """
    cited, names = plain(re.sub(r"\s등$", "", _ARTICLE.sub("", cites).strip())), _names(of)
    near = [cited] if cited in names else difflib.get_close_matches(cited, names, n=1, cutoff=_ALIKE)
    return names[near[0]] if near else None


@cache
def _names(of: str) -> Mapping[str, str]:
    return {
        plain(name): law.ko
        for short, law in pack(of).laws.items()
        for name in (law.ko, law.en, *_ALSO.get(f"{of}.{short}", ()))
    }


def law_of(kept: Kept, *, of: str) -> str | None:
    """The law that holds a record, by its Korean name; None for one that the pack does not have."""
    if kept.law is not None:
        return next((row.basis.law.ko for row in pack(of).rows if row.key == kept.law), None)
    return law_meant(kept.cites or "", of=of)


def record_meant(kept: Kept, *, of: str, in_force_on: date) -> StatutoryRetention | None:
    """The record of the law that an entry speaks of: by its name, or by the law it cites and its label's words."""
    rows = [row for row in pack(of).rows if row.in_force_on(in_force_on)]
    if kept.law is not None:
        return next((row for row in rows if row.key == kept.law), None)
    law = law_meant(kept.cites or "", of=of)
    scored = [(_hits(kept.label, row), row) for row in rows if row.basis.law.ko == law]
    best, row = max(scored, key=lambda each: each[0], default=(0, None))
    return row if best else None


def dead_meant(kept: Kept, *, of: str) -> DeadLaw | None:
    """The law no longer in force that an entry speaks of, found in the same way."""
    for law in pack(of).dead_laws:
        if kept.law is not None:
            meant = kept.law == law.key
        else:
            words = _CALLED.get(law.key, (law.cited_for.ko,))
            cited = law_meant(kept.cites or "", of=of)
            meant = cited == law.basis.law.ko and mentioned(kept.label, words) is not None
        if meant:
            return law
    return None


def _hits(label: LocalText | None, row: StatutoryRetention) -> int:
    """How many of a record's words its label in a text has."""
    words = _CALLED.get(row.key) or [
        each for each in re.findall(r"[가-힣]{2,}", row.record.ko) if each not in _NO_NOUN
    ]
    return sum(1 for word in words if mentioned(label, [word]))
