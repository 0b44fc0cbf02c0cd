"""A processor, or its work, that the table leaves blank.

Whoever entrusts data names the work and who does it, always. A row with a dash tells people that somebody has their
data, and not who. Name the processor; where nobody does the work any more, remove the row.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def applies(reading: Reading) -> bool:
    """Where anything is entrusted."""
    return bool(reading.policy.entrustments)


def check(reading: Reading) -> Iterator[Finding]:
    """Each blank."""
    for id, entrustment in reading.policy.entrustments.items():
        if entrustment.processor is None:
            yield Finding(
                ("entrustments", id, "processor"),
                Words(f"`{id}` 업무의 수탁자가 없습니다", f"nobody is named who does the work of `{id}`"),
                Words(
                    "수탁자를 적거나(`processor: {name: …, country: KR}`), 위탁하지 않으면 이 줄을 지웁니다",
                    "write `processor: {name: …, country: KR}`, or remove the row where nothing is entrusted",
                ),
            )
        if entrustment.tasks is None:
            yield Finding(
                ("entrustments", id, "tasks"),
                Words(f"`{id}`에 위탁하는 업무가 없습니다", f"what `{id}` is entrusted with is not said"),
                Words("업무를 적습니다: `tasks: …`", "write `tasks: …`"),
            )


RULE = Rule(
    code="L-27",
    name="blank-processor",
    title=Words("빈 수탁자", "A blank processor"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.entrustment",),
    applies=applies,
    check=check,
    wrong="""
entrustments:
  check:
    processor: unstated
    tasks: {ko: 본인 인증 업무, en: Checks of identity}
    items: [name]
    keep: until membership ended
    contract: [purpose, safeguards, sub-processing, supervision, liability]
""",
    right="""
entrustments:
  check:
    processor: {name: {ko: 예시인증, en: Example Checks}, country: KR}
    tasks: {ko: 본인 인증 업무, en: Checks of identity}
    items: [name]
    keep: until membership ended
    contract: [purpose, safeguards, sub-processing, supervision, liability]
""",
    about=Words(
        """
빈칸으로 남은 수탁자나 위탁업무.

위탁하면 위탁하는 업무의 내용과 수탁자를 언제나 밝힙니다(「개인정보 보호법」 제26조제2항). 줄표만 있는 줄은
누군가 개인정보를 가지고 있다는 것만 알리고 누구인지는 알리지 않습니다. 수탁자를 적고, 이제 아무도 그 일을
하지 않으면 그 줄을 지웁니다.
""",
        __doc__,
    ),
)
