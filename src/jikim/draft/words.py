"""How a name is taken apart: ``memberEmail``, ``MBER_NM``, ``회원이메일``. Pure: words, and how to read them."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Final

from jikim.datamap.names import tokens


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


IDENTIFIERS: Final = _words(
    "id ids no num number nr seq sn key uid uuid guid pk fk idx code cd ref ptr srl esntl 번호 아이디 "
    "일련번호 코드 순번"
)
"""Words at the end of a column's name that make it a key or a pointer to one."""
NEUTRAL: Final = _words(
    "no num number nr key address addr adres value val text txt str string en ko kr eng kor full raw enc "
    "encrypted crypt detail details dtl hash hashed digest sha md main primary work home office "
    "business other sub extra line new old prev previous current masked normalized canonical nm 번호 "
    "상세 명 값"
)
"""Words behind a telling one that leave its meaning: ``address_detail``, ``phone_number``, ``password_hash``."""
FLAGS: Final = _words(
    "is has can allow allows use uses show send sends needs need require requires hide enable "
    "enabled num count total max min auto force default should must 여부"
)
"""Words before a telling one that turn it into a switch or a number: ``has_phone``, ``max_age``."""
THINGS: Final = _words(
    "product file company host group role category tag table column field class event plan item "
    "brand model type app application service store shop bank city country region domain db database "
    "task job queue index path template page menu project team organization organisation org "
    "department dept school site color colour size unit course subject status branch warehouse hotel "
    "hospital station office channel album track genre media film movie book board forum campaign "
    "coupon supplier vendor partner shipper carrier provider client application package module "
    "offer option device 상품 제품 "
    "파일 회사 기업 업체 그룹 분류 카테고리 은행 매장 지점 부서 학교 기관 단체 프로젝트 상호 "
    "게시판 이벤트"
)
"""What is not a person: ``product_name``."""
_BY_HAND: Final[dict[str, str]] = {
    "people": "person",
    "staff": "staff",
    "address": "address",
    "addresses": "address",
    "status": "status",
    "news": "news",
    "series": "series",
    "children": "child",
    "bus": "bus",
}


def singular(word: str) -> str:
    """One of what the word names: ``categories`` → ``category``."""
    if word in _BY_HAND:
        return _BY_HAND[word]
    if len(word) <= 3 or not word.isascii() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word.removesuffix("s")


@cache
def words(name: str, known: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The words of a name; one that is glued together is parted where ``known`` words say so."""
    return tuple(word for token in tokens(name) for word in _parted(token, known))


def _parted(token: str, known: frozenset[str]) -> tuple[str, ...]:
    if token in known or len(token) < 4 or not known:
        return _korean_end(token, known)
    for at in range(len(token) - 2, 1, -1):
        if token[:at] in known and token[at:] in known:
            return token[:at], token[at:]
    return _korean_end(token, known)


def _korean_end(token: str, known: frozenset[str]) -> tuple[str, ...]:
    """In Korean the last word is what it is: ``비상연락처`` is a 연락처."""
    if token.isascii() or token in known:
        return (token,)
    for at in range(1, len(token) - 1):
        if token[at:] in known:
            return token[:at], token[at:]
    for at in range(len(token) - 1, 1, -1):
        if token[:at] in known:
            return token[:at], token[at:]
    return (token,)


def spans(said: Sequence[str], phrases: Collection[str]) -> Iterable[tuple[int, int, str]]:
    """Where one of the phrases stands in a name's words: start, end and phrase; the longest first.

    Phrases are written without spaces, so that ``first_name`` and ``firstname`` are the same.
    """
    most = min(len(said), 5)
    for length in range(most, 0, -1):
        for start in range(len(said) - length, -1, -1):
            joined = "".join(said[start : start + length])
            if joined in phrases:
                yield start, start + length, joined


def glued(text: str) -> frozenset[str]:
    """Phrases from a text: parted by spaces, ``_`` within a phrase standing for nothing."""
    return frozenset(phrase.replace("_", "") for phrase in text.split())
