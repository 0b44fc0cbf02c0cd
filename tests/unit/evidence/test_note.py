"""Signed notes: the C2SP form, byte for byte."""

import base64
from hashlib import sha256

import pytest

from jikim.evidence.errors import NoteError
from jikim.evidence.note import Signer, Verifier

# RFC 8032, section 7.1, test 1
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")

SIGNER = Signer("plask.example/evidence", SEED)
OTHER = Signer("witness.example", bytes(32))
TEXT = "plask.example/evidence\n\n두 번째 문단\n"


def test_the_verifier_key_is_spelled_as_the_specification_says() -> None:
    key_id = sha256(b"plask.example/evidence\n\x01" + PUBLIC).hexdigest()[:8]
    encoded = base64.b64encode(b"\x01" + PUBLIC).decode()
    assert SIGNER.verifier.vkey == f"plask.example/evidence+{key_id}+{encoded}"


def test_a_verifier_key_reads_back_with_the_newline_its_file_ends_in() -> None:
    assert Verifier.parse(SIGNER.verifier.vkey + "\n") == SIGNER.verifier


def test_a_note_is_the_text_an_empty_line_and_the_signature_line() -> None:
    note = SIGNER.sign(TEXT)
    text, signature = note[: len(TEXT)], note[len(TEXT) :]
    assert text == TEXT
    assert signature.startswith("\n— plask.example/evidence ")
    assert signature.endswith("\n")
    raw = base64.b64decode(signature.split(" ")[2])
    assert raw[:4] == SIGNER.verifier.key_id
    assert len(raw) == 4 + 64


def test_opening_gives_back_the_text_with_its_own_empty_lines() -> None:
    assert SIGNER.verifier.open(SIGNER.sign(TEXT)) == TEXT


def test_signatures_of_unknown_keys_are_ignored() -> None:
    cosigned = SIGNER.sign(TEXT) + OTHER.sign(TEXT).rpartition("\n\n")[2]
    assert SIGNER.verifier.open(cosigned) == TEXT
    assert OTHER.verifier.open(cosigned) == TEXT


def test_a_note_without_a_signature_by_the_key_is_refused() -> None:
    same_name = Signer(SIGNER.name, bytes(32))
    for stranger in (OTHER, same_name):
        with pytest.raises(NoteError, match=r"carries no signature by `plask.example/evidence"):
            SIGNER.verifier.open(stranger.sign(TEXT))


def test_one_bad_signature_by_the_key_spoils_the_note_beside_a_good_one() -> None:
    other_line = SIGNER.sign("another text\n").rpartition("\n\n")[2]
    with pytest.raises(NoteError, match="does not fit"):
        SIGNER.verifier.open(SIGNER.sign(TEXT) + other_line)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text only\n",
        "text\n\n",
        "text\n\nplask.example/evidence AAAA\n",
        "text\n\n— plask.example/evidence\n",
        "text\n\n— plask.example/evidence !!!!\n",
        "text\n\n— plask.example/evidence AAAA",
        "te\txt\n\n— plask.example/evidence AAAA\n",
        "te\ud800xt\n\n— plask.example/evidence AAAA\n",
        "text\n\n" + "— x AAAA\n" * 101,
    ],
)
def test_what_is_not_a_note_is_refused(note: str) -> None:
    with pytest.raises(NoteError):
        SIGNER.verifier.open(note)


def test_another_base64_spelling_of_the_same_signature_is_refused() -> None:
    note = SIGNER.sign(TEXT)
    assert note.endswith("=\n"), "the last digit before the padding carries stray low bits"
    last = note[-3]
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    respelled = note[:-3] + digits[digits.index(last) + 1] + "=\n"
    with pytest.raises(NoteError, match="is not base64"):
        SIGNER.verifier.open(respelled)


@pytest.mark.parametrize("text", ["no newline at the end", "a\ttab\n"])
def test_a_text_that_no_note_can_carry_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError, match="ends with a newline"):
        SIGNER.sign(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\u3000b", "a\x00b"])
def test_a_key_name_is_not_empty_and_has_no_space_and_no_plus(name: str) -> None:
    with pytest.raises(NoteError, match="can not name a key"):
        Signer(name, SEED)


def test_a_damaged_verifier_key_is_refused() -> None:
    vkey = SIGNER.verifier.vkey
    name, key_id, key = vkey.split("+", 2)
    with pytest.raises(NoteError, match="is damaged"):
        Verifier.parse(f"other.example+{key_id}+{key}")
    short = base64.b64encode(b"\x01" + PUBLIC[1:]).decode()
    with pytest.raises(NoteError, match="`32` bytes"):
        Verifier.parse(f"{name}+{key_id}+{short}")
    another_algorithm = base64.b64encode(b"\x02" + PUBLIC).decode()
    with pytest.raises(NoteError, match="not an Ed25519"):
        Verifier.parse(f"{name}+{key_id}+{another_algorithm}")
    with pytest.raises(NoteError):
        Verifier.parse("")


def test_a_private_key_of_another_length_is_refused_and_never_shown() -> None:
    with pytest.raises(NoteError, match="`32` bytes"):
        Signer("plask.example/evidence", SEED[1:])
    assert SEED.hex() not in repr(SIGNER)
    assert repr(SEED) not in repr(SIGNER)
