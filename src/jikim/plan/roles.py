"""What the roles of a row's edges come to: co-owners and what is theirs alone, references that are emptied. Pure.

An owner, and every co-owner, keeps a row by claims of their own. Nobody else who is named in a row keeps it or ends
it: what names them is emptied when they go, or stays for a written reason.
"""

from collections.abc import Iterator
from dataclasses import replace

from jikim.datamap.mends import mends
from jikim.datamap.model import NOBODY
from jikim.datamap.survey import flow
from jikim.plan.masks import Mask, unfit
from jikim.plan.paths import Paths, Unbound
from jikim.plan.schedule import (
    Carry,
    Cell,
    Claim,
    Hop,
    IdentityUse,
    Link,
    OwnerPath,
    TableSchedule,
)
from jikim.source import Path


def somebodys(name: str, groups: list[tuple[OwnerPath, ...]]) -> None:
    """Refuse rows of several owners that may be about nobody. Raises ``Unbound``."""
    if len(groups) > 1 and any(path.subject == NOBODY for group in groups for path in group):
        raise Unbound(
            "nobody-shared",
            ("tables", name, "co_owners"),
            f"rows of `{name}` have several owners, and may be about nobody",
            fix="let its owners lead only to rows that are about somebody",
        )


def keys_given_up(paths: Paths, name: str) -> Iterator[Cell]:
    """The columns that point to a co-owner and are emptied with what else is theirs. Raises ``Unbound``."""
    for n, owner in enumerate(paths.datamap.tables[name].co_owners):
        for column in owner.anonymise:
            paths.ref(name, column, ("tables", name, "co_owners", n, "anonymise"))
        yield from (Cell(c, "", Mask("null")) for c in owner.anonymise if c in owner.columns)


def of_one_owner(
    paths: Paths, name: str, claim: Claim, owner: OwnerPath, cells: tuple[Cell, ...]
) -> list[Claim]:
    """The claim as it speaks for one of several owners; none, where nothing is left of it.

    Of the cells that are another's alone it says nothing, and its archived copies stand apart from theirs: each has a
    date, and a person, of its own. So it is where the owners are those of another row, too.
    """
    if len(paths.groups(name)) == 1:
        return [claim]
    co_owners = paths.datamap.tables[name].co_owners
    own = [owner in paths.by_edge(name, edge) for edge in co_owners]
    others = {c for edge, is_own in zip(co_owners, own, strict=True) if not is_own for c in edge.anonymise}
    keys = {
        column
        for edge, is_own in zip(co_owners, own, strict=True)
        if is_own
        for column in edge.anonymise
        if column in edge.columns
    }
    left = frozenset(c.name for c in cells if c.name in claim.cells and c.column not in others)
    if not left:
        return []
    way = [*(column for hop in owner.hops for column in hop.columns), *(owner.key if owner.inline else ())]
    kept_as = "" if owner.fan or claim.kind == "processing" else "__".join([claim.id, *way])
    return [replace(claim, cells=left | keys, kept_as=kept_as)]


def link(paths: Paths, name: str, hop: Hop) -> Link:
    """A reference that can be emptied. Raises ``Unbound``."""
    table = paths.schema.tables[name]
    path: Path = ("tables", name)
    for column in hop.columns:
        paths.ref(name, column, path)
    written = flow(hop.columns)
    why = f"it is emptied before the row of `{hop.table}` that it points to goes"
    if any(set(hop.columns) & set(owner.columns) for owner in paths.datamap.tables[name].owners):
        fix = f"take {written} out of `unlink` and `accessors`; a co-owner's may stand in `anonymise`"
        raise Unbound("unlink", path, f"`{name}.{written}` says whose row it is", why=why, fix=fix)
    for column in hop.columns:
        if reason := unfit(Mask("null"), table.columns[column], table):
            raise Unbound(
                "unlink",
                path,
                f"`{name}.{column}` {reason}, so it cannot be emptied",
                why=why,
                fix=mends(paths.schema, paths.datamap).emptied(table, column),
            )
    if paths.steps_by(name, hop):
        fix = "name a date of the row itself for that clock or class"
        raise Unbound("unlink", path, f"a clock or a class reads by `{name}.{written}`", why=why, fix=fix)
    return Link(hop, tuple(Cell(column, "", Mask("null")) for column in hop.columns))


def beside_others(tables: tuple[TableSchedule, ...]) -> tuple[TableSchedule, ...]:
    """Tell each table what the rows of others want of its rows: cells that records may still need to take along, and
    the way to an owner; and keep of its references those that lead to rows which are kept."""
    uses: dict[str, list[IdentityUse]] = {}
    carries: dict[str, dict[Carry, None]] = {}
    for schedule in tables:
        for variant in schedule.variants:
            hops = variant.owner.hops
            cells = {cell.ref.column for record in variant.records for cell in record.identity}
            if cells:
                use = IdentityUse(schedule.table, hops, variant.where, frozenset(cells))
                uses.setdefault(hops[-1].table, []).append(use)
            if fan := variant.owner.fan:
                carries.setdefault(fan[-1].table, {})[Carry(schedule.table, fan)] = None
    known = {schedule.table for schedule in tables}
    return tuple(
        replace(
            schedule,
            identity_uses=tuple(uses.get(schedule.table, ())),
            carries=tuple(carries.get(schedule.table, ())),
            links=tuple(link for link in schedule.links if link.hop.table in known),
        )
        for schedule in tables
    )
