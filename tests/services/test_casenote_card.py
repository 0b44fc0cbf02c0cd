"""CaseNote: what somebody paid with is nowhere, however one looks."""

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
from examples.casenote import service
from examples.casenote.world import CASENOTE
from examples.made_up.scan import Finds, merged, scan_bytes, scan_database, scan_files
from tests.acceptance.traces import evidence
from tests.services.conftest import Opened
from tests.services.reader import BOUGHT, ENDED, JOINED, Reader, app
from tests.services.rules import DROPPED, Case, changed
from tests.services.scene import Scene

from jikim.datamap.check import check

PASSED_ON = ("card", "card-expiry", "birth-date", "business-number", "pin-digits")
PERSON = service.Card("9999-0000-1111-2222", "12/78", "870229", "４７")
COMPANY = service.Card("9999-0000-1111-2222", "12/78", "000-00-12345", "４７")
"""No such card, month, day or company; the PIN in wide digits, as a Korean keyboard may write them, since two digits
as such stand in every date."""
ESCAPED = json.dumps(PERSON.pin_digits)[1:-1]
SECRETS = re.compile(
    r"9999\D?0000\D?1111\D?2222|(?<![0-9A-Za-z])12\D?78(?![0-9A-Za-z])|(?<!\d)87-?02-?29(?!\d)|000-?00-?12345"
    f"|{PERSON.pin_digits}|{re.escape(ESCAPED)}".encode()
)
ALL = "9999 0000 1111 2222, 12/78, 870229, 000-00-12345, ４７"


@pytest.fixture
def casenote(opened: Opened) -> Iterator[Scene]:
    with opened(CASENOTE) as scene:
        yield scene


def found(scene: Scene, papers: Mapping[str, str | bytes]) -> Finds:
    """The places of what was paid with: every column of every table of every schema, files, and these papers."""
    texts = {name: text.encode() if isinstance(text, str) else text for name, text in papers.items()}
    with psycopg.connect(scene.kept.url, autocommit=True) as connection:
        return merged(
            scan_database(connection, pattern=SECRETS),
            *(scan_files(root, pattern=SECRETS) for root in scene.folders.values()),
            scan_bytes(texts, pattern=SECRETS),
        )


def pay_three_times(scene: Scene, member: Reader, look: Callable[[], object]) -> None:
    """As a person, as a company, and with a card that is declined; ``look`` after each."""
    with app(scene) as connection:
        for card, firm in (
            (PERSON, service.SimulatedFirm()),
            (COMPANY, service.SimulatedFirm()),
            (PERSON, service.SimulatedFirm(declines=PERSON.expiry)),
        ):
            order = member.orders()
            try:
                service.pay(connection, order_id=order, card=card, firm=firm, at=BOUGHT)
            except service.DeclinedError:
                logging.getLogger("office").exception("order %d was declined", order)
            logging.getLogger("office").info("paid with %r", card)
            look()


def test_what_somebody_paid_with_is_nowhere(
    casenote: Scene, empty_database_18: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """3-11: after each payment, and once all is swept, no table, file, line of the log, plan, receipt or evidence has
    the number, expiry, birth date, business number or PIN digits; planted, all five are found in each."""
    caplog.set_level(logging.DEBUG)
    member = Reader.joins(casenote)
    seen: list[Finds] = []
    pay_three_times(casenote, member, lambda: seen.append(found(casenote, {"log": caplog.text})))
    assert seen == [{}, {}, {}]
    assert casenote.count("payments") == 2
    for payment in casenote.rows("payments"):
        casenote.change("payments", payment["id"], settled_at=BOUGHT)
    member.withdraws()
    plan = json.dumps(casenote.kept.plan(ENDED).plan.to_json())
    casenote.sweep(ENDED)
    paper = evidence(casenote.kept.store, empty_database_18, tmp_path, now=ENDED)
    assert len(casenote.copies("payments", "payments")) == 2
    assert b"payments" in paper
    assert found(casenote, {"plan": plan, "evidence": paper, "log": caplog.text}) == {}

    def plant(statement: str) -> None:
        casenote.kept.execute(statement, ALL)

    usage = f"insert into usage_log (page, at) values (%s, '{JOINED.replace(year=2019)}')"
    plant(usage)
    plant(
        "insert into withdrawals (email, channel, received_at, registered_at) values (%s, 'post', now(), now())"
    )
    plant("update kept_by_law.payments__payments set approval = %s")
    plant("update jikim.receipt set because = to_jsonb(%s::text) where step = 'payments/archive'")
    (casenote.folders["logs"] / "access-2025-01-01.log").write_text(ALL)
    (casenote.folders["archive"] / "left.log").write_text(ALL)
    logging.getLogger("careless").info("charged %s", ALL)
    papers = {"plan": plan + json.dumps(ALL), "evidence": paper + ALL.encode(), "log": caplog.text}
    places = found(casenote, papers)
    everywhere = {
        *(
            "public.usage_log_else.page",
            "public.withdrawals.email",
            "kept_by_law.payments__payments.approval",
        ),
        *("jikim.receipt.because", "access-2025-01-01.log", "left.log", "plan", "evidence", "log"),
    }
    places[PERSON.pin_digits] |= places.pop(ESCAPED)
    assert places == dict.fromkeys(ALL.split(", "), everywhere)


def test_no_column_may_hold_what_somebody_pays_with(casenote: Scene) -> None:
    """3-11: a map that gives any of the five a column is refused, since the promise says that none is stored."""
    policy = casenote.kept.promise.resolved.policy
    for item in PASSED_ON:
        mapped = changed(CASENOTE, (("map/tables/payments/columns/approval", item),)).datamap
        told = {finding.code for finding in check(mapped, schema=casenote.schema, policy=policy)}
        assert "never-stored" in told, item


WITHOUT = {
    "PIN digits may be stored": Case(
        test_no_column_may_hold_what_somebody_pays_with, (("policy/items/pin-digits/stored", DROPPED),)
    ),
}
