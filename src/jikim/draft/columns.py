"""What each column of a table about people is given: an item with its mask, or `no`. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from jikim.datamap.names import looks_personal
from jikim.datamap.schema import Column, Table
from jikim.draft.guess import LIKELY, POSSIBLE, Why
from jikim.draft.proposal import ColumnGuess
from jikim.draft.reading import ENOUGH, Reading, family_of
from jikim.draft.topics import Topic
from jikim.draft.values import Seen
from jikim.draft.words import IDENTIFIERS, glued, words
from jikim.plan.masks import fitting

_ASPECTS: Final = glued(
    "status state type kind level grade sort order position count cnt qty quantity size length version lang language "
    "locale timezone slug uuid visible public format currency flag code cd yn rank priority weight active scope step "
    "method mode backend class provider model app theme color colour 상태 구분 유형 순서 등급 여부 단계 종류"
)
"""Last words of a column that says how a row is, not what is known of a person."""
_DEEDS: Final = frozenset({"order-history", "payment-record", "consent-record", "entry-answers"})
"""Items of which the time is a part."""
_AMOUNTS: Final = frozenset({"order-history", "payment-record", "employment-record"})
FEW: Final = 12
"""Different values that are a list to choose from, where many rows were looked at."""


def columns(
    table: Table,
    readings: Mapping[str, Reading],
    seen: Mapping[str, Seen],
    *,
    topic: Topic,
    lists_people: bool,
    pointing: Mapping[str, str],
    owned_by: frozenset[str],
    inline: frozenset[str],
    dating: frozenset[str],
) -> tuple[ColumnGuess, ...]:
    """Every column that a map has to speak of.

    :param lists_people: whether each row is a person.
    :param pointing: columns that point to another table, and what is said of that.
    :param owned_by: columns that name the owner; ``inline`` those that hold an item besides.
    :param dating: columns that start a clock.
    """
    guesses = []
    for column in table.columns.values():
        name = column.name
        structural = name in owned_by | set(table.primary_key) and name not in inline
        reading = readings[name]
        if structural and not looks_personal(name) and (name in owned_by or not reading.plain):
            continue
        if column.generated:
            guess = ColumnGuess(name, "", Why(LIKELY, "generated from other columns"))
        elif structural and reading.plain and name not in owned_by:
            guesses.append(ColumnGuess(name, reading.item, reading.why))  # stays as long as its row: no mask
            continue
        elif structural:
            guess = ColumnGuess(name, "", Why(LIKELY, "a key"))
        elif name in pointing and not reading.plain:
            guess = ColumnGuess(
                name, "", Why(POSSIBLE if "people" in pointing[name] else LIKELY, pointing[name])
            )
        else:
            guess = _guess(
                column, reading, seen[name], topic, lists_people=lists_people, dating=name in dating
            )
        guesses.append(_masked(guess, column, table, never_empty=name in inline))
    return _at_least_one(table, guesses, topic, owned_by)


def _guess(
    column: Column, reading: Reading, seen: Seen, topic: Topic, *, lists_people: bool, dating: bool
) -> ColumnGuess:
    name, family = column.name, family_of(column)
    if reading.inside:
        return ColumnGuess(
            name, "", reading.why, inside={path: each.item for path, each in reading.inside.items()}
        )
    if reading.kind:
        item = topic.text if reading.item == "free-text" else reading.item
        if not reading.plain and reading.item == "name" and lists_people:
            return ColumnGuess(
                name,
                item,
                Why(max(LIKELY, reading.why.confidence), f"{reading.why.reason}, in a table of people"),
            )
        if not (dating and family == "time"):
            return ColumnGuess(name, item, reading.why)
    return _rest(column, seen, topic, lists_people=lists_people, dating=dating)


def _rest(column: Column, seen: Seen, topic: Topic, *, lists_people: bool, dating: bool) -> ColumnGuess:
    """A column that by itself speaks of nobody, in a table about somebody."""
    name, family = column.name, family_of(column)
    if family == "time" and topic.item in _DEEDS:
        return ColumnGuess(name, topic.item, Why(LIKELY, "when the person did it"))
    if why := _about_the_row(column, seen, dating=dating):
        return ColumnGuess(name, "", why)
    if family == "number" and topic.item in _AMOUNTS:
        return ColumnGuess(name, topic.item, Why(LIKELY, "an amount of what the person did"))
    if family == "number":
        return ColumnGuess(name, "", Why(POSSIBLE, "a number that nothing explains"))
    if seen.rows >= ENOUGH and not seen.filled:
        return ColumnGuess(name, "", Why(POSSIBLE, "always empty"))
    item = "member-record" if lists_people else topic.item
    return ColumnGuess(
        name, item, Why(POSSIBLE, f"{column.type} in a table about people; nothing else explains it")
    )


def _about_the_row(column: Column, seen: Seen, *, dating: bool) -> Why | None:
    """Why a column says how a row is, and not what is known of a person; None where nothing says so."""
    family, said = family_of(column), words(column.name)
    if family == "time":
        return Why(LIKELY, "starts a clock" if dating else "a time")
    if family == "flag":
        return Why(LIKELY, "yes or no")
    if column.labels or (said and said[-1] in _ASPECTS):
        return Why(LIKELY, "says how the row is")
    if seen.filled >= 10 * FEW and seen.distinct <= FEW:
        return Why(POSSIBLE, f"{seen.distinct} different values only")
    if family == "uuid" or (said and said[-1] in IDENTIFIERS):
        return Why(POSSIBLE, "a number of something; whose?")
    return None


def _masked(guess: ColumnGuess, column: Column, table: Table, *, never_empty: bool) -> ColumnGuess:
    """The guess with what may stand there instead, where the column cannot be empty."""
    if not guess.item or (column.nullable and not never_empty):
        return guess
    masks = [mask for mask in fitting(column, table) if mask.kind != "null"]
    return ColumnGuess(guess.name, guess.item, guess.why, str(masks[0]) if masks else "")


def _at_least_one(
    table: Table, guesses: Sequence[ColumnGuess], topic: Topic, owned_by: frozenset[str]
) -> tuple[ColumnGuess, ...]:
    """Without any item no promise would cover the row: that there is one is itself a record about the person."""
    if any(guess.item or guess.inside for guess in guesses):
        return tuple(guesses)
    why = Why(POSSIBLE, "that the row is there is a record about the person")
    for place, guess in enumerate(guesses):
        if guess.name not in {*table.primary_key, *owned_by} and not table.columns[guess.name].generated:
            chosen = _masked(
                ColumnGuess(guess.name, topic.item, why), table.columns[guess.name], table, never_empty=False
            )
            return (*guesses[:place], chosen, *guesses[place + 1 :])
    name = next(iter([*table.primary_key, *sorted(owned_by), *table.columns]))
    return (*(g for g in guesses if g.name != name), ColumnGuess(name, topic.item, why))


def personal_at_all(readings: Mapping[str, Reading]) -> Iterator[str]:
    """Columns of a table about nobody that may be personal all the same."""
    for name, reading in readings.items():
        if reading.plain and reading.kind:
            yield name
