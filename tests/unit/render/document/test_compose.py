"""A document says what the policy and the law say, in the usual order, and nothing besides."""

import re
from collections.abc import Iterator

import pytest
from tests.published import IN_FORCE_ON, document, documents, policy, source

from jikim.policy.parse import parse
from jikim.render.document.compose import CHAPTERS, compose
from jikim.render.document.parts import (
    Bullets,
    Change,
    Chapter,
    Document,
    Figure,
    Paragraph,
    Table,
    line,
    plain,
)

ALL = dict(documents())


def said(chapter: Chapter) -> str:
    return "\n".join(_said(chapter))


def _said(chapter: Chapter) -> Iterator[str]:
    for block in chapter.blocks:
        match block:
            case Paragraph():
                yield plain(block.line)
            case Bullets():
                yield from map(plain, block.lines)
            case Table():
                yield block.caption
                for row in block.rows:
                    yield from (plain(each) for cell in row for each in cell)
            case Figure():
                yield block.items
                for strand in block.strands:
                    yield f"{strand.why} {strand.ground}"
                    yield from (step.text for way in strand.ways for step in way)


def chapter(of: Document, anchor: str) -> str:
    return next(said(each) for each in of.chapters if each.anchor == anchor)


def changed(before: str, after: str, service: str = "plask") -> Document:
    text = source(service).decode()
    assert before in text
    return document(parse(text.replace(before, after).encode(), name="policy.yaml"))


@pytest.mark.parametrize("of", ALL.values(), ids=ALL)
def test_chapters_stand_in_the_usual_order_and_are_counted(of: Document) -> None:
    anchors = [each.anchor for each in of.chapters]
    assert anchors == [anchor for anchor in CHAPTERS if anchor in anchors]
    assert [each.number for each in of.chapters] == list(range(1, len(anchors) + 1))
    assert all(each.blocks for each in of.chapters)


@pytest.mark.parametrize("service", ["lets", "litecam", "casenote", "plask"])
def test_a_chapter_has_the_same_address_in_every_language(service: str) -> None:
    korean, english = ALL[f"{service}.policy.ko"], ALL[f"{service}.policy.en"]
    assert [each.anchor for each in korean.chapters] == [each.anchor for each in english.chapters]
    for one, other in zip(korean.chapters, english.chapters, strict=True):
        assert [type(block) for block in one.blocks] == [type(block) for block in other.blocks]


@pytest.mark.parametrize("of", ALL.values(), ids=ALL)
def test_every_row_has_a_cell_for_every_column_and_every_link_within_leads_somewhere(of: Document) -> None:
    tables = [block for each in of.chapters for block in each.blocks if isinstance(block, Table)]
    assert all(len(row) == len(table.columns) and all(row) for table in tables for row in table.rows)
    anchors = {each.anchor for each in of.chapters}
    assert {label.to for label in of.labels} <= anchors


def test_what_is_processed_with_consent_stands_apart_from_what_is_not() -> None:
    items = next(each for each in ALL["plask.policy.ko"].chapters if each.anchor == "items")
    without, consented = (block for block in items.blocks if isinstance(block, Table))
    assert (without.caption, consented.caption) == (
        "동의 없이 처리하는 개인정보",
        "동의를 받아 처리하는 개인정보",
    )
    purposes = [plain(row[0][0]) for row in consented.rows]
    assert "소식과 광고성 정보의 전송" in purposes
    assert not set(purposes) & {plain(row[0][0]) for row in without.rows}
    assert len(purposes) + len(without.rows) == len(policy("plask").processing)
    bases = {plain(each) for row in without.rows for each in row[2]}
    assert "개인정보 보호법 제15조제1항제4호" in bases


def test_a_number_is_the_policys_wherever_it_stands() -> None:
    """Five days and three months, changed in the file, are changed in every chapter."""
    of = changed("within: 5 days", "within: 4 days")
    whole = "\n".join(map(said, of.chapters))
    assert "4일 안에" in whole
    assert "5일 안에" not in whole
    assert next(each.fact for each in of.labels if each.kind == "destruction") == "기간이 끝나면 4일 안에"


def test_the_period_of_a_law_is_the_packs_and_stands_nowhere_in_the_file() -> None:
    assert "5 years" not in source("plask").decode()
    assert "계약 이행 또는 청약철회 후 5년" in chapter(ALL["plask.policy.ko"], "periods")
    assert "기록 후 3개월" in chapter(ALL["plask.policy.ko"], "periods")


def test_a_chapter_that_does_not_apply_is_left_out() -> None:
    assert not {"domestic-agent", "pseudonyms", "further-use", "ai"} & {
        each.anchor for each in ALL["casenote.policy.ko"].chapters
    }
    assert "pseudonyms" in {each.anchor for each in ALL["plask.policy.ko"].chapters}
    assert "abroad" not in {each.anchor for each in ALL["lets.policy.ko"].chapters}


def test_what_a_published_text_leaves_open_is_said_to_be_left_open() -> None:
    of = ALL["casenote.as-published.ko"]
    assert plain(of.dated[0]) == "시행일을 밝히지 않았습니다."
    assert "법적 근거를 밝히지 않은 처리" in chapter(of, "items")
    assert "동의 없이 처리하는 개인정보" not in chapter(of, "items")
    assert "밝히지 않음" in chapter(of, "periods")
    assert "lives" not in {each.anchor for each in of.chapters}
    rights = chapter(of, "rights")
    assert "이 권리를 밝히지 않음" in rights
    assert "다음 권리를 행사할 수 있습니다" not in rights


def test_a_published_text_that_names_the_service_in_its_title_is_not_called_by_it_twice() -> None:
    assert ALL["plask.as-published.ko"].heading == "플라스크 개인정보 취급 방침"
    assert ALL["plask.policy.ko"].heading == "플라스크 개인정보 처리방침"


def test_a_language_version_that_differs_says_what_it_says() -> None:
    english = chapter(ALL["lets.as-published.en"], "destruction")
    assert "As this language’s version says: If (i) withdraws consent" in english
    assert "다르게" not in chapter(ALL["lets.as-published.ko"], "destruction")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("회원 클럽", "회원 클럽은 다음 목적으로"),
        ("토스", "토스는 다음 목적으로"),
        ("LETS 2", "LETS 2는 다음 목적으로"),
    ],
)
def test_particles_follow_the_services_name(name: str, sentence: str) -> None:
    assert sentence in chapter(changed("name: {ko: 플라스크, en", f"name: {{ko: {name}, en"), "purposes")


def test_nothing_is_promised_that_the_policy_does_not_promise() -> None:
    """A promise taken out of the file is gone from the document, and none is put in its place."""
    whole = changed("    freeze: true\n", "")
    assert "끝날 때까지 이용하거나 제공하지 않습니다" not in chapter(whole, "rights")
    assert "끝날 때까지 이용하거나 제공하지 않습니다" in chapter(ALL["plask.policy.ko"], "rights")
    kept = changed("  archive_use: nothing else\n", "  archive_use: unstated\n")
    assert "다른 목적으로 이용하지 않습니다" not in chapter(kept, "periods")


def test_a_purpose_that_many_rows_share_is_told_once_under_each_period() -> None:
    periods = next(each for each in ALL["plask.policy.ko"].chapters if each.anchor == "periods")
    table = next(block for block in periods.blocks if isinstance(block, Table))
    keeps = [plain(row[0][0]) for row in table.rows]
    assert len(keeps) == len(set(keeps)) < len(policy("plask").processing)


def test_a_life_is_told_from_its_use_to_its_destruction() -> None:
    lives = next(each for each in ALL["plask.policy.ko"].chapters if each.anchor == "lives")
    password = next(b for b in lives.blocks if isinstance(b, Figure) and b.items == "비밀번호")
    assert [[(step.kind, step.text) for step in way] for way in password.strands[0].ways] == [
        [
            ("use", "이용"),
            ("fact", "회원 탈퇴"),
            ("locked", "5일 잠금"),
            ("gone", "파기(잠금을 포함해 5일 안)"),
        ],
        [("use", "이용"), ("fact", "서비스 종료"), ("gone", "5일 안에 파기")],
    ]
    abuse = next(b for b in lives.blocks if isinstance(b, Figure) and b.items == "부정 이용 기록")
    assert ("use", "1년 더 이용") in [(s.kind, s.text) for s in abuse.strands[0].ways[0]]
    browser = next(b for b in lives.blocks if isinstance(b, Figure) and b.items == "검색어, 서비스 이용 기록")
    assert [s.text for s in browser.strands[0].ways[0]] == ["기록", "3개월 이용", "5일 안에 파기"]
    orders = next(b for b in lives.blocks if isinstance(b, Figure) and b.items == "주문 내역")
    assert ("apart", "5년 보존") in [(s.kind, s.text) for way in orders.strands[-1].ways for s in way]


def test_what_has_changed_is_told_in_front_as_it_was_given() -> None:
    change = Change(line("보유 기간이 3개월로 줄었습니다."), "periods")
    of = compose(policy("plask"), language="ko", in_force_on=IN_FORCE_ON, since=[change])
    assert of.changes == (change,)


def test_an_item_that_only_a_law_has_kept_is_told_and_counted_among_the_items() -> None:
    """Plask uses the time of a visit for nothing."""
    of = ALL["plask.policy.ko"]
    assert "법령에 따라 기록하는 항목: 방문 일시" in chapter(of, "items")
    counted = next(each.fact for each in of.labels if each.kind == "items")
    assert counted == f"{len(policy('plask').items)}가지"
    assert "법령에 따라 기록하는" not in chapter(ALL["litecam.policy.ko"], "items")


@pytest.mark.parametrize(
    ("service", "ko", "en"),
    [
        (
            "plask",
            "7일 전까지, 권리에 중요한 영향을 주는 변경은 30일 전까지 서비스의 공지사항과 이메일로 알립니다.",
            "at least 30 days before, in the service's notices and by e-mail.",
        ),
        (
            "litecam",
            "처리방침을 바꾸면 시행하기 7일 전까지 서비스의 공지사항으로 알립니다.",
            "at least 7 days before it takes effect, in the service's notices.",
        ),
    ],
)
def test_where_and_by_when_a_change_is_announced_reads_as_a_sentence(service: str, ko: str, en: str) -> None:
    """And one term that holds for every change is told once."""
    assert ko in chapter(ALL[f"{service}.policy.ko"], "changes")
    assert en in chapter(ALL[f"{service}.policy.en"], "changes")


def test_no_english_page_of_an_english_policy_has_korean_in_it() -> None:
    for name, of in ALL.items():
        if name.endswith(".policy.en"):
            assert not re.search("[가-힣]", "\n".join(map(said, of.chapters))), name


def test_labels_tell_what_is_done_and_nothing_else() -> None:
    plask = {label.kind: label.fact for label in ALL["plask.policy.ko"].labels}
    assert plask["processors"] == "3곳"
    assert plask["abroad"] == "미국"
    assert plask["rights"] == "10일 안에 답변"
    assert plask["advertising"] == "동의한 사람에게만"
    assert not {"third-parties", "guarded", "children"} & set(plask)
    assert {label.kind for label in ALL["litecam.policy.ko"].labels} >= {"third-parties"}
    english = {label.kind: label.fact for label in ALL["talk_with_me.policy.ko"].labels}
    assert english["cookies"] == "3가지"
