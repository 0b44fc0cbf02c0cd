"""Everything moves to an archive, not only what a law has kept.

A separate database is for what another law has kept, and for nothing else. Whatever no law holds is to be destroyed
when its period ends: moving it elsewhere is keeping it. Name what is moved, and destroy the rest.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """An archive of everything."""
    if reading.policy.destruction.archive == "everything":
        yield Finding(
            ("destruction", "archive"),
            Words(
                "법령이 보존하게 한 항목만이 아니라 모두 분리하여 보관한다고 합니다",
                "everything is moved to the archive, not only what a law has kept",
            ),
            Words(
                "`archive: held-only`로 바꾸고 `procedure`에 법령이 보존하게 한 항목만 옮긴다고 적습니다",
                "write `archive: held-only`, and in `procedure` that only what a law has kept is moved",
            ),
        )


RULE = Rule(
    code="L-12",
    name="move-all",
    title=Words("모두 옮기는 분리보관", "An archive of everything"),
    severity=Severity.ERROR,
    rests_on=("kr.destruction.when", "kr.destruction.apart"),
    check=check,
    wrong="destruction: {pace: null, archive: everything}\n",
    right="destruction: {archive: held-only}\n",
    about=Words(
        """
법령이 보존하게 한 것만이 아니라 모두 옮기는 분리보관.

따로 둔 데이터베이스는 다른 법령이 보존하게 한 것만을 위한 곳입니다(「개인정보 보호법」 제21조제3항). 법령이
보존하게 하지 않은 것은 보유기간이 끝나면 파기해야 하며, 다른 곳으로 옮기는 것은 계속 보유하는 것입니다.
무엇을 옮기는지 밝히고 나머지는 파기합니다.
""",
        __doc__,
    ),
)
