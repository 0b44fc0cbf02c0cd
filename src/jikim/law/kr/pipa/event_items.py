"""Events are a way of collecting, and nothing says what they take.

Whoever enters an event gives a name, a telephone number, an address for the prize. A policy that names events among
the ways of collection and has no processing for them leaves open which items, what for and until when. Write that
processing, or take the way off the list.
"""

import re
from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Processing
from jikim.source import Severity

_EVENTS: Final = re.compile(r"이벤트|응모|경품|\bevents?\b|\bprizes?\b|\bcontests?\b", re.IGNORECASE)


def applies(reading: Reading) -> bool:
    """Where events are among the ways in which data is collected."""
    return "event" in reading.policy.collected_by


def check(reading: Reading) -> Iterator[Finding]:
    """That way, unless the purpose of some processing with items speaks of events."""
    policy = reading.policy
    if not any(each.items.all and _of_events(each) for each in policy.processing.values()):
        yield Finding(
            ("collected_by", policy.collected_by.index("event")),
            Words(
                "이벤트로 수집한다고 하면서 어떤 항목을 무엇에 쓰는지 적지 않았습니다",
                "data is collected by events, and nothing says which items and what for",
            ),
            Words(
                "`event`를 지우거나, 이벤트의 처리를 항목·근거·기간과 함께 `processing`에 적습니다",
                "remove `event`, or write a processing for events with its items, basis and period",
            ),
        )


def _of_events(processing: Processing) -> bool:
    texts = processing.purpose.root.values() if processing.purpose else ()
    return any(_EVENTS.search(text) for text in texts)


RULE = Rule(
    code="L-87",
    name="event-items",
    title=Words("항목이 없는 이벤트 응모", "Events without items"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.items-named",),
    applies=applies,
    check=check,
    wrong="""
collected_by: [site, event]
""",
    right="""
collected_by: [site, event]
processing:
  events:
    about: member
    purpose: {ko: 이벤트 응모의 접수와 경품 발송, en: To take entries to events and send prizes}
    basis: consent
    if_refused: {ko: 응모할 수 없습니다., en: Whoever refuses cannot take part.}
    items: {optional: [email]}
    keep: {until first of: [consent withdrawn, purpose met, membership ended, service closed]}
""",
    about=Words(
        """
이벤트로 수집한다면서 무엇을 받는지 말하지 않는 처리방침.

이벤트에 응모하는 사람은 이름, 전화번호, 경품을 받을 주소를 줍니다. 수집 방법에 이벤트를 적고 그 처리를 적지
않으면 어떤 항목을 무엇에 언제까지 쓰는지 알 수 없습니다. 그 처리를 적거나 수집 방법에서 지웁니다.
""",
        __doc__,
    ),
)
