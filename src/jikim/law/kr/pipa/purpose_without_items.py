"""A purpose, and no word about which items serve it.

The items belong to the purpose: people agree to, or put up with, this data for that use. A text that lists all its
items in one chapter and all its purposes in another lets every item serve every purpose. Name the items beside the
purpose.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing whose items are unstated."""
    for name, processing in reading.policy.processing.items():
        if not processing.items.stated:
            yield Finding(
                ("processing", name, "items"),
                Words(
                    f"`{name}` 처리에 쓰는 항목을 적지 않았습니다", f"nothing says which items `{name}` needs"
                ),
                Words(
                    "`items: {required: […], optional: […], automatic: […]}`에 이 목적에 쓰는 항목을 적습니다",
                    "write the items this purpose needs in"
                    " `items: {required: […], optional: […], automatic: […]}`",
                ),
            )


RULE = Rule(
    code="L-31",
    name="purpose-without-items",
    title=Words("항목이 없는 목적", "A purpose without its items"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.items", "kr.contents.items-named"),
    check=check,
    wrong="""
processing:
  abuse-prevention: {items: unstated}
""",
    right="""
processing:
  abuse-prevention: {items: {automatic: [ip]}}
""",
    about=Words(
        """
어느 항목을 쓰는지 말하지 않는 목적.

항목은 목적에 딸린 것입니다. 정보주체는 이 정보를 그 일에 쓰는 것에 동의하거나 이를 받아들입니다. 항목은 한
장에, 목적은 다른 장에 몰아 적은 글은 모든 항목을 모든 목적에 쓸 수 있게 합니다. 목적 옆에 항목을 적습니다.
""",
        __doc__,
    ),
)
