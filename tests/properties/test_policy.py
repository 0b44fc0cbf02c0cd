"""The digest follows what a policy says and nothing else."""

import random
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jikim.policy.digest import policy_digest
from jikim.policy.parse import PolicyError, parse
from jikim.source import load

PLASK = (Path(__file__).parents[2] / "examples" / "plask" / "policy.yaml").read_bytes()
VALUE: Any = load(PLASK, name="policy.yaml").value
DIGEST = policy_digest(parse(PLASK, name="policy.yaml"))

KOREAN = {"5 days": "5일", "10 days": "10일", "1 year after": "1년 after", "3 months after": "3개월 after"}
ORDERED = {"languages"}


def written(value: Any, **style: Any) -> bytes:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, **style).encode()


def digest_of(value: Any, **style: Any) -> str:
    return policy_digest(parse(written(value, **style), name="other.yaml"))


def shuffled(value: Any, chance: random.Random, key: str = "") -> Any:
    """The same policy with other orders of keys and of unordered words, other spellings, other spacing."""
    if isinstance(value, dict):
        pairs = list(value.items())
        chance.shuffle(pairs)
        return {key: shuffled(each, chance, key) for key, each in pairs}
    if isinstance(value, list):
        if all(isinstance(each, str) for each in value) and key not in ORDERED:
            alone = len(value) == 1 and key in {"about", "under"} and chance.random() < 0.5
            return value[0] if alone else chance.sample(value, len(value))
        return [shuffled(each, chance) for each in value]
    if isinstance(value, str) and chance.random() < 0.5:
        for english, korean in KOREAN.items():
            if value == english or (english.endswith("after") and value.startswith(english)):
                return value.replace(english, korean)
        return f" {value} " if " " in value and key in {"ko", "en"} else value
    return value


@settings(deadline=None, max_examples=15)
@given(
    st.integers(0, 1 << 32),
    st.sampled_from([None, True, False]),
    st.integers(20, 200),
    st.integers(2, 6),
)
def test_layout_order_of_keys_and_spelling_do_not_change_the_digest(
    seed: int, flow: bool | None, width: int, indent: int
) -> None:
    other = shuffled(VALUE, random.Random(seed))  # noqa: S311  (an order to try, not a secret)
    assert digest_of(other, default_flow_style=flow, width=width, indent=indent) == DIGEST


def test_comments_do_not_change_the_digest() -> None:
    commented = b"# one\n" + PLASK.replace(b"\nitems:", b"\n\n# two\nitems: # three")
    assert policy_digest(parse(commented, name="policy.yaml")) == DIGEST


def test_a_default_may_be_written_or_left_out() -> None:
    value = {**VALUE, "title": {"ko": "개인정보 처리방침", "en": "Privacy Policy"}}
    del value["law"]
    assert digest_of(value) == DIGEST


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        return [leaf for key, each in pairs for leaf in leaves(each, (*path, key))]
    return [path]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        value = value[part]
    return value


LEAVES = leaves(VALUE)
WORDS = sorted({str(at(VALUE, leaf)) for leaf in LEAVES})


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from(LEAVES),
    st.sampled_from([*WORDS, "other words", "9 days", "9 years after recorded", "2026-01-05"]),
)
def test_another_value_anywhere_is_refused_or_changes_the_digest(leaf: tuple[Any, ...], word: str) -> None:
    old = at(VALUE, leaf)
    new: Any = (not old) if isinstance(old, bool) else word
    if new == old or str(new) == str(old):
        return
    try:
        changed = digest_of(replaced(VALUE, leaf, new))
    except PolicyError:
        return
    assert changed != DIGEST


JUNK = st.none() | st.booleans() | st.integers(0, 9) | st.lists(st.none(), max_size=2)


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(LEAVES), JUNK)
def test_findings_about_a_value_of_another_kind_lie_inside_the_file(leaf: tuple[Any, ...], junk: Any) -> None:
    text = written(replaced(VALUE, leaf, junk))
    height = text.count(b"\n") + 1
    assert all(1 <= line <= height for line in lines_found(text))


def lines_found(text: bytes) -> list[int]:
    try:
        parse(text, name="p")
    except PolicyError as error:
        return [finding.span.line if finding.span else 0 for finding in error.diagnostics]
    return []
