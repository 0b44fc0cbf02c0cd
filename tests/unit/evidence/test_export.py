"""The exported file, before somebody who knows the format well and has everything but the private key.

Lines of ``small_log``, from 0: the head, a block of entries 0-3, a block of entry 4, a block of entries 5-9.
"""

import json
from dataclasses import replace

import pytest
from tests.unit.evidence.log import SIGNER, Log, person, small_log

from jikim.canonical import canonical
from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.errors import NoteError, TamperedError
from jikim.evidence.export import export, verify
from jikim.evidence.merkle import EMPTY_ROOT, leaf_hash
from jikim.evidence.note import Signer
from jikim.evidence.seal import MOST_ENTRIES

VKEY = SIGNER.verifier.vkey


def refusal(lines: list[bytes], **options: object) -> TamperedError:
    with pytest.raises(TamperedError) as caught:
        verify(lines, vkey=VKEY, **options)  # type: ignore[arg-type]
    return caught.value


def forged(block_line: bytes, *, place: int, entry: bytes) -> bytes:
    """A block's first line whose leaf hash at ``place`` was made to fit another entry."""
    record = json.loads(block_line)
    leaves = record["leaves"]
    record["leaves"] = leaves[: place * 64] + leaf_hash(entry).hex() + leaves[place * 64 + 64 :]
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def test_an_export_verifies_and_gives_its_head() -> None:
    log = small_log()
    head = Checkpoint(SIGNER.name, 10, log.frontier.root())
    assert verify(log.lines(), vkey=VKEY) == head
    assert verify(log.lines(), vkey=VKEY, strict=True) == head


def test_every_line_is_json_and_every_entry_is_there_in_its_exact_bytes() -> None:
    log = small_log()
    lines = log.lines()
    assert [sorted(json.loads(lines[at])) for at in (0, 1, 6, 8)] == [
        ["format", "head"],
        *[["checkpoint", "leaves"]] * 3,
    ]
    for at in (0, 1, 6, 8):
        assert canonical(json.loads(lines[at])) + b"\n" == lines[at]
    kept = [line.removesuffix(b"\n") for at, line in enumerate(lines) if at not in (0, 1, 6, 8)]
    assert kept == log.entries


def test_an_empty_log_is_a_file_of_one_line() -> None:
    head = Checkpoint(SIGNER.name, 0, EMPTY_ROOT)
    lines = list(export([], head=head.sign(SIGNER)))
    assert verify(lines, vkey=VKEY) == head
    error = refusal([*lines, person(0).encode() + b"\n"])
    assert (error.line, error.seq) == (2, 0)


def test_another_key_of_the_same_name_opens_nothing() -> None:
    stranger = Signer(SIGNER.name, bytes(32)).verifier.vkey
    with pytest.raises(TamperedError, match=r"line 1, entry `0`: .*carries no signature by"):
        verify(small_log().lines(), vkey=stranger)


def test_a_verifier_key_that_is_none_is_not_taken_for_tampering() -> None:
    with pytest.raises(NoteError):
        verify(small_log().lines(), vkey="not a key")


def test_an_empty_file_is_no_export() -> None:
    error = refusal([])
    assert (error.line, error.seq) == (1, 0)


def test_a_damaged_entry_in_the_ledger_is_named_because_its_stored_hash_is_exported() -> None:
    log = small_log()
    entries = [*log.blocks[2].entries]
    entries[2] = person(99).encode()
    log.blocks[2] = replace(log.blocks[2], entries=entries)
    error = refusal(log.lines())
    assert (error.line, error.seq) == (12, 7)
    assert "the bytes are not those that were signed" in str(error)


def test_fixing_up_the_leaf_hash_too_leaves_the_block_with_nothing_that_vouches_for_it() -> None:
    lines = small_log().lines()
    lines[11] = person(99).encode() + b"\n"
    lines[8] = forged(lines[8], place=2, entry=person(99).encode())
    error = refusal(lines)
    assert (error.line, error.seq) == (9, 5), "the forged line, and the first entry it would vouch for"
    assert "nothing vouches for the entries `5` to `9`" in str(error)


def test_an_entry_in_anothers_place_is_called_by_its_number() -> None:
    lines = small_log().lines()
    del lines[10]
    error = refusal(lines)
    assert (error.line, error.seq) == (11, 6)
    assert "entry `7` stands here" in str(error)


def test_a_block_that_is_missing_is_noticed_at_its_first_entry() -> None:
    lines = small_log().lines()
    error = refusal(lines[:6] + lines[8:])
    assert (error.line, error.seq) == (7, 4)


def test_a_block_that_is_repeated_is_noticed_where_it_is_repeated() -> None:
    lines = small_log().lines()
    error = refusal(lines[:8] + lines[6:])
    assert (error.line, error.seq) == (9, 5)
    assert "can not follow here" in str(error)


def test_a_file_cut_between_two_blocks_is_too_short_for_its_head() -> None:
    error = refusal(small_log().lines()[:8])
    assert (error.line, error.seq) == (9, 5)
    assert "promises `10` entries" in str(error)


def test_a_file_cut_inside_a_block_misses_the_next_entry() -> None:
    error = refusal(small_log().lines()[:-1])
    assert (error.line, error.seq) == (14, 9)
    assert "missing" in str(error)
    error = refusal(small_log().lines()[:9])
    assert (error.line, error.seq) == (10, 5)


def test_the_newline_of_the_last_line_counts() -> None:
    lines = small_log().lines()
    for ending in (b"", b"x"):
        error = refusal([*lines[:-1], lines[-1][:-1] + ending])
        assert (error.line, error.seq) == (14, 9)


def test_the_same_record_in_other_bytes_is_refused() -> None:
    lines = small_log().lines()
    spaced_out = lines[8].replace(b'","leaves"', b'", "leaves"')
    upper = lines[8].replace(lines[8][-67:-3], lines[8][-67:-3].upper())
    assert lines[8] not in (spaced_out, upper)
    for line in (spaced_out, upper):
        error = refusal([*lines[:8], line, *lines[9:]])
        assert (error.line, error.seq) == (9, 5)
        assert "not in the bytes" in str(error)
    assert refusal([lines[0].replace(b'","head"', b'", "head"'), *lines[1:]]).line == 1


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"7\n",
        b"[" * 100_000,
        b'{"checkpoint":7}\n',
        b'{"checkpoint":"\\ud800\\n"}\n',
    ],
)
def test_a_line_that_is_no_block_is_refused_where_a_block_begins(line: bytes) -> None:
    lines = small_log().lines()
    error = refusal([*lines[:6], line, *lines[7:]])
    assert (error.line, error.seq) == (7, 4)


@pytest.mark.parametrize("leaves", [None, 7, "not hex", "ab"])
def test_leaves_that_are_no_hashes_are_refused(leaves: object) -> None:
    lines = small_log().lines()
    record = json.loads(lines[6]) | {"leaves": leaves}
    error = refusal([*lines[:6], json.dumps(record).encode() + b"\n", *lines[7:]])
    assert (error.line, error.seq) == (7, 4)


def test_an_older_genuine_head_gives_the_log_as_it_was_unless_a_later_checkpoint_is_known() -> None:
    log = small_log()
    known = Checkpoint.open(log.blocks[2].note, verifier=SIGNER.verifier)
    older = list(export(log.blocks[:2], head=log.blocks[1].note))
    assert verify(older, vkey=VKEY).size == 5
    error = refusal(older, known=known)
    assert (error.line, error.seq) == (1, 5)
    assert "once held `10` entries" in str(error)


def test_a_log_continues_every_checkpoint_it_ever_signed() -> None:
    log = small_log()
    for block in log.blocks:
        known = Checkpoint.open(block.note, verifier=SIGNER.verifier)
        assert verify(log.lines(), vkey=VKEY, known=known).size == 10
    coarse = Log()
    coarse.append(log.entries)
    between = Checkpoint.open(log.blocks[0].note, verifier=SIGNER.verifier)
    assert verify(coarse.lines(), vkey=VKEY, known=between).size == 10


@pytest.mark.parametrize("block", [0, 1, 2])
def test_a_past_that_the_key_itself_signed_anew_is_caught_by_a_known_checkpoint(block: int) -> None:
    known = Checkpoint.open(small_log().blocks[block].note, verifier=SIGNER.verifier)
    rewritten = Log()
    rewritten.append([person(seq if seq != 2 else 99).encode() for seq in range(10)])
    assert verify(rewritten.lines(), vkey=VKEY).size == 10
    error = refusal(rewritten.lines(), known=known)
    assert (error.line, error.seq) == (1, 0)
    assert "another past" in str(error)


def test_a_block_that_goes_beyond_the_head_is_refused() -> None:
    coarse = Log()
    coarse.append(small_log().entries)
    error = refusal(list(export(coarse.blocks, head=small_log().blocks[1].note)))
    assert (error.line, error.seq) == (2, 0)


def test_a_known_checkpoint_of_another_log_is_a_mistake_and_not_tampering() -> None:
    with pytest.raises(NoteError, match=r"of the log `other.example`"):
        verify(small_log().lines(), vkey=VKEY, known=Checkpoint("other.example", 1, EMPTY_ROOT))


def test_a_head_that_signs_another_root_than_the_last_block_is_refused() -> None:
    lines = small_log().lines()
    other = Checkpoint(SIGNER.name, 10, EMPTY_ROOT).sign(SIGNER)
    error = refusal([next(export([], head=other)), *lines[1:]])
    assert (error.line, error.seq) == (1, 0)


def test_a_block_larger_than_a_verifier_holds_is_refused() -> None:
    count = MOST_ENTRIES + 1
    note = Checkpoint(SIGNER.name, count, EMPTY_ROOT).sign(SIGNER)
    line = b'{"checkpoint":%b,"leaves":""}\n' % json.dumps(note, ensure_ascii=False).encode()
    error = refusal([next(export([], head=note)), line])
    assert (error.line, error.seq) == (2, 0)
    assert f"`{count}` entries can not follow here" in str(error)


@pytest.mark.parametrize(
    "entry",
    [person(7).encode().replace(b'"seq":7', b'"seq": 7'), person(8).encode(), b"not JSON", b"{}"],
    ids=["another spelling", "another number", "no JSON", "no entry"],
)
def test_only_strict_reads_what_the_signed_bytes_say(entry: bytes) -> None:
    log = Log()
    log.append([person(seq).encode() for seq in range(7)])
    log.append([entry])
    assert verify(log.lines(), vkey=VKEY).size == 8
    error = refusal(log.lines(), strict=True)
    assert (error.line, error.seq) == (11, 7)
