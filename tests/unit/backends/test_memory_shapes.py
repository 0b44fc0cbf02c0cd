"""What the memory model means by rows about nobody, texts that spell keys, and copies that a store keeps."""

from dataclasses import replace

from tests.unit.plan import small
from tests.unit.plan.small import Store, at

from jikim.datamap.model import NOBODY
from jikim.plan.schedule import Dependent, DerivedCopy, Facts, Hold, Hop, OwnerPath

TO_KIND = Hop(("of",), "people", ("id",), (("kind", "person"),), spelled=True)
OF_KIND = OwnerPath("person", (TO_KIND,), ("id",))
OF_NOBODY = OwnerPath(NOBODY, (), (), inline=True, when=(("kind", "thing"),))
LEFT = small.fact("left_at", TO_KIND)
WITH_PERSON = small.processing("with", ["text"], small.clock("membership ended", "", LEFT))


def service(**files: tuple[str | None, str | None]) -> Store:
    """A person who left and one who stays, and files by id, kind and key."""
    shown = small.table(
        "files", small.cells(text="null"), [small.variant(OF_KIND, WITH_PERSON)], orphans="destroy"
    )
    shown = replace(shown, owners=(OF_NOBODY, *shown.owners))
    people = small.people(dependents=(Dependent("files", TO_KIND),), identity_uses=())
    rows = [{"id": n, "kind": kind, "of": of, "text": "t"} for n, (kind, of) in files.items()]
    persons = [small.person(1, left_at=at("2026-03-01")), small.person(2)]
    return Store(shown, people, files=rows, people=persons)


def test_a_text_spells_a_key_and_no_other_does() -> None:
    """`02` is not 2, and a key of another kind is nobody's."""
    store = service(
        a=("person", "1"),
        b=("person", "2"),
        c=("person", "02"),
        d=("ghost", "2"),
        e=(None, "2"),
        f=("person", None),
    )
    assert [row["id"] for row in store.sweep("2026-04-01").rows("files")] == ["b"]
    assert [row["id"] for row in store.rows("people")] == [2]


def test_rows_about_nobody_stay_and_are_counted_as_staying() -> None:
    """Even under a hold on all, and though nobody else owns them."""
    store = service(a=("thing", "1"), b=("thing", None))
    store.world.facts = Facts(holds=(Hold("1", "case", table="files"),))
    assert store.census("2026-04-01", "files") == {"retained": 2}
    assert [row["id"] for row in store.sweep("2026-04-01").rows("files")] == ["a", "b"]


def test_a_row_of_the_right_kind_keeps_its_person_as_a_stub() -> None:
    """One of another kind that holds the same key does not."""
    keeping = small.processing("long", ["text"], small.clock("membership ended", "1 years", LEFT))
    for kind, left in (("person", [1, 2]), ("ghost", [2])):
        store = service(a=(kind, "1"))
        files = replace(store.schedules["files"], variants=(small.variant(OF_KIND, keeping),))
        store.schedules = replace(store.schedules, tables=(files, store.schedules["people"]))
        assert [row["id"] for row in store.sweep("2026-04-01").rows("people")] == left


def test_only_copies_of_what_changed_are_made_anew_and_copies_of_them_after() -> None:
    """Once, and not again by a sweep that changes nothing."""
    store = service(a=("person", "1"))
    copies = (
        DerivedCopy("seen", ("people",)),
        DerivedCopy("of seen", ("seen",)),
        DerivedCopy("other", ("lines",)),
    )
    store.schedules = replace(store.schedules, derived=copies)
    done = store.sweep("2026-04-01").sweep("2026-04-02").world.done
    assert {name: n for (name, deed), n in done.items() if deed == "refresh"} == {"seen": 1, "of seen": 1}


def test_a_hold_knows_a_guest_in_any_case_where_the_map_says_so() -> None:
    """And letter by letter where it does not."""
    for match, state in (("any-case", "held"), ("exact", "due")):
        guest = replace(small.BY_GUEST, match=match)
        done = small.processing("use", ["note"], small.clock("contract completed", "", small.fact("done_at")))
        orders = small.table("orders", small.cells(note="null"), [small.variant(guest, done)])
        store = Store(orders, orders=[small.order(1, guest="Kim@X.example", done_at=at("2026-01-01"))])
        store.world.facts = Facts(holds=(Hold("1", "case", "guest", ("kim@x.example",)),))
        assert store.census("2026-04-01", "orders") == {state: 1}
