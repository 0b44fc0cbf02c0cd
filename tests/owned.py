"""A service whose rows are owned in every way there is, as values: tables, policy, map, and rows as dice throw them.

Nothing here knows of a kind of store. Each table is one form of ownership; forms meet in the same people.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import yaml
from tests.keeping import promise_of, seoul

from jikim.datamap.schema import ForeignKey, Schema, Table, table
from jikim.operations.plan_sweep import Promise

NOW = seoul(2026, 10, 5, 12)
WHEN = "timestamp with time zone"


def _to(column: str, other: str) -> ForeignKey:
    return ForeignKey((column,), other, ("id",), name=f"{column}_to_{other}")


def _table(name: str, columns: Mapping[str, str], *keys: ForeignKey, points: tuple[str, ...] = ()) -> Table:
    """A table with an ``id``, and an index on everything that points somewhere."""
    indexes = tuple((column,) for column in (*(key.columns[0] for key in keys), *points))
    return table(name, {"id": "bigint!", **columns}, primary_key=("id",), foreign_keys=keys, indexes=indexes)


SCHEMA = Schema(
    {
        each.name: each
        for each in (
            _table(
                "members",
                {"email": "text", "left_at": WHEN, "referrer_id": "bigint", "default_address_id": "bigint"},
                _to("referrer_id", "members"),
                _to("default_address_id", "addresses"),
            ),
            _table("addresses", {"member_id": "bigint!", "street": "text"}, _to("member_id", "members")),
            _table("staff", {"name": "text", "left_at": WHEN}),
            _table(
                "messages",
                {
                    "sender_id": "bigint",
                    "receiver_id": "bigint",
                    "sender_name": "text",
                    "receiver_name": "text",
                    "body": "text",
                    "settled_at": WHEN,
                },
                points=("sender_id", "receiver_id"),
            ),
            _table(
                "pacts",
                {
                    "one_id": "bigint!",
                    "other_id": "bigint!",
                    "one_name": "text",
                    "other_name": "text",
                    "terms": "text",
                },
                _to("one_id", "members"),
                points=("other_id",),
            ),
            _table("replies", {"message_id": "bigint", "words": "text"}, points=("message_id",)),
            _table("households", {"label": "text", "created_at": WHEN, "settled_at": WHEN}),
            _table(
                "household_members",
                {"household_id": "bigint!", "member_id": "bigint", "part": "text"},
                _to("household_id", "households"),
                points=("member_id",),
            ),
            _table("chores", {"household_id": "bigint!", "note": "text"}, _to("household_id", "households")),
            _table(
                "tickets",
                {"member_id": "bigint!", "handled_by": "bigint", "approved_by": "bigint", "note": "text"},
                _to("member_id", "members"),
                _to("approved_by", "staff"),
                points=("handled_by",),
            ),
            _table(
                "comments",
                {"member_id": "bigint", "parent_id": "bigint", "words": "text"},
                _to("parent_id", "comments"),
                points=("member_id",),
            ),
            _table(
                "contacts",
                {"member_id": "bigint", "email": "text", "name": "text", "saved_at": WHEN},
                points=("member_id",),
            ),
            _table(
                "prospects",
                {"member_id": "bigint", "email": "text", "memo": "text", "seen_at": WHEN},
                points=("member_id",),
            ),
        )
    }
)

ITEMS = {"email": "contact", "name": "identity", "address": "contact", "words": "content", "note": "content"}
KEPT: dict[str, tuple[str, list[str], str]] = {
    "membership": ("member", ["email"], "until membership ended"),
    "work": ("staff", ["name"], "until membership ended"),
    "home": ("member", ["address"], "until membership ended"),
    "messaging": ("member", ["words", "name"], "until membership ended"),
    "family": ("member", ["note"], "until membership ended"),
    "family-history": ("member", ["note"], "1 year after membership ended"),
    "address-book": ("member", ["name", "email"], "until membership ended"),
    "prospecting": ("contact", ["email"], "3 months after recorded"),
}
POLICY = {
    "jikim": 1,
    "service": {"id": "owned", "name": {"en": "Owned"}},
    "controller": {"name": {"en": "Owned Inc."}},
    "contacts": {
        "officer": {
            "title": {"en": "Privacy officer"},
            "phone": "02-0000-0000",
            "email": "privacy@owned.example",
        }
    },
    "languages": ["en"],
    "law": ["kr"],
    "version": "1.0",
    "announced": "2026-01-02",
    "effective": "2026-01-12",
    "people": {kind: {"label": {"en": kind}} for kind in ("member", "staff", "contact")},
    "items": {item: {"label": {"en": item}, "category": kind} for item, kind in ITEMS.items()},
    "processing": {
        name: {
            "about": about,
            "purpose": {"en": name},
            "basis": "contract",
            "items": {"required": items},
            "keep": keep,
        }
        for name, (about, items, keep) in KEPT.items()
    },
    "kept_by_law": {
        "contracts": {
            "label": {"en": "contracts"},
            "law": "kr.ecommerce.contract",
            "after": "contract completed",
            "items": ["words", "name", "email", "note"],
        }
    },
    "destruction": {"within": "5 days", "electronic": "irrecoverable", "paper": "shred or burn"},
}

TABLES: dict[str, dict[str, Any]] = {
    "members": {
        "processing": ["membership"],
        "accessors": [{"member": "referrer_id"}],
        "unlink": "default_address_id",
        "columns": {"email": "email", "left_at": "no", "default_address_id": "no"},
    },
    "addresses": {"owner": {"member": "member_id"}, "processing": ["home"], "columns": {"street": "address"}},
    "staff": {"processing": ["work"], "columns": {"name": "name", "left_at": "no"}},
    "messages": {
        "co_owners": [
            {"member": "sender_id", "anonymise": ["sender_name", "sender_id"]},
            {"member": "receiver_id", "anonymise": "receiver_name"},
        ],
        "processing": ["messaging"],
        "records": [{"contracts": {"contract completed": "settled_at"}}],
        "orphans": "destroy",
        "columns": {
            "sender_id": "no",
            "receiver_id": "no",
            "sender_name": "name",
            "receiver_name": "name",
            "body": "words",
            "settled_at": "no",
        },
    },
    "pacts": {
        "co_owners": [
            {"member": "one_id", "anonymise": "one_name"},
            {"member": "other_id", "anonymise": "other_name"},
        ],
        "processing": ["messaging"],
        "columns": {"one_name": "name", "other_name": "name", "terms": "words"},
    },
    "replies": {
        "owner": {"messages": "message_id"},
        "processing": ["messaging"],
        "orphans": "destroy",
        "columns": {"words": "words"},
    },
    "households": {
        "owner": {"household_members": {"their": "household_id"}},
        "processing": ["family"],
        "records": [{"contracts": {"contract completed": "settled_at"}}],
        "orphans": "date-from(created_at)",
        "columns": {"label": "note", "created_at": "no", "settled_at": "no"},
    },
    "household_members": {
        "owner": {"member": "member_id"},
        "processing": ["family"],
        "records": [{"contracts": {"contract completed": "household_id.settled_at"}}],
        "orphans": "destroy",
        "columns": {"part": "note"},
    },
    "chores": {
        "owner": {"households": "household_id"},
        "processing": ["family-history"],
        "orphans": "destroy",
        "columns": {"note": "note"},
    },
    "tickets": {
        "owner": {"member": "member_id"},
        "processing": ["family"],
        "accessors": [
            {"staff": "handled_by"},
            {"staff": "approved_by", "keep": "who approved must be traceable for as long as the ticket is"},
        ],
        "columns": {"note": "note"},
    },
    "comments": {
        "owner": {"member": "member_id"},
        "processing": ["messaging"],
        "orphans": "destroy",
        "columns": {"words": "words", "parent_id": "no"},
    },
    "contacts": {
        "co_owners": [{"member": "member_id"}, {"contact": "email"}],
        "processing": ["address-book"],
        "orphans": "date-from(saved_at)",
        "columns": {"email": "email", "name": "name", "saved_at": "no"},
    },
    "prospects": {
        "co_owners": [
            {"member": "member_id", "anonymise": "memo"},
            {"contact": "email", "anonymise": "email"},
        ],
        "processing": ["family", {"prospecting": {"recorded": "seen_at"}}],
        "orphans": "destroy",
        "columns": {"email": "email", "memo": "note", "seen_at": "no"},
    },
}


def datamap(**tables: Any) -> dict[str, Any]:
    """The map, with some tables said otherwise; None for a table that is left out."""
    return {
        "jikim": 1,
        "service": "owned",
        "stores": {
            "app": {"url": "env:APP", "zone": "Asia/Seoul"},
            "archive": {"url": "env:ARCHIVE"},
        },
        "subjects": {
            kind: {"table": name, "key": "id", "facts": {"membership ended": "left_at"}}
            for kind, name in (("member", "members"), ("staff", "staff"))
        },
        "tables": {name: each for name, each in {**TABLES, **tables}.items() if each is not None},
    }


def promise(**tables: Any) -> Promise:
    """Policy and map, read."""
    return promise_of(yaml.safe_dump(POLICY).encode(), yaml.safe_dump(datamap(**tables)).encode())


# -- rows -------------------------------------------------------------------------------------------------

Rows = dict[str, list[dict[str, Any]]]


def drawn(dice: Random) -> Rows:
    """Rows on both sides of every boundary: references that are empty or lead nowhere where no key of the store forbids
    it, dates that have come, are about to, or are missing."""
    return _Throws(dice).rows()


class _Throws:
    """Dice, and how many rows of some tables others may point to."""

    def __init__(self, dice: Random) -> None:
        self.dice, self.people = dice, range(1, 5)
        self.homes, self.addresses, self.messages = self._each(3), self._each(4), self._each(6)

    def rows(self) -> Rows:
        return {**self._kinds_of_people(), **self._several_owners(), **self._one_owner(), **self._inline()}

    def _left(self) -> datetime | None:
        return self.dice.choice([None, None, _ago(2000), _ago(100), _ago(366), _ago(0, hours=1), _ago(-3)])

    def _settled(self) -> datetime | None:
        return self.dice.choice([None, _ago(100), _ago(3000)])

    def _some(self, *known: int, empty: bool = True, nowhere: bool = True) -> int | None:
        return self.dice.choice([*known, *known, *([None] if empty else []), *([99] if nowhere else [])])

    def _one(self, *known: int) -> int | None:
        return self._some(*known, empty=False, nowhere=False)

    def _each(self, most: int) -> range:
        return range(1, self.dice.randint(2, most) + 1)

    def _kinds_of_people(self) -> Rows:
        return {
            "members": [
                {
                    "id": n,
                    "email": f"m{n}@mail.example",
                    "left_at": self._left(),
                    "referrer_id": self._some(*self.people, nowhere=False),
                    "default_address_id": self._some(*self.addresses, nowhere=False),
                }
                for n in self.people
            ],
            "addresses": [
                {"id": n, "member_id": self._one(*self.people), "street": "길 1"} for n in self.addresses
            ],
            "staff": [{"id": n, "name": "김직원", "left_at": self._left()} for n in self.people],
        }

    def _several_owners(self) -> Rows:
        return {
            "messages": [
                {
                    "id": n,
                    "sender_id": self._some(*self.people),
                    "receiver_id": self._some(*self.people),
                    "sender_name": "보낸이",
                    "receiver_name": "받는이",
                    "body": "안녕",
                    "settled_at": self._settled(),
                }
                for n in self.messages
            ],
            "pacts": [
                {
                    "id": n,
                    "one_id": self._one(*self.people),
                    "other_id": 99 if self.dice.random() < 0.08 else self._one(*self.people),
                    "one_name": "갑",
                    "other_name": "을",
                    "terms": "약속",
                }
                for n in self._each(5)
            ],
            "replies": [
                {"id": n, "message_id": self._some(*self.messages), "words": "답"} for n in self._each(4)
            ],
            "households": [
                {
                    "id": n,
                    "label": "우리집",
                    "created_at": self.dice.choice([_ago(3000), _ago(0), None]),
                    "settled_at": self._settled(),
                }
                for n in self.homes
            ],
            "household_members": [
                {
                    "id": n,
                    "household_id": self._one(*self.homes),
                    "member_id": self._some(*self.people),
                    "part": "첫째",
                }
                for n in self._each(6)
            ],
        }

    def _one_owner(self) -> Rows:
        return {
            "chores": [
                {"id": n, "household_id": self._one(*self.homes), "note": "설거지"} for n in self._each(4)
            ],
            "tickets": [
                {
                    "id": n,
                    "member_id": self._one(*self.people),
                    "handled_by": self._some(*self.people),
                    "approved_by": self._some(*self.people, nowhere=False),
                    "note": "문의",
                }
                for n in self._each(5)
            ],
            "comments": [
                {
                    "id": n,
                    "member_id": self._some(*self.people),
                    "parent_id": self.dice.choice([None, n, max(1, n - 1)]),
                    "words": "글",
                }
                for n in self._each(5)
            ],
        }

    def _inline(self) -> Rows:
        """Rows that a member and somebody who is only named in them own together."""
        return {
            "contacts": [{**self._named(n), "name": "지인", "saved_at": _ago(3000)} for n in self._each(5)],
            "prospects": [
                {**self._named(n), "memo": "메모", "seen_at": self.dice.choice([None, _ago(10), _ago(200)])}
                for n in self._each(5)
            ],
        }

    def _named(self, n: int) -> dict[str, Any]:
        mails = ["kim@mail.example", "lee@mail.example", None]
        return {"id": n, "member_id": self._some(*self.people), "email": self.dice.choice(mails)}


def _ago(days: int, *, hours: int = 0) -> datetime:
    return (NOW - timedelta(days=days, hours=hours)).astimezone(UTC)


# -- as PostgreSQL has them -------------------------------------------------------------------------------


def postgres_tables(schema: Schema = SCHEMA) -> Iterator[str]:
    """The tables of a schema; their keys afterwards, since they may stand in circles."""
    for each in schema.tables.values():
        columns = [f"{c.name} {c.type}{'' if c.nullable else ' not null'}" for c in each.columns.values()]
        yield f"create table {each.name} ({', '.join(columns)}, primary key ({', '.join(each.primary_key)}))"
    for each in schema.tables.values():
        yield from (f"create index on {each.name} ({', '.join(index)})" for index in each.indexes)
        for key in each.foreign_keys:
            to = f"{key.to_table} ({', '.join(key.to_columns)})"
            yield f"alter table {each.name} add foreign key ({', '.join(key.columns)}) references {to}"
