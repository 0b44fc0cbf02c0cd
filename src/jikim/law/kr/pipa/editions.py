"""Earlier versions that nobody can read.

What was promised on the day somebody joined may matter for years. A policy past its first version says where the
earlier ones are, so that before and after can be compared.
"""

import re
from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """A later version without any earlier one, and earlier ones without an address."""
    policy = reading.policy
    if not policy.editions and _later(policy.version):
        yield Finding(
            ("version",),
            Words("이전 처리방침을 볼 길이 없습니다", "there is no way to the earlier versions"),
            Words(
                "이렇게 적습니다: `editions: [{version: …, effective: …, url: …}]`",
                "write `editions: [{version: …, effective: …, url: …}]`",
            ),
        )
    for place, edition in enumerate(policy.editions):
        if edition.url is None:
            yield Finding(
                ("editions", place),
                Words(
                    f"이전 처리방침(`{edition.version}`)의 주소가 없습니다",
                    f"version `{edition.version}` has no address",
                ),
                Words("이렇게 적습니다: `url: …`", "write `url: …`"),
            )


def _later(version: str | None) -> bool:
    """Whether a number beyond the first, 1 or 1.0, stands in it."""
    number = re.search(r"\d+(\.\d+)*", version or "")
    if number is None:
        return False
    first, *rest = (int(part) for part in number[0].split("."))
    return first > 1 or (first == 1 and any(rest))


RULE = Rule(
    code="L-81",
    name="earlier-versions",
    title=Words("이전 처리방침", "Earlier versions"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.versions",),
    check=check,
    wrong='version: "2.0"\n',
    right="""
version: "2.0"
editions: [{version: "1.0", effective: 2025-01-02, url: https://tea.example/privacy/1.0}]
""",
    about=Words(
        """
아무도 읽을 수 없는 이전 처리방침.

가입한 날의 약속은 여러 해 뒤에도 중요할 수 있습니다. 한 번이라도 바뀐 처리방침은 이전 것을 어디에서 볼 수
있는지 밝혀 변경 전후를 견줄 수 있게 합니다(「표준 개인정보 보호지침」 제21조).
""",
        __doc__,
    ),
)
