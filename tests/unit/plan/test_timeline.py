"""The life of each item is what the policy and the law say of it."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from tests.servers import PROJECT

from jikim.law.holidays import korea
from jikim.law.resolve import resolve
from jikim.plan.schedule import (
    Because,
    Calendar,
    Cell,
    Claim,
    Hop,
    IdentityCell,
    OwnerPath,
    Ref,
    Schedules,
    TableSchedule,
    Variant,
)
from jikim.plan.timeline import timeline
from jikim.policy.life import ItemLife, Phase, Timeline
from jikim.policy.parse import parse
from jikim.policy.period import Period

POLICY = (PROJECT / "examples/plask/policy.yaml").read_bytes()
FIVE_DAYS = Period(5, "days")


def drawn(**changes: Any) -> Timeline:
    """Plask's timeline with some of the policy's keys replaced."""
    written = {**yaml.safe_load(POLICY), **changes}
    for key in ("announced", "effective"):
        written[key] = str(written[key])
    for edition in written["editions"]:
        edition["effective"] = str(edition["effective"])
    text = yaml.safe_dump(written, allow_unicode=True).encode()
    return timeline(resolve(parse(text, name="policy.yaml"), in_force_on=date(2026, 1, 12)))


@pytest.fixture(scope="module")
def plask() -> Timeline:
    return timeline(resolve(parse(POLICY, name="policy.yaml"), in_force_on=date(2026, 1, 12)))


def life(timeline: Timeline, item: str) -> ItemLife:
    return next(each for each in timeline.lives if item in [i.id for i in each.items])


def phases(timeline: Timeline, item: str, processing: str) -> dict[str, tuple[Phase, ...]]:
    use = next(use for use in life(timeline, item).uses if use.processing.id == processing)
    return {way.trigger: way.phases for way in use.ways}


def test_every_item_of_the_policy_has_exactly_one_life(plask: Timeline) -> None:
    told = [item.id for each in plask.lives for item in each.items]
    assert sorted(told) == sorted(plask.policy.items)


def test_items_with_the_same_life_are_told_together_and_others_are_not(plask: Timeline) -> None:
    together = [[item.id for item in each.items] for each in plask.lives]
    assert ["occupation", "nationality", "birth-date", "sex", "residence"] in together
    assert ["phone"] in together  # events ask for it too


def test_leaving_locks_before_it_destroys_and_the_lock_counts_inside_the_days(plask: Timeline) -> None:
    ways = phases(plask, "password", "membership")
    assert ways["membership ended"] == (
        Phase("in use", None),
        Phase("locked", FIVE_DAYS),
        Phase("destroyed", FIVE_DAYS),
    )


def test_an_end_without_a_grace_leads_straight_to_destruction(plask: Timeline) -> None:
    ways = phases(plask, "password", "membership")
    assert ways["service closed"] == (Phase("in use", None), Phase("destroyed", FIVE_DAYS))


def test_a_period_that_outlasts_the_grace_swallows_it(plask: Timeline) -> None:
    ways = phases(plask, "abuse-record", "abuse-prevention")
    assert ways["membership ended"] == (
        Phase("in use", None),
        Phase("in use", Period(1, "years")),
        Phase("destroyed", FIVE_DAYS),
    )


def test_what_counts_from_its_own_record_has_no_time_before_the_trigger(plask: Timeline) -> None:
    assert phases(plask, "usage", "statistics")["recorded"] == (
        Phase("in use", Period(3, "months")),
        Phase("destroyed", FIVE_DAYS),
    )


def test_a_grace_in_which_the_data_is_used_on_is_no_lock() -> None:
    destruction = yaml.safe_load(POLICY)["destruction"]
    destruction["grace"]["membership ended"]["use"] = "as before"
    ways = phases(drawn(destruction=destruction), "password", "membership")
    assert ways["membership ended"][1] == Phase("in use", FIVE_DAYS)


def test_a_processing_without_a_period_has_no_way_out() -> None:
    processing = yaml.safe_load(POLICY)["processing"]
    processing["interests"]["keep"] = "unstated"
    (use,) = life(drawn(processing=processing), "interests").uses
    assert use.ways == ()


def test_which_of_several_ends_counts_is_told_with_them() -> None:
    processing = yaml.safe_load(POLICY)["processing"]
    processing["interests"]["keep"] = {"until last of": ["consent withdrawn", "membership ended"]}
    (use,) = life(drawn(processing=processing), "interests").uses
    assert (use.combine, len(use.ways)) == ("last", 2)


def test_a_record_names_its_law_article_period_trigger_and_its_only_items(plask: Timeline) -> None:
    (kept,) = life(plask, "payment-record").kept
    assert kept.id == "payments"
    assert kept.article.of("ko") == "제6조, 시행령 제6조제1항제3호"
    assert kept.law.of("en") == "Act on the Consumer Protection in Electronic Commerce"
    assert kept.way.trigger == "payment settled"
    assert kept.way.phases == (Phase("apart", Period(5, "years")), Phase("destroyed", FIVE_DAYS))
    assert [item.id for item in kept.items] == ["name", "email", "payment-record"]


def test_one_item_may_lead_several_lives_at_once(plask: Timeline) -> None:
    email = life(plask, "email")
    assert [use.processing.id for use in email.uses] == ["membership", "support", "newsletter"]
    assert [kept.id for kept in email.kept] == ["contracts", "payments", "complaints"]


def test_an_item_that_is_never_stored_has_a_life_of_its_own(plask: Timeline) -> None:
    assert life(plask, "card").items[0].stored == "never"
    assert len(life(plask, "card").items) == 1


def test_without_schedules_no_place_is_named(plask: Timeline) -> None:
    assert not [use for each in plask.lives for use in (*each.uses, *each.kept) if use.places]


TO_MEMBER = Hop(("member_id",), "members", ("id",))


def table(name: str, owner: OwnerPath, claim: Claim, **items: str) -> TableSchedule:
    """A table with one claim on cells of these items."""
    cells = tuple(Cell(column, item, None) for column, item in items.items())
    records = (claim,) if claim.kind == "record" else ()
    variant = Variant("all", (), owner, () if records else (claim,), records)
    return TableSchedule(name, ("id",), cells, (("all", ()),), (owner,), (variant,))


def test_with_schedules_uses_and_records_name_the_cells_they_keep_and_take_along() -> None:
    membership = Claim("membership", "processing", frozenset({"email"}), "first", (), Because("-"))
    lent = (IdentityCell(Ref("email", (TO_MEMBER,)), "member_email"),)
    contracts = Claim("contracts", "record", frozenset({"summary"}), "first", (), Because("-"), lent)
    members = table(
        "members", OwnerPath("member", (), ("id",)), membership, email="email", left_at="visit-time"
    )
    orders = table(
        "orders", OwnerPath("member", (TO_MEMBER,), ("id",)), contracts, summary="order-history", ip="ip"
    )
    calendar = Calendar(ZoneInfo("Asia/Seoul"), korea(range(2020, 2030)), FIVE_DAYS)
    resolved = resolve(parse(POLICY, name="policy.yaml"), in_force_on=date(2026, 1, 12))
    placed = timeline(resolved, schedules=Schedules("app", (orders, members), calendar))

    def places(item: str) -> dict[str, tuple[str, ...]]:
        found = life(placed, item)
        named = {use.processing.id: use.places for use in found.uses} | {k.id: k.places for k in found.kept}
        return {claim: cells for claim, cells in named.items() if cells}

    assert places("email") == {"membership": ("members.email",), "contracts": ("members.email",)}
    assert places("order-history") == {"contracts": ("orders.summary",)}
    assert places("ip") == {}
