"""The moments at which a run can be told apart from the outside: before and after each statement that it sends,
each commit, each file that it removes. Watches a running program; changes nothing of what it does. Effectful.
"""

import os
import re
import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

import sqlalchemy as sa

PARTS = frozenset(
    {
        "start_run",
        "list_files",
        "apply_plan",
        "remove_files",
        "import_receipts",
        "finish_run",
        "seal_evidence",
    }
)
"""The parts of keeping a promise, by the function that does each."""
_STEPS = frozenset({"batch", "remaining"})
_TABLE = r"(?:ONLY )?(\w+\.\w+)"
_DEED = re.compile(rf"\b(INSERT INTO|UPDATE|DELETE FROM) {_TABLE}", re.IGNORECASE)
_SOURCE = re.compile(rf"\bFROM {_TABLE}", re.IGNORECASE)


class Boundaries:
    """Says a name at every boundary of this process, each name once: the second time it ends in ``#2``."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say, self._said = say, Counter[str]()

    def at(self, who: str, what: str) -> None:
        name = f"{where(sys._getframe())} | {who} {what}"
        self._said[name] += 1
        self._say(name if self._said[name] == 1 else f"{name} #{self._said[name]}")

    def watch(self, engine: sa.Engine, *, who: str) -> None:
        """Every statement and every commit of an engine."""

        def around(moment: str) -> Callable[..., None]:
            return lambda _connection, _cursor, statement, *_: self.at(who, f"{shortly(statement)}, {moment}")

        sa.event.listen(engine, "before_cursor_execute", around("before"))
        sa.event.listen(engine, "after_cursor_execute", around("after"))
        commit = engine.dialect.do_commit

        def do_commit(connection: Any) -> None:
            self.at(who, "commit, before")
            commit(connection)
            self.at(who, "commit, after")

        engine.dialect.do_commit = do_commit  # type: ignore[method-assign]

    def watch_files(self) -> None:
        """Every removal of a file, and every one that is kept."""
        unlink, rename = os.unlink, os.rename

        def watched(name: Any, *, dir_fd: int | None = None) -> None:
            self.at("files", "unlink, before")
            unlink(name, dir_fd=dir_fd)
            self.at("files", "unlink, after")

        def put(one: Any, other: Any, **where: Any) -> None:
            self.at("files", "put, before")
            rename(one, other, **where)
            self.at("files", "put, after")

        os.unlink = watched
        os.rename = put


def where(frame: FrameType | None) -> str:
    """Which part of keeping the promise is going on, and which step of the plan, told from the call stack."""
    step = ""
    while frame is not None:
        name = frame.f_code.co_name
        if name in _STEPS and "step" in frame.f_locals:
            step = f" {frame.f_locals['step'].id}"
        if name in PARTS:
            return name + step
        frame = frame.f_back
    return "elsewhere"


def shortly(statement: str) -> str:
    """A statement in few words; a batch's second one is ``carry out``, whatever it does."""
    text = statement.replace('"', "")
    deeds = [(verb.lower(), table) for verb, table in _DEED.findall(text)]
    if "skip locked" in text.lower() and not deeds:
        return "pick"
    if len(deeds) > 1 and ("insert into", "jikim.receipt") in deeds:
        return "carry out"
    if deeds:
        verb, table = deeds[-1]
        return f"{verb} {table}"
    if "pg_advisory_xact_lock" in text:
        return "lock"
    source = _SOURCE.search(text)
    return f"read {source[1]}" if source else "ask"
