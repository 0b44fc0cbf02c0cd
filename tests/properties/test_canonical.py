"""The short way to canonical JSON gives the bytes of the standard, for any value."""

from collections.abc import Callable

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from jikim.canonical import canonical, digest, written

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20)


@given(VALUES)
def test_it_is_what_the_standard_says(value: object) -> None:
    """Text with any character, keys beyond ASCII, whole and broken numbers, nested as deeply as drawn."""
    assert canonical(value) == rfc8785.dumps(value)


@given(VALUES)
def test_it_can_be_put_together_from_parts(value: object) -> None:
    """A value whose parts are in canonical form already has the same form, and the same digest, as the value."""
    beside = {"beside": [value, None, True, "가"], "before": value}
    parts = {"beside": [written(value), None, True, "가"], "before": written(value)}
    assert written(parts).encode() == rfc8785.dumps(beside)  # type: ignore[arg-type]
    assert digest(written(parts)) == digest(beside)


@pytest.mark.parametrize("write", [canonical, written])
@pytest.mark.parametrize("value", [2**53, {"a": -(2**53)}, ["\ud800"], float("nan"), {1: "x"}])
def test_what_json_cannot_say_exactly_is_refused(value: object, write: Callable[[object], object]) -> None:
    """Numbers that a reader would round, half a character, no number, a key that is no text."""
    with pytest.raises(rfc8785.CanonicalizationError):
        write(value)
