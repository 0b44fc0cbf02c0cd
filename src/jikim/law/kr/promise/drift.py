"""Language versions that do not say the same.

Whoever reads the English page is promised what it says. Where it leaves out a clause, or counts other days than the
Korean one, two promises stand beside each other, and the one that is better for the person binds. Write each text
once with its translations beside it; jikim then makes all pages from one source.
"""

import re
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.parts import EVERY, Clause, LocalText
from jikim.source import Path, Severity

_NUMBER = re.compile(r"(\d[\d,]{0,40})([만억]?)")
_HANGUL = re.compile(r"[가-힣]")
_TIMES: Mapping[str, int] = {"": 1, "만": 10_000, "억": 100_000_000}
_LONGEST_QUOTE = 40


def check(reading: Reading) -> Iterator[Finding]:
    """Clauses published with another meaning, texts without a translation, and numbers that differ."""
    languages = reading.policy.languages
    for path, part in _parts(reading.policy, ()):
        if isinstance(part, LocalText):
            yield from _of_text(path, part, languages)
        else:
            yield from (_another(path, language, said) for language, said in part.as_said.items())


def _parts(value: object, path: Path) -> Iterator[tuple[Path, LocalText | Clause]]:
    """Every text and every clause, with the place at which it is written."""
    if isinstance(value, LocalText):
        yield path, value
    elif isinstance(value, BaseModel):
        if isinstance(value, Clause):
            yield path, value
        for name, field in type(value).model_fields.items():
            yield from _parts(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _parts(each, (*path, key))
    elif isinstance(value, tuple):
        for place, each in enumerate(value):
            yield from _parts(each, (*path, place))


def _another(path: Path, language: str, said: str) -> Finding:
    short = said if len(said) <= _LONGEST_QUOTE else f"{said[: _LONGEST_QUOTE - 1]}…"
    return Finding(
        (*path, "as_said", language),
        Words(
            f"옮긴 글(`{language}`)의 뜻이 원문과 다릅니다: `{short}`",
            f"the `{language}` version means something else: `{short}`",
        ),
        Words(
            "원문과 같은 뜻으로 옮기고 `as_said`를 지웁니다",
            "translate it with the same meaning, and remove `as_said`",
        ),
    )


def _of_text(path: Path, text: LocalText, languages: tuple[str, ...]) -> Iterator[Finding]:
    whole = text.root.get(EVERY)
    if whole is not None:
        if _HANGUL.search(whole) and any(language != "ko" for language in languages):
            others = ", ".join(language for language in languages if language != "ko")
            yield _untranslated(path, others, severity=Severity.WARNING)
        return
    for language in languages:
        if text.of(language) is None:
            yield _untranslated(path, language)
    yield from _of_numbers(path, text, languages)


def _untranslated(path: Path, language: str, *, severity: Severity | None = None) -> Finding:
    return Finding(
        path,
        Words(f"`{language}` 번역이 없습니다", f"this has no translation into `{language}`"),
        Words(f"이렇게 더합니다: `{{…, {language}: …}}`", f"add it: `{{…, {language}: …}}`"),
        severity=severity,
    )


def _of_numbers(path: Path, text: LocalText, languages: tuple[str, ...]) -> Iterator[Finding]:
    """A number that one version has in the place of another's; one that is spelt out in words is left alone."""
    first, *others = (language for language in languages if text.of(language))
    said = _numbers(text.of(first) or "")
    for language in others:
        translated = _numbers(text.of(language) or "")
        if (lost := said - translated) and (new := translated - said):
            here, there = (", ".join(map(str, sorted(each))) for each in (lost, new))
            yield Finding(
                (*path, language),
                Words(
                    f"숫자가 `{first}` 판과 다릅니다: {here} / {there}",
                    f"a number differs from the `{first}` version: {here} there, {there} here",
                ),
                Words("두 판의 숫자를 같게 씁니다", "write the same number in both"),
            )


def _numbers(text: str) -> frozenset[int]:
    said = " ".join(word for word in text.split() if "@" not in word and "://" not in word)
    found = _NUMBER.findall(said)
    return frozenset(int(digits.replace(",", "")) * _TIMES[unit] for digits, unit in found)


RULE = Rule(
    code="L-24",
    name="bilingual-drift",
    title=Words("언어판의 차이", "Language versions that differ"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.better-binds",),
    check=check,
    wrong="""
processing:
  newsletter:
    if_refused: {ko: 7일 안에 처리됩니다., en: Done within 30 days.}
""",
    right="""
processing:
  newsletter:
    if_refused: {ko: 7일 안에 처리됩니다., en: Done within 7 days.}
""",
    about=Words(
        """
서로 다른 말을 하는 언어판.

영어판을 읽는 사람에게는 그 글이 약속입니다. 한 조항이 빠지거나 한국어판과 다른 날수를 말하면 두 약속이
나란히 서고, 정보주체에게 유리한 것이 적용됩니다(「개인정보 보호법」 제30조제3항). 글마다 번역을 나란히
적으면 jikim이 한 원본에서 모든 언어판을 만듭니다.
""",
        __doc__,
    ),
)
