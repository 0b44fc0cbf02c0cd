"""Which rows of a table a sweep means, by state and by step: schedules as predicates. Pure.

`plan.decide` says what one row is due for; here the same meaning is said of all rows at once, by what `plan.clocks`
says of their claims. Where a row has several owners, the bases of all of them keep it: something is so of *every*
owner, or of *some*, and either is said without a negation.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial

from jikim.datamap.model import NOBODY
from jikim.plan.clocks import IN_USE, KEPT, STARTED, USED, Answer, Clocks, Every
from jikim.plan.predicate import (
    ALWAYS,
    NEVER,
    Carried,
    Carries,
    CarriesNone,
    Held,
    InClass,
    Leads,
    LeadsNowhere,
    Masked,
    Named,
    Needed,
    NotNeeded,
    NotPointed,
    NotThere,
    OwnedBy,
    Pointed,
    Predicate,
    There,
    Unheld,
    Unmasked,
    Unnamed,
    WithNone,
    WithSome,
    all_of,
    any_of,
)
from jikim.plan.schedule import Cell, Hop, IdentityUse, Link, OwnerPath, Variant


@dataclass(frozen=True)
class Sweep(Clocks):
    """The predicates of one table at one instant, each put together once."""

    def _of(self, table: str) -> "Sweep":
        """The same of another table."""
        return replace(self, schedule=self.schedules[table])

    # -- rows and their owners ----------------------------------------------------------------------------

    def _of_class(self, label: str) -> Predicate:
        """Rows of this class: the first that fits."""
        classes = [where for _, where in self.schedule.classes]
        index = [each for each, _ in self.schedule.classes].index(label)
        if not classes[index] and not index:
            return ALWAYS
        return InClass(classes[index], tuple(classes[:index]))

    def _named(self, path: OwnerPath, *, exists: bool, group: tuple[OwnerPath, ...] = ()) -> Predicate:
        """This way leads to an owner of the row, who exists or does not: to the one of that group, or to any."""
        ways = (group[: group.index(path)],) if group else self.schedule.before(path)
        return any_of(self._first_named(path, before, exists=exists) for before in ways)

    @staticmethod
    def _first_named(path: OwnerPath, before: tuple[OwnerPath, ...], *, exists: bool) -> Predicate:
        certain = path.sure or not (path.hops or path.inline)
        if certain and not (exists and before):
            return ALWAYS if exists else NEVER
        return OwnedBy(path, before, exists) if exists or path.hops else NEVER

    def _nobody(self, label: str) -> Predicate:
        """The row says of nobody whose basis could keep it that it is theirs."""
        shared = self.schedule.shared
        paths = self.schedule.keeping(label) if shared else self.schedule.owners
        if any(path.sure or not (path.hops or path.inline) for path in (paths if shared else paths[:1])):
            return NEVER
        return Unnamed(paths)

    def _first(self, label: str) -> Variant:
        """Whose the rows of a class are that say of nobody that they are theirs."""
        return self.schedule.by_class[label, self.schedule.keeping(label)[0]]

    @staticmethod
    def _along(path: OwnerPath, predicate: Predicate) -> Predicate:
        """It is so for some row by which the way leads on, where it leads through many."""
        return WithSome(path.fan, predicate) if path.fan and predicate != NEVER else predicate

    def in_variant(self, variant: Variant, *, exists: bool) -> Predicate:
        """Rows of this class that this kind of owner has a part in, who exists or does not; held or not."""
        return self._once(("in", id(variant), exists), lambda: self._in_variant(variant, exists=exists))

    def _in_variant(self, variant: Variant, *, exists: bool) -> Predicate:
        led = self.led(variant, exists=exists)
        return led if exists else any_of([led, self.of_nobody(variant)])

    def of_nobody(self, variant: Variant) -> Predicate:
        """Rows of this class that count as this kind of owner's because they say of nobody that they are theirs."""
        label = variant.row_class
        if variant != self._first(label):
            return NEVER
        return all_of([self._of_class(label), self._nobody(label)])

    def led(self, variant: Variant, *, exists: bool) -> Predicate:
        """Rows of this class whose way to this kind of owner is filled in, and leads to one who exists or does not."""
        named = self._along(variant.owner, self._named(variant.owner, exists=exists))
        return all_of([self._of_class(variant.row_class), named])

    def anyone(self, variant: Variant) -> Predicate:
        """Rows of this class with this kind of owner, who exists or not."""
        return any_of(self.in_variant(variant, exists=exists) for exists in (True, False))

    def _rows(self, each: Every = (), *, but_some: Every | None = None, dressed: bool = False) -> Predicate:
        """Rows that nobody holds, of whose owners `each` is so of every one, and `but_some` not of every one.

        :param dressed: with no cell that a mask would change.
        """
        return self._once((each, but_some, dressed), lambda: self._all_rows(each, but_some, dressed=dressed))

    def _all_rows(self, each: Every, but_some: Every | None, *, dressed: bool) -> Predicate:
        if self.schedule.shared:
            labels = [label for label, _ in self.schedule.classes]
            return any_of(self._shared_rows(label, each, but_some, dressed=dressed) for label in labels)
        return any_of(
            self._rows_of(
                v, self.in_variant(v, exists=exists), each, but_some, exists=exists, dressed=dressed
            )
            for v in self.schedule.variants
            for exists in self._fates
            if exists or not v.owner.sure
        )

    @property
    def _fates(self) -> tuple[bool, ...]:
        """Owners who exist and, where the map says what becomes of orphans, owners who do not."""
        return (True,) if self.schedule.orphans == "refuse" else (True, False)

    def _rows_of(
        self,
        variant: Variant,
        rows: Predicate,
        each: Every,
        but_some: Every | None,
        *,
        exists: bool,
        dressed: bool,
    ) -> Predicate:
        """Of these rows, whose only owner this is, those of which it is so."""
        parts = [
            rows,
            self._hold(variant)[0],
            self._answers(each, variant, exists=exists)[0],
        ]
        if but_some is not None:
            parts.append(self._answers(but_some, variant, exists=exists)[1])
        if dressed:
            about = ("dressed", id(variant), exists)
            lives = partial(self._lives, variant, exists=exists)
            parts.append(self._once(about, lambda: self._dressed(lives)))
        return all_of(parts)

    def _lives(self, variant: Variant, every: Every, *, exists: bool) -> Predicate:
        """It is not so of every claim about this kind of owner."""
        return self._answers(every, variant, exists=exists)[1]

    # -- rows of several owners ---------------------------------------------------------------------------

    def _shared_rows(self, label: str, each: Every, but_some: Every | None, *, dressed: bool) -> Predicate:
        unheld = self._of_every(label, lambda v, _: self._hold(v), fates=(True, False))
        of_somebody = [
            Named(self.schedule.keeping(label)),
            unheld,
            self._of_every(label, lambda v, exists: self._answers(each, v, exists=exists), fates=self._fates),
        ]
        if but_some is not None:
            of_somebody.append(self._of_some(label, but_some))
        if dressed:
            lives = partial(self._of_some, label)
            of_somebody.append(self._once(("dressed", label), lambda: self._dressed(lives)))
        of_nobody: Predicate = NEVER
        if False in self._fates:
            of_nobody = self._rows_of(
                self._first(label),
                all_of([self._nobody(label), unheld]),
                each,
                but_some,
                exists=False,
                dressed=dressed,
            )
        return all_of([self._of_class(label), any_of([all_of(of_somebody), of_nobody])])

    def _hold(self, variant: Variant) -> Answer:
        """No legal hold names the row about this kind of owner; or one does."""
        about = self.schedule.table, variant.owner
        return self._once((Held, id(variant)), lambda: (Unheld(*about), Held(*about)))

    def _of_some(self, label: str, every: Every) -> Predicate:
        """It is not so of every claim about some owner."""
        return self._of_an_owner(
            label, lambda v, exists: self._answers(every, v, exists=exists)[1], fates=self._fates
        )

    def _of_an_owner(
        self, label: str, what: Callable[[Variant, bool], Predicate], *, fates: tuple[bool, ...]
    ) -> Predicate:
        """It is so of an owner."""
        variants = self.schedule.by_class
        return any_of(
            self._along(
                path, all_of([self._named(path, exists=e, group=group), what(variants[label, path], e)])
            )
            for group in self.schedule.groups
            for path in group
            for e in fates
        )

    def _of_every(
        self, label: str, what: Callable[[Variant, bool], Answer], *, fates: tuple[bool, ...]
    ) -> Predicate:
        """It is so of every owner that the row names; of none where one does not exist and may not be missing."""
        return all_of(self._of_group(label, group, what, fates) for group in self.schedule.groups)

    def _of_group(
        self,
        label: str,
        group: tuple[OwnerPath, ...],
        what: Callable[[Variant, bool], Answer],
        fates: tuple[bool, ...],
    ) -> Predicate:
        variants = self.schedule.by_class
        parts, otherwise = list[Predicate](), list[Predicate]()
        for fan in dict.fromkeys(path.fan for path in group if path.fan):
            ways = [path for path in group if path.fan == fan]
            against = [
                all_of(
                    [
                        self._named(path, exists=e, group=group),
                        what(variants[label, path], e)[1] if e in fates else ALWAYS,
                    ]
                )
                for path in ways
                for e in (True, False)
            ]
            parts.append(WithNone(fan, any_of(against)))
            led = any_of(self._named(path, exists=e, group=group) for path in ways for e in (True, False))
            otherwise.append(WithSome(fan, led))
        direct = [path for path in group if not path.fan]
        if direct:
            so = [
                all_of([self._named(path, exists=e, group=group), what(variants[label, path], e)[0]])
                for path in direct
                for e in fates
            ]
            empty = [] if any(path.sure for path in group) else [Unnamed(group)]
            parts.append(any_of([*so, *otherwise, *empty]))
        return all_of(parts)

    # -- what they are due for ----------------------------------------------------------------------------

    @cached_property
    def archived(self) -> Predicate:
        """Due to be archived: no processing lives, a started record does, and none waits."""
        return self._rows((*USED, *STARTED), but_some=KEPT)

    @cached_property
    def destroyed(self) -> Predicate:
        """Due to be destroyed: nothing lives."""
        return self._rows((*USED, *KEPT))

    def uncovered(self, cell: Cell) -> Predicate:
        """The row stays, but nothing covers this cell any more."""
        return self._rows(self._covering(cell), but_some=(*USED, *STARTED))

    def _covering(self, cell: Cell) -> Every:
        """Every claim on the cell has ended; the same for cells under the same claims."""
        name = cell.name
        alike = (frozenset(id(c) for v in self.schedule.variants for c in v.claims if name in c.cells),)
        return self._once(alike, lambda: (("ended", lambda v: [c for c in v.claims if name in c.cells]),))

    def bare(self, cell: Cell) -> Predicate:
        """The cell holds something that its mask would change."""
        return self._once((Unmasked, id(cell)), lambda: Unmasked(self.schedule.table, cell))

    def masked(self, cell: Cell) -> Predicate:
        """It does not."""
        return self._once((Masked, id(cell)), lambda: Masked(self.schedule.table, cell))

    def _dressed(self, lives: Callable[[Every], Predicate]) -> Predicate:
        """Every cell is covered or masked."""
        return all_of(
            any_of([lives(self._covering(cell)), self.masked(cell)])
            for cell in self.schedule.cells
            if cell.mask is not None
        )

    @cached_property
    def unfinished(self) -> Predicate:
        """A stub would still be changed by masking."""
        return any_of(
            all_of([self.bare(cell), self.not_needed(cell)])
            for cell in self.schedule.cells
            if cell.mask is not None
        )

    @cached_property
    def finished(self) -> Predicate:
        """Masking changes nothing: the stub only waits."""
        return all_of(
            any_of([self.masked(cell), *self._needed(cell)])
            for cell in self.schedule.cells
            if cell.mask is not None
        )

    def _uses(self, cell: Cell) -> tuple[IdentityUse, ...]:
        return tuple(use for use in self.schedule.identity_uses if cell.name in use.cells)

    def not_needed(self, cell: Cell) -> Predicate:
        """No record may yet take the cell along."""
        uses = self._uses(cell)
        return NotNeeded(uses) if uses else ALWAYS

    def _needed(self, cell: Cell) -> list[Predicate]:
        uses = self._uses(cell)
        return [Needed(uses)] if uses else []

    # -- states of the census -----------------------------------------------------------------------------

    @cached_property
    def free(self) -> Predicate:
        """Nothing points to the row, and nothing is owned through it."""
        dependents, carried = self.schedule.dependents, self._carried
        return all_of(
            [
                NotPointed(dependents) if dependents else ALWAYS,
                CarriesNone(carried) if carried else ALWAYS,
            ]
        )

    @cached_property
    def pointed(self) -> Predicate:
        """Some row points to the row, or is owned through it by somebody who is not done with it."""
        dependents, carried = self.schedule.dependents, self._carried
        return any_of([Pointed(dependents) if dependents else NEVER, Carries(carried) if carried else NEVER])

    @cached_property
    def _carried(self) -> tuple[Carried, ...]:
        """Rows that are owned through a row of this table, while they are used by that owner or held for them."""
        return tuple(
            Carried(carry.table, carry.hops, self._of(carry.table)._kept_through(carry.hops))
            for carry in self.schedule.carries
        )

    def _kept_through(self, fan: tuple[Hop, ...]) -> Predicate:
        """For the owner to whom that one row leads: a processing lives, or a hold names the row."""
        return any_of(
            all_of(
                [
                    self._of_class(v.row_class),
                    self._named(v.owner, exists=exists),
                    any_of([self._hold(v)[1], self._answers(USED, v, exists=exists)[1]]),
                ]
            )
            for v in self.schedule.variants
            if v.owner.fan == fan
            for exists in (True, False)
        )

    # -- references that are emptied ----------------------------------------------------------------------

    def loose(self, link: Link) -> Predicate:
        """The reference names a row that must go, or is there no longer."""
        hops, going = (link.hop,), self._of(link.hop.table).going
        return all_of([*map(self.bare, link.cells), any_of([There(hops, going), LeadsNowhere(hops)])])

    def _fast(self, link: Link) -> Predicate:
        """The opposite."""
        hops, going = (link.hop,), self._of(link.hop.table).going
        return any_of([*map(self.masked, link.cells), all_of([Leads(hops), NotThere(hops, going)])])

    def unlinked(self, link: Link) -> Predicate:
        """Rows that are to lose this reference."""
        return all_of([self._rows(), self.loose(link)])

    @cached_property
    def linked(self) -> Predicate:
        """No reference of the row is to be emptied."""
        return all_of(self._fast(link) for link in self.schedule.links)

    @cached_property
    def going(self) -> Predicate:
        """Due to be archived or destroyed."""
        return any_of([self.archived, self.destroyed])

    @cached_property
    def masking(self) -> Predicate:
        """Some cell is bare."""
        return any_of(
            all_of([self.uncovered(cell), self.bare(cell)])
            for cell in self.schedule.cells
            if cell.mask is not None
        )

    @cached_property
    def due(self) -> Predicate:
        """A sweep would change the row."""
        leaving = all_of([self.going, any_of([self.free, self.unfinished])])
        return any_of([leaving, self.masking, *map(self.unlinked, self.schedule.links)])

    @cached_property
    def stubs(self) -> Predicate:
        """Gone but for what other rows still point to."""
        return all_of([self.going, self.pointed, self.finished, self.linked])

    @cached_property
    def held(self) -> Predicate:
        """A legal hold names the row."""
        variants = self.schedule.variants
        if not self.schedule.shared:
            return any_of(all_of([self.anyone(v), self._hold(v)[1]]) for v in variants)
        found = []
        for label, _ in self.schedule.classes:
            by_owner = self._of_an_owner(label, lambda v, _: self._hold(v)[1], fates=(True, False))
            by_table = all_of([self._nobody(label), self._hold(self._first(label))[1]])
            found.append(all_of([self._of_class(label), any_of([by_owner, by_table])]))
        return any_of(found)

    @cached_property
    def orphan(self) -> Predicate:
        """An owner does not exist and the map does not say what then."""
        variants = self.schedule.variants
        if self.schedule.orphans != "refuse":
            return NEVER
        if not self.schedule.shared:
            return any_of(all_of([self.in_variant(v, exists=False), self._hold(v)[0]]) for v in variants)
        found = []
        for label, _ in self.schedule.classes:
            unheld = self._of_every(label, lambda v, _: self._hold(v), fates=(True, False))
            missing = self._of_an_owner(label, lambda *_: ALWAYS, fates=(False,))
            nobody = all_of([self._nobody(label), self._hold(self._first(label))[0]])
            found.append(all_of([self._of_class(label), unheld, any_of([missing, nobody])]))
        return any_of(found)

    @cached_property
    def waiting(self) -> Predicate:
        """The row stays until something happens that has not happened yet."""
        by_use = self._rows(but_some=IN_USE, dressed=True)
        by_law = self._rows(USED, but_some=STARTED, dressed=True)
        return all_of([any_of([by_use, by_law]), self.linked])

    @cached_property
    def retained(self) -> Predicate:
        """The row stays until a date that is known, or as a finished stub."""
        stays = self._rows(IN_USE, but_some=USED, dressed=True)
        return any_of([all_of([stays, self.linked]), self.stubs, self._about_nobody])

    @property
    def _about_nobody(self) -> Predicate:
        """The row is said to be about nobody."""
        paths = [path for path in self.schedule.owners if path.subject == NOBODY]
        return any_of(self._named(path, exists=True) for path in paths)
