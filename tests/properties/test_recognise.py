"""Recognisers under any input: what is planted is found, however it is surrounded, and nothing makes them fail."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jikim.plan.recognise import Confidence, Secret, hints, luhn, recognise, recognise_number

TODAY = date(2026, 1, 12)
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
WORDS = st.text(st.characters(exclude_categories=["Nd", "Cs"], exclude_characters="-.,"), max_size=20)


@st.composite
def resident_numbers(draw: st.DrawFn) -> str:
    """Numbers of people between one and eighty, with their check digit."""
    born = TODAY - timedelta(days=draw(st.integers(366, 80 * 365)))
    sex = draw(st.integers(1, 2)) + (0 if born.year < 2000 else 2)
    twelve = f"{born:%y%m%d}{sex}{draw(st.integers(0, 99999)):05}"
    rest = sum(int(d) * w for d, w in zip(twelve, WEIGHTS, strict=True)) % 11
    return f"{twelve[:6]}-{twelve[6:]}{(11 - rest) % 10}"


@st.composite
def visa_numbers(draw: st.DrawFn) -> str:
    """Sixteen digits that begin with 4 and check."""
    fifteen = f"4{draw(st.integers(0, 10**14 - 1)):014}"
    return next(fifteen + str(d) for d in range(10) if luhn(fifteen + str(d)))


def kinds(text: str) -> dict[Secret, Confidence]:
    """What is recognised in a column whose name says nothing."""
    return {s.kind: s.confidence for s in recognise(text, today=TODAY)}


@given(resident_numbers(), WORDS, WORDS)
def test_a_resident_number_is_found_in_any_words(number: str, before: str, after: str) -> None:
    """Whatever stands around it, unless digits, dashes or points make it part of something else."""
    assert kinds(f"{before} {number} {after}")[Secret.RESIDENT] is Confidence.CERTAIN


@given(visa_numbers(), WORDS, WORDS, st.sampled_from([" ", "-", ""]))
def test_a_card_number_is_found_in_any_words(number: str, before: str, after: str, apart: str) -> None:
    """In groups or in one piece."""
    written = apart.join(number[n : n + 4] for n in range(0, 16, 4))
    assert kinds(f"{before} {written} {after}")[Secret.CARD] >= Confidence.LIKELY


@given(visa_numbers(), st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: str, place: int, off: int) -> None:
    """Luhn's check finds every single wrong digit."""
    wrong = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
    assert not luhn(wrong)


@given(st.text(), st.text())
def test_any_text_is_read_without_error_and_without_repeating_a_kind(text: str, name: str) -> None:
    """Text of any kind, in a column of any name."""
    found = [s.kind for s in recognise(text, today=TODAY, hinted=hints(name))]
    assert len(found) == len(set(found))


@given(st.integers(), st.sampled_from(["", "account", "card", "resident passport licence"]))
def test_any_number_is_read_without_error(value: int, name: str) -> None:
    """Also negative ones and those longer than any card."""
    assert {s.kind for s in recognise_number(value, today=TODAY, hinted=hints(name))} <= set(Secret)
