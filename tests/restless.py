"""The service at work beside the sweeps of a test: it writes rows anew as they are. Effectful.

Nothing comes to mean anything else, while a sweep meets row locks, new versions of rows and another writer wherever
it looks. Each doing is one short transaction over a few rows of one table; every fourth is rolled back. Tables whose
triggers or rules would make more of an update are left alone.
"""

import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count

import psycopg

PAUSE, HOLD = 0.004, 0.001
"""Seconds between two doings, and from what is done to its end."""
ROWS = 3
"""Rewritten at a time."""
_TABLES = """
    select format('%I.%I', n.nspname, c.relname), (
        select quote_ident(attname) from pg_attribute where attrelid = c.oid and attnum > 0
            and not attisdropped and attgenerated = '' and attidentity = '' order by attnum desc limit 1), ''
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind = 'r' and not relhasrules and nspname !~ '^pg_'
        and nspname not in ('jikim', 'jikim_service', 'kept_by_law', 'information_schema')
        and not exists (select from pg_trigger where tgrelid = c.oid and not tgisinternal and tgtype & 16 > 0)
"""
_FILE_TABLES = """
    select format('main."%w"', t.name), (
        select format('"%w"', name) from pragma_table_xinfo(t.name) where hidden = 0 order by cid desc limit 1),
        (select group_concat(sql, ';') from sqlite_schema s where s.type = 'trigger' and s.tbl_name = t.name)
    from pragma_table_list t where t.schema = 'main' and t.type = 'table' and not t.wr
        and substr(t.name, 1, 6) != 'jikim_' and substr(t.name, 1, 7) != 'sqlite_'
"""
_ON_UPDATE = re.compile(r"(?i)create\s+(temp\s+)?trigger\s[^;]*?\bupdate\b[^;]*?\bon\b")


class Server:
    """A session with PostgreSQL, of whoever owns everything."""

    begin, harmless, only, place = "begin", (psycopg.errors.DeadlockDetected,), "only", "ctid"
    tables = _TABLES

    def __init__(self, url: str) -> None:
        session = psycopg.connect(url, autocommit=True)
        self.run, self.close = session.execute, session.close
        self.undo, self.interrupt = session.rollback, session.cancel

    def updates(self) -> list[str]:
        """What rewrites a few rows of a table, for each; it ends where it is to say how many are passed over."""
        return [
            f"update {self.only} {table} set {column} = {column} where {self.place} in"
            f" (select {self.place} from {self.only} {table} limit {ROWS} offset "
            for table, column, triggers in self.run(self.tables).fetchall()
            if column and not _ON_UPDATE.search(triggers or "")
        ]


class File(Server):
    """A session with a SQLite file."""

    begin, harmless, only, place, tables = "begin immediate", (), "", "_rowid_", _FILE_TABLES

    def __init__(self, path: str) -> None:
        session = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self.run, self.close = session.execute, session.close
        self.undo, self.interrupt = session.rollback, session.interrupt


@dataclass
class Restless:
    """Whoever writes so, sweep for sweep."""

    url: str
    rewritten: int = 0

    @contextmanager
    def beside(self) -> Iterator[None]:
        """At work beside the block, from before it begins; raises what went wrong with it."""
        stop, begun, interrupted = threading.Event(), threading.Event(), threading.Event()
        wrong: list[BaseException] = []

        def work(session: Server) -> None:
            try:
                updates = session.updates()
                for number in count():
                    if updates:
                        turn, which = divmod(number, len(updates))
                        update = f"{updates[which]}{turn % ROWS})"
                        self._one(session, update, comes_to_nothing=(turn + which) % 4 == 3)
                    begun.set()
                    if stop.wait(PAUSE):
                        return
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits
                if not interrupted.is_set():
                    wrong.append(error)
                begun.set()

        with closing((Server if "://" in self.url else File)(self.url)) as session:
            thread = threading.Thread(target=work, args=[session])
            thread.start()
            begun.wait(1)
            try:
                yield
            finally:
                stop.set()
                thread.join(0.5)
                while thread.is_alive():  # it waits for a lock of the test's own
                    interrupted.set()
                    session.interrupt()
                    thread.join(0.1)
        if wrong:
            raise wrong[0]

    def _one(self, session: Server, update: str, *, comes_to_nothing: bool) -> None:
        """One doing; one that others hinder comes to nothing, too."""
        try:
            session.run(session.begin)
            done = session.run(update).rowcount
            time.sleep(HOLD)
            if comes_to_nothing:
                session.undo()
            else:
                session.run("commit")
                self.rewritten += done
        except session.harmless:
            session.undo()
