"""Korean particles after any word: Hangul, digits, Latin letters (은/는, 이/가, 을/를, 와/과, (으)로). Pure.

A particle follows the sound that its word ends with. Hangul says it by itself (the block's final consonant); digits
are read as Sino-Korean numbers, acronyms letter by letter, other Latin words as 외래어 표기법 has their endings. What
nobody can tell, such as another script, takes both forms, as official letters do: ``은(는)``.
"""

import re
from typing import Final, Literal

Particle = Literal["은", "이", "을", "과", "으로", "이라"]
"""Each by its form after a consonant."""
Ending = Literal["vowel", "ㄹ", "consonant"]

_AFTER_VOWEL: Final[dict[Particle, str]] = {
    "은": "는",
    "이": "가",
    "을": "를",
    "과": "와",
    "으로": "로",
    "이라": "라",
}
_BOTH: Final[dict[Particle, str]] = {
    "은": "은(는)",
    "이": "이(가)",
    "을": "을(를)",
    "과": "과(와)",
    "으로": "(으)로",
    "이라": "(이)라",
}
_SYLLABLES: Final = range(0xAC00, 0xD7A4)
_FINAL_L: Final = 8
"""The place of ㄹ among the 28 finals of a Hangul block (Unicode 3.12)."""
_DIGITS: Final[dict[str, Ending]] = {
    **dict.fromkeys("2459", "vowel"),
    **dict.fromkeys("178", "ㄹ"),
    **dict.fromkeys("036", "consonant"),
}
_ALOUD: Final[dict[str, Ending]] = {"L": "ㄹ", "R": "ㄹ", "M": "consonant", "N": "consonant"}
"""Letters whose names end in a consonant: 엘, 알, 엠, 엔."""
_ENDINGS: Final[tuple[tuple[str, Ending], ...]] = (
    (r"le?$|ll$", "ㄹ"),
    (r"(m|n|ng|me|ne|mm|nn)$", "consonant"),
    (r"(^|[^aeiouy])[aeiou](b|p|t|ck|k|c)$", "consonant"),
    (r"[a-z]$", "vowel"),
)
_TAIL: Final = re.compile(r"[\s\"'”’»)\]}〉》」』.,!?·…]+$")
_ASIDE: Final = re.compile(r"\s*[(\[][^()\[\]]*[)\]]$")


def with_particle(word: str, particle: Particle) -> str:
    """The word and the form of the particle that follows it: ``회원은``, ``이메일을``, ``5로``."""
    match ending(word):
        case None:
            return word + _BOTH[particle]
        case "vowel":
            return word + _AFTER_VOWEL[particle]
        case "ㄹ" if particle == "으로":
            return word + "로"
        case _:
            return word + particle


def ending(word: str) -> Ending | None:
    """With what sound a word ends; None for one that nobody can read aloud. An aside in brackets is not read."""
    said = _TAIL.sub("", word)
    while _ASIDE.search(word) and (before := _TAIL.sub("", _ASIDE.sub("", word))):
        word = said = before
    last = said[-1:]
    if last and ord(last) in _SYLLABLES:
        final = (ord(last) - _SYLLABLES.start) % 28
        return "vowel" if not final else "ㄹ" if final == _FINAL_L else "consonant"
    if last in _DIGITS and last.isascii():
        return _number(said)
    if match := re.search(r"[A-Za-z]+$", said):
        return _latin(match[0])
    return None


def _number(said: str) -> Ending:
    """Zeros at the end are read as what they count: 십, 백, 천, 만, 억 and 조."""
    whole = re.sub(r".*?([\d,]+)$", r"\1", said).replace(",", "")
    zeros = len(whole) - len(whole.rstrip("0"))
    if not zeros or zeros == len(whole) or re.search(r"\.\d+$", said):
        return _DIGITS[said[-1]]
    return "vowel" if 12 <= zeros < 16 else "consonant"


def _latin(word: str) -> Ending:
    if word.isupper():
        return _ALOUD.get(word[-1], "vowel")
    return next(sound for end, sound in _ENDINGS if re.search(end, word.lower()))
