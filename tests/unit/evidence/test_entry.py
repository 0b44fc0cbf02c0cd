"""Entries: one meaning, one spelling."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from jikim.canonical import canonical
from jikim.evidence.entry import (
    BODIES,
    ArchiveReadBody,
    Because,
    Body,
    ConfirmationBody,
    Deed,
    DisposalBody,
    Entry,
    FactBody,
    FileBody,
    FileSettledBody,
    HoldBody,
    LogBody,
    PersonBody,
    PersonRunBody,
    PolicyBody,
    RestrictionBody,
    RunBody,
    StageBody,
)
from jikim.evidence.errors import EntryError
from jikim.evidence.stage import Stage

AT = datetime(2026, 1, 17, 15, 0, 3, 250_000, tzinfo=UTC)
AS_OF = datetime(2026, 1, 18, tzinfo=timezone(timedelta(hours=9)))
DIGEST = "sha256:" + "5" * 64
BECAUSE = Because(clauses=("processing.membership",), articles=("개인정보 보호법 제21조",))

ONE_OF_EACH: list[Body] = [
    RunBody(run="r", state="started", policy=DIGEST, plan=DIGEST),
    DisposalBody(
        run="r",
        step="members",
        batch=0,
        store="main",
        table="members",
        action="stub",
        rows=3,
        because=BECAUSE,
        policy=DIGEST,
        plan=DIGEST,
        stage=Stage.UNREACHABLE,
    ),
    PersonRunBody(
        run="r",
        tag="0" * 32,
        store="main",
        policy=DIGEST,
        plan=DIGEST,
        stage=Stage.UNREACHABLE,
        deeds=(
            Deed(
                at="2026-01-17T15:00:00Z",
                step="members/mask",
                batch=0,
                table="members",
                action="mask",
                rows=1,
                because=BECAUSE,
            ),
        ),
    ),
    PersonBody(run="r", tag="0" * 32, store="main", table="members", action="mask", rows=1, because=BECAUSE),
    FileBody(run="r", store="main", table="motions", files=12, because=BECAUSE),
    FileSettledBody(store="app", files="photos", because="gone", unkept=0),
    HoldBody(hold="2026-가합-1", state="placed"),
    RestrictionBody(restriction="2026-4", state="placed"),
    FactBody(fact="consent withdrawn of newsletter", state="not-happened"),
    ArchiveReadBody(store="archive", purpose="refund", case="c-1", actor="keeper", rows=2, tag="f" * 32),
    ConfirmationBody(run="r", role="privacy-officer"),
    StageBody(run="r", store="app", table="orders", stage=Stage.REWRITTEN, batches=3),
    PolicyBody(
        service="tea",
        version="1.1",
        policy=DIGEST,
        announced="2026-01-02",
        effective="2026-01-12",
        reading="strict",
        judged=DIGEST,
        pages={"1.1/ko.html": DIGEST},
    ),
    LogBody(state="begun", lost=("persons in its evidence are not recognised",)),
]


def entry(body: Body, **changes: Any) -> Entry:
    return Entry(**({"seq": 7, "at": AT, "as_of": AS_OF, "body": body} | changes))


HOLD = entry(HoldBody(hold="h", state="released"))


@pytest.mark.parametrize("body", ONE_OF_EACH, ids=lambda body: body.kind)
def test_an_entry_of_every_kind_reads_back_equal(body: Body) -> None:
    assert Entry.decode(entry(body).encode()) == entry(body)


def test_every_kind_is_tried_above() -> None:
    assert {body.kind for body in ONE_OF_EACH} == set(BODIES)


def test_the_bytes_of_an_entry_are_these() -> None:
    assert HOLD.encode() == (
        b'{"as_of":"2026-01-17T15:00:00Z","at":"2026-01-17T15:00:03.250000Z",'
        b'"body":{"hold":"h","state":"released"},"kind":"hold","seq":7,"v":1}'
    )


def test_a_body_may_say_more_than_its_kind_demands() -> None:
    body = HoldBody.model_validate({"hold": "h", "state": "placed", "tables": ["orders", {"rows": 3}]})
    again = Entry.decode(entry(body).encode())
    assert json.loads(again.encode())["body"]["tables"] == ["orders", {"rows": 3}]
    assert again == entry(body)


@pytest.mark.parametrize("body", ONE_OF_EACH, ids=lambda body: body.kind)
def test_every_key_that_a_kind_demands_must_be_there(body: Body) -> None:
    for key in type(body).model_fields:
        value = json.loads(entry(body).encode())
        del value["body"][key]
        with pytest.raises(EntryError, match=rf"`{body.kind}` entry is wrong at `{key}"):
            Entry.decode(json.dumps(value).encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"seq":7', b'"seq": 7'),
        (b'"seq":7', b'"seq":7.0'),
        (b'"seq":7', b'"seq":true'),
        (b'"seq":7', b'"seq":-7'),
        (b'"seq":7', b'"seq":7,"seq":7'),
        (b'"seq":7', b'"seq":7,"u":1'),
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":1.0'),
        (b'"kind":"hold"', b'"kind":"party"'),
        (b'"kind":"hold"', b'"kind":["hold"]'),
        (b'"kind":"hold"', b'"kind":"run"'),
        (b'"released"', b'"lifted"'),
        (b'"released"', b'"\\u0072eleased"'),
        (b'"hold":"h"', b'"hold":""'),
        (b'"hold":"h"', b'"hold":"\\ud800"'),
        (b'"hold":"h"', b'"hold":"h","more":NaN'),
        (b'"hold":"h"', b'"hold":"h","more":9007199254740993'),
        (b'"hold":"h"', b'"hold":"h","m\\ud800":1'),
        (b"15:00:00Z", b"15:00:00+00:00"),
        (b"15:00:00Z", b"15:00:00.000000Z"),
        (b"15:00:00Z", b"15:00:00"),
        (b"2026-01-17T15:00:00Z", b"0001-01-01T00:00:00+23:00"),
        (b'"2026-01-17T15:00:00Z"', b"1768662000"),
        (b"15:00:03.250000Z", b"15:00:03.25Z"),
        (b"{", b"["),
        (b'{"as_of"', b'\xff{"as_of"'),
    ],
)
def test_any_other_spelling_or_shape_is_refused(old: bytes, new: bytes) -> None:
    raw = HOLD.encode()
    assert old in raw
    with pytest.raises(EntryError):
        Entry.decode(raw.replace(old, new, 1))


@pytest.mark.parametrize("raw", [b"", b"7", b"[]", b"[" * 100_000, b'{"v":1}'])
def test_what_is_not_an_entry_at_all_is_refused(raw: bytes) -> None:
    with pytest.raises(EntryError):
        Entry.decode(raw)


def test_a_refusal_names_the_key_and_never_quotes_the_value() -> None:
    raw = entry(ONE_OF_EACH[2]).encode().replace(b'"rows":1', b'"rows":"gildong@example.com"')
    with pytest.raises(EntryError, match="rows`") as caught:
        Entry.decode(raw)
    assert "gildong" not in str(caught.value)
    with pytest.raises(ValidationError) as raised:
        HoldBody(hold="h", state="gildong")  # type: ignore[arg-type]
    assert "gildong" not in str(raised.value)
    telephone = HoldBody.model_validate({"hold": "h", "state": "placed", "more": 9_007_199_254_740_993})
    with pytest.raises(EntryError, match="canonical") as unspeakable:
        entry(telephone).encode()
    assert "9007" not in str(unspeakable.value)


def test_a_reason_names_a_clause_or_an_article() -> None:
    with pytest.raises(ValidationError, match="a clause or an article must be named"):
        Because()


def test_an_instant_without_a_zone_and_a_place_before_the_first_are_refused() -> None:
    with pytest.raises(EntryError, match="names its zone"):
        entry(HOLD.body, at=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(EntryError, match="the first entry is `0`"):
        entry(HOLD.body, seq=-1)


@pytest.mark.parametrize("name", ["at", "kept_until"])
@pytest.mark.parametrize(
    "said", ["gildong", "2026-01-17", "2026-01-17T15:00:00+09:00", "2026-01-17T15:00:00+00:00"]
)
def test_a_deed_was_done_and_is_kept_until_instants_as_evidence_spells_them(name: str, said: str) -> None:
    told = next(body for body in ONE_OF_EACH if isinstance(body, PersonRunBody))
    deed = {**told.deeds[0].model_dump(mode="json"), name: said}
    raw = canonical(
        {**json.loads(entry(told).encode()), "body": {**told.model_dump(mode="json"), "deeds": [deed]}}
    )
    with pytest.raises(EntryError, match="no instant in utc") as caught:
        Entry.decode(raw)
    assert "gildong" not in str(caught.value)
