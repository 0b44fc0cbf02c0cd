"""The destruction certificate: golden pages, and no word beyond the stage reached."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from jikim.errors import JikimError
from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.note import Signer
from jikim.evidence.stage import Stage
from jikim.render.certificate import STAGES, Certificate, Confirmed, Line, page

GOLDEN = Path(__file__).parents[2] / "golden" / "certificate"
SEOUL = ZoneInfo("Asia/Seoul")
MEMBERS = Line("app", "members", "destroy", 12_345, 12, ("processing.membership",), (), Stage.UNREACHABLE)
ORDERS = Line(
    store="app",
    table="orders",
    action="archive",
    rows=67,
    files=0,
    clauses=("processing.membership", "kept_by_law.contracts"),
    articles=("kr.ecommerce.contract 시행령 제6조",),
    stage=Stage.UNREACHABLE,
    kept=True,
    kept_until=datetime(2031, 1, 18, 15, tzinfo=UTC),
)
RUN = Certificate(
    about="run",
    name="2026-01-18T00-30",
    runs=("2026-01-18T00-30",),
    lines=(MEMBERS, ORDERS),
    as_of=datetime(2026, 1, 17, 15, tzinfo=UTC),
    applied_first=datetime(2026, 1, 18, 0, 30, tzinfo=UTC),
    applied_last=datetime(2026, 1, 18, 0, 31, 5, tzinfo=UTC),
    policies=("sha256:" + "a" * 64,),
    plans=("sha256:" + "b" * 64,),
    entries=(4, 5, 6, 9, 11, 12),
    head=Checkpoint("jikim.plask", 1234, bytes(range(32))),
    vkey=Signer("jikim.plask", bytes(range(32))).verifier.vkey,
    confirmed=(Confirmed("2026-01-18T00-30", "개인정보 보호책임자", datetime(2026, 1, 19, 1, tzinfo=UTC)),),
    at=datetime(2026, 1, 20, tzinfo=UTC),
)
PERSON = replace(
    RUN,
    about="person",
    name="0123456789abcdef0123456789abcdef",
    lines=(replace(MEMBERS, rows=1, files=0), replace(ORDERS, rows=2)),
    applied_last=RUN.applied_first,
    entries=(7,),
    confirmed=(),
)


@pytest.mark.parametrize(("name", "certificate"), [("run", RUN), ("person", PERSON)])
def test_a_certificate_is_the_page_that_was_looked_at(name: str, certificate: Certificate) -> None:
    assert page(certificate, zone=SEOUL) == (GOLDEN / f"{name}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("stage", Stage)
def test_no_word_of_a_stage_that_was_not_reached_is_on_the_page(stage: Stage) -> None:
    lines = tuple(replace(line, stage=stage) for line in RUN.lines)
    text = text_of(page(replace(RUN, lines=lines), zone=SEOUL))
    for other in Stage:
        said = {word for word in (other.value, *STAGES[other]) if word in text}
        assert bool(said) == (other is stage), other
    for word in (
        "irrecoverable",
        "destroyed",
        "erased",
        "파기함",
        "파기됨",
        "복구할 수 없",
        "복원할 수 없",
        "영구",
        "완전",
    ):
        assert stage.irrecoverable or word not in text


def test_what_a_law_keeps_is_not_counted_among_what_is_gone() -> None:
    """It has no stage and is in no total; where all of it is kept, nothing is said to be gone."""
    assert (RUN.stage, RUN.rows, RUN.rows_kept) == (Stage.UNREACHABLE, 12_345, 67)
    kept = replace(RUN, lines=(ORDERS,))
    assert (kept.stage, kept.rows) == (None, 0)
    text = text_of(page(kept, zone=SEOUL))
    assert not any(word in text for stage in Stage for word in (stage.value, *STAGES[stage]))
    assert "kept by law" in text
    assert "at the latest until 2031-01-19 00:00:00 Asia/Seoul" in text


def test_the_whole_stands_no_higher_than_its_lowest_line() -> None:
    mixed = replace(
        RUN, lines=(replace(MEMBERS, stage=Stage.SHREDDED), replace(ORDERS, kept=False, kept_until=None))
    )
    assert mixed.stage is Stage.UNREACHABLE
    assert "irrecoverable" not in text_of(page(mixed, zone=SEOUL))


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_is_described_without_words_it_has_not_earned(stage: Stage) -> None:
    korean, english = STAGES[stage]
    assert ("irrecoverable" in english) == ("복구할 수 없" in korean) == stage.irrecoverable
    assert (stage is Stage.BEYOND_BACKUPS) == ("have passed" in english)


def test_whatever_stands_in_a_policy_cannot_become_markup() -> None:
    line = replace(MEMBERS, table="<script>alert(1)</script>", clauses=('"><img src=x>',), articles=("<b>",))
    text = page(replace(RUN, lines=(line,), name="<i>"), zone=SEOUL)
    assert tags(text) <= tags(page(RUN, zone=SEOUL))
    assert "alert(1)" in text_of(text)


def test_the_page_asks_for_nothing_and_runs_nothing() -> None:
    text = page(RUN, zone=SEOUL)
    assert not tags(text) & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert not re.search(r"https?:|url\(|@import|\bon\w+=|src=|href=", text)
    assert "default-src 'none'" in text


def test_the_page_says_that_it_is_no_legal_advice_and_that_nobody_confirmed() -> None:
    text = text_of(page(PERSON, zone=SEOUL))
    assert "법률 자문이 아닙니다" in text
    assert "not legal advice" in text
    assert "확인이 아직 기록되지 않았습니다" in text


def test_nothing_done_is_nothing_to_certify() -> None:
    with pytest.raises(JikimError, match="nothing to certify"):
        replace(RUN, lines=())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        if self.lasttag != "style":
            self.text.append(data)


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    return reader


def tags(html: str) -> set[str]:
    return read(html).tags


def text_of(html: str) -> str:
    return "".join(read(html).text)
