"""Further use without consent is announced, and not by which criteria.

Data may be used a little further than it was collected for: in what relates to the purpose, could be expected, does
no unfair harm and is kept safe. Who goes on doing so says in the policy by which criteria it judges that. Words about
"reasonably related" use without those criteria leave everything open. Whether the use goes on cannot be seen here, so
this is a warning.
"""

import re
from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.references import texts
from jikim.source import Severity

_FURTHER: Final = re.compile(
    r"합리적으로\s*관련된?\s*범위|추가적인?\s*(이용|제공)|추가\s*이용\s*·\s*제공|제15조\s*제?3항|제17조\s*제?4항"
    r"|further use|reasonably related",
    re.IGNORECASE,
)


def applies(reading: Reading) -> bool:
    """Where no statement gives the criteria."""
    return all(statement.kind != "further-use" for statement in reading.policy.statements)


def check(reading: Reading) -> Iterator[Finding]:
    """Each text that speaks of it."""
    for path, text in texts(reading.policy):
        words = next((found[0] for each in text.root.values() if (found := _FURTHER.search(each))), None)
        if words:
            yield Finding(
                path,
                Words(
                    f"`{words}`에 관하여 적으면서 판단 기준은 적지 않았습니다",
                    f"`{words}` is spoken of, and not by which criteria",
                ),
                Words(
                    "`statements`에 `{kind: further-use, text: …}`를 더하여"
                    " 관련성, 예측 가능성, 이익 침해 여부, 안전 조치의 기준을 적습니다",
                    "add `{kind: further-use, text: …}` to `statements`:"
                    " how relation, expectation, harm and safeguards are judged",
                ),
            )


RULE = Rule(
    code="L-46",
    name="further-use",
    title=Words("추가적 이용·제공의 판단 기준", "Criteria of further use"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.further-use", "kr.bases.further-use"),
    applies=applies,
    check=check,
    wrong="""
statements:
  - kind: reservation
    text:
      ko: 당초 수집 목적과 합리적으로 관련된 범위에서 동의 없이 이용할 수 있습니다.
      en: Data may be used without consent as far as reasonably related to the purpose.
""",
    right="""
statements:
  - kind: reservation
    text:
      ko: 당초 수집 목적과 합리적으로 관련된 범위에서 동의 없이 이용할 수 있습니다.
      en: Data may be used without consent as far as reasonably related to the purpose.
  - kind: further-use
    text:
      ko: 당초 목적과의 관련성, 예측 가능성, 이익을 부당하게 침해하는지, 안전 조치를 하였는지를 보고 판단합니다.
      en: It is judged by the relation to the purpose, what could be expected, unfair harm, and safeguards.
""",
    about=Words(
        """
판단 기준을 밝히지 않은 추가적 이용·제공.

당초 수집 목적과 합리적으로 관련된 범위에서, 예측할 수 있고, 부당하게 이익을 해치지 않으며, 안전성을
확보하면 동의 없이 더 이용하거나 제공할 수 있습니다(「개인정보 보호법」 제15조제3항, 제17조제4항). 이를
계속하는 자는 판단 기준을 처리방침에 공개합니다(같은 법 시행령 제14조의2제2항). 기준 없이 “합리적으로
관련된”이라고만 하면 모든 것이 열립니다. 계속하는지는 여기에서 알 수 없으므로 경고입니다.
""",
        __doc__,
    ),
)
