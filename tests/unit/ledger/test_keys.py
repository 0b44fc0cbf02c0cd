"""The key file: made once, readable by its owner only, and the only thing that opens a wrapped key."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jikim.evidence.errors import NoteError
from jikim.ledger import keys
from jikim.ledger.errors import LedgerError
from jikim.ledger.keys import FILE, Keys

NONCE = bytes(12)


def test_keys_are_read_back_as_they_were_made(tmp_path: Path) -> None:
    made = keys.create(tmp_path, name="jikim.plask")
    assert keys.load(tmp_path) == made
    assert made.signer.name == "jikim.plask"
    assert len({made.signer.seed, made.wrapping, made.masking}) == 3


def test_nobody_but_the_owner_may_read_the_file_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keys.create(tmp_path, name="jikim.plask")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == [FILE]


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    keys.create(tmp_path, name="jikim.plask")
    (tmp_path / FILE).chmod(0o640)
    with pytest.raises(LedgerError, match="others than its owner"):
        keys.load(tmp_path)


def test_keys_are_never_made_over_others(tmp_path: Path) -> None:
    made = keys.create(tmp_path, name="jikim.plask")
    with pytest.raises(LedgerError, match="exists already"):
        keys.create(tmp_path, name="jikim.plask")
    assert keys.load(tmp_path) == made


def test_of_many_who_make_keys_at_once_one_does(tmp_path: Path) -> None:
    def make(_: int) -> Keys | None:
        try:
            return keys.create(tmp_path, name="jikim.plask")
        except LedgerError:
            return None

    with ThreadPoolExecutor(8) as pool:
        made = [each for each in pool.map(make, range(8)) if each]
    assert made == [keys.load(tmp_path)]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content | {"jikim_keys": 2},
        lambda content: content | {"signing": "AAAA"},
        lambda content: content | {"wrapping": "!"},
        lambda content: {k: v for k, v in content.items() if k != "masking"},
        lambda content: [content],
    ],
)
def test_a_damaged_file_is_refused_without_a_word_of_its_secrets(tmp_path: Path, damage: object) -> None:
    made = keys.create(tmp_path, name="jikim.plask")
    assert callable(damage)
    (tmp_path / FILE).write_text(json.dumps(damage(json.loads((tmp_path / FILE).read_text()))))
    with pytest.raises(LedgerError, match="not a key file") as caught:
        keys.load(tmp_path)
    assert made.signer.seed.hex() not in f"{caught.value} {caught.value.fix} {made!r}"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="is missing"):
        keys.load(tmp_path)


def test_a_log_is_named_as_a_note_can_name_it(tmp_path: Path) -> None:
    with pytest.raises(NoteError):
        keys.create(tmp_path, name="two words")
    assert os.listdir(tmp_path) == []


def test_a_wrapped_key_opens_under_its_own_name_and_key_file_only(tmp_path: Path) -> None:
    made, other = keys.create(tmp_path, name="a"), Keys(keys.load(tmp_path).signer, bytes(32), bytes(32))
    wrapped = made.wrap(b"k" * 32, id="one", nonce=NONCE)
    assert made.unwrap(wrapped, id="one") == b"k" * 32
    assert b"k" * 32 not in wrapped
    for opener, name, raw in (
        (other, "one", wrapped),
        (made, "two", wrapped),
        (made, "one", wrapped[:-1] + bytes([wrapped[-1] ^ 1])),
    ):
        with pytest.raises(LedgerError, match="does not open"):
            opener.unwrap(raw, id=name)
