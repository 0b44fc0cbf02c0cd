"""Whether two texts are made of the same words that carry meaning, and differ in how they are joined only. Pure.

The rule is narrow, since whoever agreed to one purpose has not agreed to another: words and numbers must be the same
and stand in the same order. Apart from spaces, punctuation and capitals only these may differ: the Korean particles
을, 를, 와, 과, 의 and 에 behind a word of two letters or more, the verbal endings of 하다, and the words of
:data:`_JOINING`. Another word, even one that means the same, is another text. A word that widens, such as 등, 또는 or
"or", is never left out of account.
"""

import re
from typing import Final

_JOINING: Final = frozenset(
    {
        *("및", "와", "과", "그리고", "위한", "위해", "위하여", "위해서", "대한", "관한", "목적"),
        *("a", "an", "the", "and", "of", "to", "for", "in", "order", "our", "your"),
    }
)
"""Words that join others, in Korean and in English."""
_ENDINGS: Final = ("합니다", "하기", "하고", "하며", "하여", "하는", "함", "의", "에")
_AFTER_CONSONANT: Final = ("을", "과")
_AFTER_VOWEL: Final = ("를", "와")
_LEAST: Final = 2
"""Letters that a word has at least before its ending."""
_FIRST, _LAST, _FINALS = 0xAC00, 0xD7A3, 28


def only_reworded(before: str, after: str) -> bool:
    """Whether nothing but the joining differs between two texts of one language."""
    return _content(before) == _content(after)


def _content(text: str) -> str:
    words = (word for word in re.findall(r"\w+", text.casefold()) if word not in _JOINING)
    return "".join(map(_stem, words))


def _stem(word: str) -> str:
    for ending in (*_ENDINGS, *_AFTER_CONSONANT, *_AFTER_VOWEL):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _LEAST and _fits(stem, ending):
            return stem
    return word


def _fits(stem: str, ending: str) -> bool:
    """Whether a word that ends like this takes this ending: 제공을, but 처리를."""
    if ending not in (*_AFTER_CONSONANT, *_AFTER_VOWEL):
        return True
    code = ord(stem[-1])
    closed = _FIRST <= code <= _LAST and (code - _FIRST) % _FINALS > 0
    return closed == (ending in _AFTER_CONSONANT)
