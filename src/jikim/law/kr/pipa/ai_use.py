"""Artificial intelligence is developed with personal data, and the policy does not say so.

From 9 March 2027 whoever uses personal data for that, as the Personal Information Protection Commission resolved,
states the purpose and the kinds in the policy. Whether there was such a resolution cannot be seen here, so this is a
warning. Write that statement; where people agreed to the use, accept the finding with that reason.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity

_MADE: Final = re.compile(
    r"(인공지능|\bAI|머신러닝|기계\s*학습)[^,.]{0,20}(개발|학습|훈련)"
    r"|\b(train|develop)\w*[^,.]{0,20}\b(AI|artificial intelligence|machine learning)\b",
    re.IGNORECASE,
)


def applies(reading: Reading) -> bool:
    """Where nothing is said of it."""
    return all(statement.kind != "ai-use" for statement in reading.policy.statements)


def check(reading: Reading) -> Iterator[Finding]:
    """Each purpose that speaks of it."""
    for name, processing in reading.policy.processing.items():
        said: Iterable[str] = processing.purpose.root.values() if processing.purpose else ()
        words = next((found[0] for text in said if (found := _MADE.search(text))), None)
        if words:
            yield Finding(
                ("processing", name, "purpose"),
                Words(
                    f"목적에 적은 `{words}` 업무에 이용하는 개인정보의 유형과 목적을 따로 적지 않았습니다",
                    f"the purpose speaks of `{words}`, and nothing says for what and with which kinds of data",
                ),
                Words(
                    "`statements`에 `{kind: ai-use, text: …}`를 더하여 이용 목적과 개인정보의 유형을 적습니다",
                    "add `{kind: ai-use, text: …}` to `statements`: for what, and which kinds of data",
                ),
            )


RULE = Rule(
    code="L-83",
    name="ai-use",
    title=Words("인공지능 개발에 이용하는 개인정보", "Personal data for developing AI"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.ai-use",),
    applies=applies,
    check=check,
    wrong="""
processing:
  orders: {purpose: {ko: 주문의 이행과 추천 인공지능의 학습, en: To carry out orders and train an AI that recommends}}
""",
    right="""
processing:
  orders: {purpose: {ko: 주문의 이행과 추천 인공지능의 학습, en: To carry out orders and train an AI that recommends}}
statements:
  - kind: ai-use
    text:
      ko: 추천 인공지능의 학습에 주문 내역을 이용합니다.
      en: Orders are used to train the AI that recommends.
""",
    about=Words(
        """
개인정보로 인공지능을 개발하면서 말하지 않는 처리방침.

2027년 3월 9일부터, 개인정보 보호위원회의 의결에 따라 인공지능의 개발에 개인정보를 이용하는 자는 그 목적과
항목을 처리방침에 밝힙니다(「개인정보 보호법」 제28조의12제5항). 그러한 의결이 있었는지는 여기에서 알 수
없으므로 경고입니다. 그 내용을 적습니다. 동의를 받아 이용하는 것이라면 그 이유를 적어 이 지적을
받아들입니다.
""",
        __doc__,
    ),
)
