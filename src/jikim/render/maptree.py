"""A data map as a tree for the terminal: people, their tables, what each column holds. Pure.

Columns line up whatever script they are written in, and nothing a file says can command the terminal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jikim.datamap.show import Branch, ShownClass, ShownClock, ShownMap, ShownOwner, ShownTable
from jikim.render.columns import columns, padded, printable
from jikim.render.wording import Language, Words, say, trigger

WORDS: Final[dict[str, Words]] = {
    "title": ("개인정보가 있는 곳", "where personal data lives"),
    "itself": ("한 행이 한 사람", "one row a person"),
    "named": ("{}에 적힌 사람", "named in {}"),
    "together": ("공동 정보주체", "co-owner"),
    "alone": ("{}: {}만의 것", "{}: of {} alone"),
    "emptied": ("취급자 표시 {}: {}, 떠나면 비움", "also named, {}: {}, emptied when they leave"),
    "left": ("취급자 표시 {}: {}, 떠나도 남음: {}", "also named, {}: {}, kept when they leave: {}"),
    "unlink": (
        "연결 해제: {}, 가리키는 행보다 먼저 비움",
        "unlink: {}, emptied before what it points to goes",
    ),
    "never": ("{} = 없음", "{} means never"),
    "kept for": ("처리", "kept for"),
    "archived as": ("분리보관", "archived as"),
    "again": ("위와 같음", "told above"),
    "plain": ("개인정보가 아닌 열 {}개", "{} columns that hold nothing personal"),
    "one plain": ("개인정보가 아닌 열 1개", "1 column that holds nothing personal"),
    "orphans": ("주인 없는 행", "orphans"),
    "others": ("나머지", "all others"),
    "file": ("파일 저장소 {}", "file in {}"),
    "unowned": ("주인이 없음", "belongs to nobody"),
    "nobody": ("아무에게도 닿지 않는 테이블", "tables that reach nobody"),
    "no data": ("개인정보가 없는 테이블", "tables without personal data"),
    "legend clock": ("보유기간이 시작되는 열", "a clock starts here"),
    "legend mask": ("근거가 끝나면 남는 값", "what stands there once no basis is left"),
    "legend archive": ("법이 요구하면 분리보관", "archived where a law demands it"),
}


@dataclass(frozen=True)
class _Node:
    text: str
    inner: tuple["_Node", ...] = ()


def tree(shown: ShownMap, *, language: Language) -> str:
    """The whole map, a line for every column, ending in a newline."""
    nodes = [
        _Node(
            person.kind if person.label == person.kind else f"{person.kind} · {person.label}",
            tuple(_branch(branch, language) for branch in person.branches),
        )
        for person in shown.people
    ]
    if shown.nobody:
        inner = tuple(_Node(table.name, tuple(_inside(table, language))) for table in shown.nobody)
        nodes.append(_Node(say(WORDS["nobody"], language), inner))
    if shown.plain:
        nodes.append(_Node(f"{say(WORDS['no data'], language)}: {', '.join(shown.plain)}"))
    title = f"{shown.service}: {say(WORDS['title'], language)}"
    return "\n".join([printable(title), *_drawn(tuple(nodes), "")]) + "\n"


def _drawn(nodes: tuple[_Node, ...], before: str) -> Iterator[str]:
    for node in nodes:
        last = node is nodes[-1]
        yield f"{before}{'└── ' if last else '├── '}{printable(node.text)}".rstrip()
        yield from _drawn(node.inner, before + ("    " if last else "│   "))


def _branch(branch: Branch, language: Language) -> _Node:
    table = branch.table
    parts = [f"{table.name} ← {owned(branch.owner, language)}" if branch.owner else table.name]
    if branch.owner and branch.owner.together:
        parts[0] += f" · {say(WORDS['together'], language)}"
    if branch.again:
        return _Node(f"{parts[0]} ({say(WORDS['again'], language)})")
    if branch.owner is None:
        parts.append(say(WORDS["itself"], language))
    if len(table.classes) == 1:
        parts += filter(None, kept(table.classes[0], language))
    inner = tuple(_branch(each, language) for each in branch.inner)
    return _Node(" · ".join(parts), (*_inside(table, language), *inner))


def owned(owner: ShownOwner, language: Language) -> str:
    """Through which columns: ``member_id``, ``named in email``, ``household_members.household_id`` of join rows."""
    joined = " + ".join(f"{owner.to}.{column}" if owner.theirs else column for column in owner.columns)
    return say(WORDS["named"], language).format(joined) if owner.how == "named" else joined


def beside(table: ShownTable, language: Language) -> Iterator[str]:
    """What is one owner's alone, who else is named, and which references are emptied."""
    for owner in table.owners:
        if owner.alone:
            yield say(WORDS["alone"], language).format(", ".join(owner.alone), owned(owner, language))
    for accessor in table.accessors:
        columns_ = " + ".join(accessor.columns)
        word = "left" if accessor.keep else "emptied"
        yield say(WORDS[word], language).format(accessor.to, columns_, accessor.keep)
    if table.unlink:
        yield say(WORDS["unlink"], language).format(", ".join(table.unlink))


def kept(row_class: ShownClass, language: Language) -> tuple[str, str]:
    """By which processings rows are kept, and as which records they are archived; empty for none."""
    processings, records = ", ".join(row_class.processings), ", ".join(row_class.records)
    return (
        f"{say(WORDS['kept for'], language)} {processings}" if processings else "",
        f"{say(WORDS['archived as'], language)} {records}" if records else "",
    )


def _inside(table: ShownTable, language: Language) -> Iterator[_Node]:
    """What a table holds, its columns in line, then its clocks and classes of rows."""
    names = max((columns(printable(each.name)) for each in table.columns), default=0)
    labels = max((columns(printable(each.label)) for each in table.columns), default=0)
    for each in table.columns:
        line = f"{padded(printable(each.name), names)}  {padded(printable(each.label), labels)}"
        line += f"  → {each.mask}" if each.mask else ""
        yield _Node(line + (f"  ({say(WORDS['file'], language).format(each.file)})" if each.file else ""))
    if table.plain:
        word = "one plain" if table.plain == 1 else "plain"
        yield _Node("+ " + say(WORDS[word], language).format(table.plain))
    yield from (_Node(f"◷ {clock(each, language)}") for each in table.clocks)
    if len(table.classes) > 1:
        yield from (_class(each, language) for each in table.classes)
    elif table.classes:
        yield from (_Node(f"◷ {clock(each, language)}") for each in table.classes[0].clocks)
    if table.orphans not in ("", "refuse"):
        yield _Node(f"{say(WORDS['orphans'], language)}: {table.orphans}")
    yield from map(_Node, beside(table, language))


def _class(row_class: ShownClass, language: Language) -> _Node:
    where = row_class.where or say(WORDS["others"], language)
    parts = [f"{row_class.name} ({where})", *filter(None, kept(row_class, language))]
    return _Node(" · ".join(parts), tuple(_Node(f"◷ {clock(each, language)}") for each in row_class.clocks))


def clock(each: ShownClock, language: Language) -> str:
    """``membership ended: left_at (status = left; 9999-12-31 means never)``."""
    never = [say(WORDS["never"], language).format(sentinel) for sentinel in each.never]
    unless = "; ".join([*each.when, *never])
    return f"{trigger(each.trigger, language)}: {each.column}{f' ({unless})' if unless else ''}"
