"""Facts that stand in no row: what the ledger tells a store about a person, in a table of jikim's own. Pure.

A map says ``facts: {consent withdrawn: {from: ledger}}``. For each kind of person there is then one table,
keyed as the person's own rows are, with a date for each fact; to a clock it is one more row that a person has.
Consent is given for one processing, so its withdrawal is told for each of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from jikim.datamap.schema import OWN, Column, Schema, Table
from jikim.datamap.tablename import shortened

if TYPE_CHECKING:
    from jikim.datamap.model import DataMap

PER_CLAIM: Final = frozenset({"consent withdrawn"})
"""Facts about one processing, and not about the person as a whole."""
_WHEN: Final = "timestamp without time zone"
"""In UTC: every store can keep and compare that."""


def fact_name(trigger: str, claim: str) -> str:
    """What a fact goes by: its trigger, and the processing it is about where it is about one."""
    return f"{trigger} of {claim}" if trigger in PER_CLAIM else trigger


def column_of(fact: str) -> str:
    """The column that dates a fact."""
    return shortened(fact)


def table_of(subject: str) -> str:
    """The name by which schedules speak of the table of one kind of person."""
    return f"{OWN}.told__{subject}"


@dataclass(frozen=True)
class Told:
    """What is told about people of one kind: facts, by the key of their own rows."""

    subject: str
    table: str
    key: tuple[str, ...]
    facts: tuple[str, ...]

    @property
    def called(self) -> str:
        """The store's name for its table."""
        return f"told__{self.subject}"

    def in_store(self, schema: Schema) -> Table | None:
        """The table as the store has it once it is prepared; None where the person's own is not there."""
        own = schema.tables.get(self.table)
        if own is None or not set(self.key) <= set(own.columns):
            return None
        key = {c: replace(own.columns[c], nullable=False, generated=False) for c in self.key}
        dates = {c: Column(c, _WHEN) for c in map(column_of, self.facts)}
        return Table(
            table_of(self.subject),
            {**key, **dates},
            primary_key=self.key,
            indexes=tuple((c,) for c in dates),
            lies_in=OWN,
            called=self.called,
        )


def told(datamap: "DataMap") -> tuple[Told, ...]:
    """What a map wants to be told, by kind of person."""
    wanted: dict[str, dict[str, None]] = {}
    for subjects, trigger, claim in _wanted(datamap):
        for subject in subjects:
            wanted.setdefault(subject, {})[fact_name(trigger, claim)] = None
    people = datamap.subjects
    return tuple(Told(s, people[s].table, people[s].key, tuple(wanted[s])) for s in sorted(wanted))


def _wanted(datamap: "DataMap") -> Iterator[tuple[Iterable[str], str, str]]:
    """Kinds of people, the trigger, and the claim it starts: more than are used, where a table says it of everybody."""
    everybody = tuple(datamap.subjects)
    for table in datamap.tables.values():
        for row_class in table.classes.values():
            for claimed in (*row_class.processing, *row_class.records):
                own = {**table.facts, **row_class.facts, **claimed.facts}
                said = [(everybody, own), *(((name,), s.facts) for name, s in datamap.subjects.items())]
                for kinds, facts in said:
                    for trigger in _from_ledger(facts):
                        if trigger not in PER_CLAIM or claimed in row_class.processing:
                            yield kinds, trigger, claimed.id


def _from_ledger(facts: Mapping[str, object]) -> Iterator[str]:
    from jikim.datamap.model import FromLedger

    return (trigger for trigger, fact in facts.items() if isinstance(fact, FromLedger))


def with_told(schema: Schema, told: Iterable[Told]) -> Schema:
    """A schema with the tables of what is told."""
    found = filter(None, (each.in_store(schema) for each in told))
    return replace(schema, tables={**{table.name: table for table in found}, **schema.tables})
