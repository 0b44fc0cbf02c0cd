"""Plask: a card number that was paid with is nowhere, however one looks."""

import json
import logging
import re
from collections.abc import Callable

import pytest
from examples.made_up.scan import Finds
from examples.plask import service
from tests.acceptance.stage import CARD, GONE, JOINED, LEFT, Stage
from tests.acceptance.traces import evidence

NUMBER = re.compile(rb"9999\D?0000\D?1111\D?2222")


@pytest.mark.parametrize("plask", ["18", "lite"], indirect=True)
def test_a_card_number_is_nowhere_after_payment(
    plask: Stage,
    empty_database_18: str,
    tmp_path_factory: pytest.TempPathFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """4-04: no table, file, receipt, plan, line of the log or evidence has it; planted, it is found in each."""
    caplog.set_level(logging.DEBUG)
    member = plask.join()
    plask.upload(member, b"MOTION")
    order = plask.order(member)
    service.settle(plask.app, payment_id=plask.pay(order), at=LEFT)
    service.complete(plask.app, order_id=order, at=LEFT)
    plask.leave(member)
    plan = json.dumps(plask.kept.plan(GONE).plan.to_json())
    plask.sweep(GONE)
    paper = evidence(plask.kept.store, empty_database_18, tmp_path_factory.mktemp("evidence"), now=GONE)
    assert b"payments" in paper

    def found(plan: str = plan, paper: bytes = paper) -> Finds:
        papers = {"plan": plan.encode(), "evidence": paper, "log": caplog.text.encode()}
        return plask.found(papers, pattern=NUMBER)

    assert found() == {}
    leaks: dict[str, Callable[[], object]] = {
        "public.rejoin_keys.email_key": lambda: plask.office.execute(
            "insert into rejoin_keys values (%s, %s)", (f"x{CARD}", JOINED)
        ),
        "kept_by_law.payments__payments.approval": lambda: plask.office.execute(
            "update kept_by_law.payments__payments set approval = %s", (CARD,)
        ),
        "jikim.receipt.because": lambda: plask.office.execute(
            "update jikim.receipt set because = to_jsonb(%s::text) where step = 'payments/archive'", (CARD,)
        ),
        "left.motion": lambda: (plask.files / "left.motion").write_text(CARD.replace("-", " ")),
        "log": lambda: logging.getLogger("careless").info("charged %s", CARD),
    }
    for plant in leaks.values():
        plant()
    places = found(plan=plan + CARD, paper=paper + CARD.replace("-", "").encode())
    assert set.union(*places.values()) == {*leaks, "plan", "evidence"}
