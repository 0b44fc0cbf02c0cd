"""Location data is processed, and what the location act wants said is missing.

Who processes where people are answers to an act of its own besides. It wants records of collecting, using and
providing location data preserved, and a policy that says, with the rest, on what basis those records are kept. Name
the record under `kept_by_law`. Which services the act binds cannot be seen in a policy, so this is a warning.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.words import DataCategory
from jikim.source import Severity

RECORD: Final = "kr.location.confirmation"


def applies(reading: Reading) -> bool:
    """Where no such record is named."""
    return all(record.law != RECORD for record in reading.policy.kept_by_law.values())


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing that takes where people are."""
    items = reading.policy.items
    for name, processing in reading.policy.processing.items():
        where = [each for each in processing.items.listed if items[each].category is DataCategory.LOCATION]
        if where:
            called = reading.called(where)
            yield Finding(
                ("processing", name, "items"),
                Words(
                    f"개인위치정보인 {called.ko} 항목을 처리하면서 위치정보법이 정한 사항을 적지 않았습니다",
                    f"{called.en} tells where people are, and what the location act wants said is missing",
                ),
                Words(
                    f"`kept_by_law`에 `{{law: {RECORD}, after: recorded, items: [{where[0]}]}}`처럼"
                    " 확인자료의 보존을 적습니다",
                    "name its records under `kept_by_law`, such as"
                    f" `{{law: {RECORD}, after: recorded, items: [{where[0]}]}}`",
                ),
            )


RULE = Rule(
    code="L-82",
    name="location-chapter",
    title=Words("개인위치정보에 관한 사항", "What is said of location data"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.location", RECORD),
    applies=applies,
    check=check,
    wrong="""
items:
  place: {label: {ko: 현재 위치, en: Where somebody is}, category: location}
processing:
  nearby:
    about: member
    purpose: {ko: 가까운 찻집 안내, en: To find a tea house nearby}
    basis: consent
    items: {optional: [place]}
    keep: until purpose met
    if_refused: {ko: 주소를 직접 입력하여 찾을 수 있습니다., en: An address can be typed instead.}
""",
    right="""
items:
  place: {label: {ko: 현재 위치, en: Where somebody is}, category: location}
processing:
  nearby:
    about: member
    purpose: {ko: 가까운 찻집 안내, en: To find a tea house nearby}
    basis: consent
    items: {optional: [place]}
    keep: until purpose met
    if_refused: {ko: 주소를 직접 입력하여 찾을 수 있습니다., en: An address can be typed instead.}
kept_by_law:
  location-records:
    label: {ko: 위치정보 이용·제공사실 확인자료, en: Records of using and providing location data}
    law: kr.location.confirmation
    after: recorded
    items: [place]
""",
    about=Words(
        """
위치정보를 처리하면서 법이 적게 한 것이 없는 처리방침.

사람이 있는 곳을 처리하는 자에게는 따로 한 법이 더 적용됩니다. 「위치정보의 보호 및 이용 등에 관한 법률」은
수집·이용·제공사실 확인자료를 보존하게 하고(제16조제2항), 그 보존의 근거 등을 처리방침에 적게
합니다(제21조의2). 그 기록을 `kept_by_law`에 적습니다. 그 법이 적용되는 서비스인지는 처리방침으로 알 수
없으므로 경고입니다.
""",
        __doc__,
    ),
)
