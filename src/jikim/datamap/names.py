"""Words by which a column's name gives away that it holds something about a person. Pure data.

The list makes nobody safe: every column must be mapped or say `no`, whatever it is called. It only chooses
the wording, and doubts a `no` beside a name that hardly ever means anything else.
"""

import re
from functools import lru_cache
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLAIN: Final = _words(
    "email mail phone mobile cellphone tel fax hp ip birth birthday birthdate dob jumin ssn rrn passport "
    "address addr juso street postcode zipcode gender sex occupation nationality residence surname nickname "
    "firstname lastname fullname password passwd latitude longitude"
)
"""Names that hardly ever mean anything else."""
_POSSIBLE: Final = _words(
    "name names irum age card account city zip location lat lng photo avatar face signature cookie device ua "
    "agent login contact recipient receiver sender"
)
_LONG: Final = tuple(sorted(word for word in _PLAIN if len(word) >= 5))
_KOREAN: Final = _words(
    "이름 성명 이메일 메일 전화 휴대폰 핸드폰 연락처 생년 생일 주소 우편번호 성별 주민 여권 면허 계좌 카드 "
    "직업 국적 아이피 비밀번호 위치 사진 닉네임 별명 나이 거주지 수령인 받는사람"
)
_TOKEN: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[가-힣]+")


@lru_cache(maxsize=4096)
def tokens(name: str) -> tuple[str, ...]:
    """The words of a name: ``memberEmail_no`` is member, email, no."""
    return tuple(token.lower() for token in _TOKEN.findall(name))


@lru_cache(maxsize=4096)
def plainly_personal(name: str) -> bool:
    """Whether the name hardly ever stands for anything that is not about a person."""
    return any(
        token in _PLAIN or token.startswith(_LONG) or any(word in token for word in _KOREAN)
        for token in tokens(name)
    )


def looks_personal(name: str) -> bool:
    """Whether the name may stand for something about a person."""
    return plainly_personal(name) or any(token in _POSSIBLE for token in tokens(name))


def likely_item(name: str, items: frozenset[str]) -> str | None:
    """The item of a policy that a column of this name most likely holds; None when no word is shared."""
    words = set(tokens(name))
    shared = {item: len(words & set(tokens(item))) for item in sorted(items)}
    best = max(shared, key=lambda item: (shared[item], -len(tokens(item))), default=None)
    return best if best is not None and shared[best] else None
