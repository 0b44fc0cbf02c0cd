"""Names that hold quotes, semicolons, percent signs, colons and another language's letters are names like others."""

from tests.keeping import audit_of
from tests.shop import APRIL, MAP, errors, shop

PEOPLE = 'mem"bers; drop table "x" --%s'
ORDERS = "주문 %(size)s :size 'o"
MAIL, LEFT, WHAT, DONE, STATE = 'e"mail %', "left at?", "what :ctids %%", "select", "st'ate"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


TABLES = f"""
    create type "Sta%te; '" as enum ('open', 'do%ne');
    create table {quoted(PEOPLE)} (id bigint primary key, {quoted(MAIL)} text not null, {quoted(LEFT)} timestamptz);
    create table {quoted(ORDERS)} (
        id bigint primary key, {quoted(PEOPLE)} bigint not null references {quoted(PEOPLE)},
        {quoted(WHAT)} text not null, {quoted(DONE)} timestamptz, {quoted(STATE)} "Sta%te; '" not null);
    create index on {quoted(ORDERS)} ({quoted(PEOPLE)});
    insert into {quoted(PEOPLE)} values (1, 'a@mail.example', '2026-03-01 12:00+09'), (2, 'b@mail.example', null);
    insert into {quoted(ORDERS)} values
        (1, 1, 'bread', '2026-02-01 12:00+09', 'do%ne'), (2, 1, 'milk', '2026-02-01 12:00+09', 'open'),
        (3, 2, 'salt', '2026-02-01 12:00+09', 'do%ne');
"""
HOSTILE = {
    **MAP,
    "subjects": {"member": {"table": PEOPLE, "key": "id", "facts": {"membership ended": LEFT}}},
    "tables": {
        PEOPLE: {
            "processing": ["membership"],
            "columns": {MAIL: {"item": "email", "mask": "tag(gone-{tag}@invalid.example)"}, LEFT: "no"},
        },
        ORDERS: {
            "owner": {"member": PEOPLE},
            "rows": {
                "done": {
                    "where": {STATE: "do%ne"},
                    "processing": ["purchase"],
                    "records": [{"contracts": {"contract completed": DONE}}],
                },
                "other": {"processing": ["purchase"]},
            },
            "columns": {WHAT: {"item": "order-history", "mask": "fixed(%)"}, DONE: "no", STATE: "no"},
        },
    },
}


def test_a_sweep_over_hostile_names_keeps_the_promise(empty_database: str) -> None:
    """What was completed is archived, what was not is destroyed, who left is gone; the others are untouched."""
    with shop(empty_database, tables=TABLES, datamap=HOSTILE) as kept:
        assert errors(kept) == []
        assert kept.sweep(APRIL).complete
        assert [row["id"] for row in kept.rows(PEOPLE.replace('"', '""'))] == [2]
        assert [row["id"] for row in kept.rows(ORDERS)] == [3]
        [copy] = kept.archive(APRIL).values()
        assert (copy[WHAT], copy["jikim_subject_key"]) == ("bread", ["1"])
        kept.execute("update jikim.receipt set shipped_at = at")
        report = audit_of(kept, as_of=APRIL)
        assert {f.kind.value for f in report.findings} <= {"reachable", "map"}  # what the map leaves unsaid
        assert report.tables[PEOPLE]["total"] == 1
