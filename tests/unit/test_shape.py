"""How a file that does not fit its model is told to the person who wrote it."""

from collections.abc import Mapping
from typing import Literal

import pytest
from pydantic import BaseModel, field_validator

from jikim.errors import JikimError
from jikim.shape import Part, checked, did_you_mean, enforced, reading, refuse, rendered, validate
from jikim.source import Diagnostic, SourceError, load


class Leg(Part):
    colour: Literal["red", "green"] = checked("Its colour.")
    long: bool = rendered("Whether it is long.", default=False)

    @field_validator("long", mode="before")
    @classmethod
    def _answer(cls, value: object) -> object:
        if value == "perhaps":
            raise refuse("no-answer", "`perhaps` is no answer", why="a leg is long or not", fix="write true")
        return value


class Chair(Part):
    name: str = rendered("Its name.")
    legs: Mapping[str, Leg] = enforced("Its legs.", default={})
    origin: tuple[str, ...] = checked("Where it is from.", default=(), alias="from")


class ChairError(SourceError):
    pass


def findings(text: str, model: type[BaseModel] = Chair) -> list[Diagnostic]:
    with pytest.raises(ChairError) as caught:
        validate(model, load(text.encode(), name="chair.yaml"), error=ChairError)
    return list(caught.value.diagnostics)


def test_a_file_that_fits_becomes_the_model() -> None:
    document = load(b"name: a\nlegs: {left: {colour: red}}\nfrom: [Seoul]\n", name="chair.yaml")
    chair = validate(Chair, document)
    assert (chair.name, chair.legs["left"].colour, chair.origin) == ("a", "red", ("Seoul",))


def test_an_unknown_key_is_placed_and_the_nearest_known_one_named() -> None:
    (found,) = findings("name: a\nlegs:\n  left: {colour: red, lnog: true}\n")
    assert (found.code, found.fix, found.path) == (
        "unknown-key",
        "did you mean `long`?",
        ("legs", "left", "lnog"),
    )
    assert str(found.span) == "chair.yaml:3:23"


def test_an_alias_is_known_by_the_name_it_is_written_with() -> None:
    (found,) = findings("name: a\nform: [Seoul]\n")
    assert found.fix == "did you mean `from`?"


def test_a_key_missing_only_because_it_was_misspelt_is_told_once() -> None:
    assert [found.code for found in findings("nmae: a\n")] == ["unknown-key"]


def test_a_missing_key_is_placed_at_its_parent_and_says_what_it_is_for() -> None:
    (found,) = findings("name: a\nlegs:\n  left: {long: true}\n")
    assert (found.code, found.why, str(found.span)) == ("missing-key", "Its colour.", "chair.yaml:3:3")


def test_an_unknown_word_names_the_words_that_are_known() -> None:
    near, far = findings("name: a\nlegs:\n  left: {colour: gren}\n  right: {colour: mauve}\n")
    assert (near.fix, far.fix) == ("did you mean `green`?", "one of: red, green")


def test_a_value_of_another_kind_is_named_by_what_was_written() -> None:
    number, maps, lists = findings("name: 5\nlegs: 7\nfrom: {a: b}\n")
    assert number.message == "`5` stands where text is expected"
    assert maps.message == "`7` stands where a map of keys is expected"
    assert lists.message == "a map of keys stands where a list is expected"
    assert (number.fix, lists.fix) == ("put it in quotes", "")


def test_a_validator_of_the_model_keeps_its_code_reason_and_remedy() -> None:
    (found,) = findings("name: a\nlegs: {left: {colour: red, long: perhaps}}\n")
    assert (found.code, found.message, found.why, found.fix) == (
        "no-answer",
        "`perhaps` is no answer",
        "a leg is long or not",
        "write true",
    )


def test_a_long_value_is_quoted_in_part() -> None:
    (found,) = findings(f"name: a\nlegs: {'x' * 500}\n")
    assert len(found.message) < 120


def test_a_parser_error_may_point_inside_the_value() -> None:
    class InsideError(JikimError):
        at = ("legs", 1)

    def parse(value: object) -> object:
        raise InsideError("wrong leg", fix="another")

    with pytest.raises(Exception, match="wrong leg") as caught:
        reading(parse, code="leg")("x")
    context = caught.value.context  # type: ignore[attr-defined]
    assert (context["code"], context["fix"], context["at"]) == ("leg", "another", ("legs", 1))


@pytest.mark.parametrize(("word", "fix"), [("emial", "did you mean `email`?"), ("zebra", "")])
def test_only_a_near_word_is_proposed(word: str, fix: str) -> None:
    assert did_you_mean(word, ["email", "name"]) == fix
