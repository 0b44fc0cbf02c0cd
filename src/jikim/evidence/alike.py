"""Entries, and parts of them, that say the same but for some values: spelled once, filled in often. Pure.

A batch may name thousands of persons, and what is said of them shares all but the tag, the rows, and perhaps a date. To
validate and spell each from the beginning would take most of an import.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from jikim.canonical import canonical
from jikim.evidence.entry import Entry


@dataclass(frozen=True, slots=True)
class Alike:
    """What such entries share, or such parts of them.

    :param form: their canonical bytes, with a ``%b`` for each value that differs.
    """

    form: bytes

    @classmethod
    def of(cls, entry: Entry, *names: str) -> Self:
        """What entries share with this one that differ from it in these values of the body only.

        Raises ``EntryError`` for a body that canonical JSON cannot say.
        """
        exact, body = entry.encode(), entry.body.model_dump(mode="json")
        # In canonical form only the two instants stand before the body.
        before, _, after = exact.partition(canonical(body))
        return cls(_literal(before) + cls.part(body, *names).form + _literal(after))

    @classmethod
    def part(cls, value: Mapping[str, Any], *names: str) -> Self:
        """What objects share with this one that differ from it in these values only."""
        fields = [  # in order as UTF-16, as canonical form has them
            b"%b:%b"
            % (_literal(canonical(name)), b"%b" if name in names else _literal(canonical(value[name])))
            for name in sorted(value, key=lambda name: name.encode("utf-16-be"))
        ]
        return cls(b"{%b}" % b",".join(fields))

    def encode(self, *values: bytes) -> bytes:
        """The entry or part with these values, each in canonical form, by the alphabet of their names.

        Equal to ``canonical`` of that part, or ``Entry.encode`` of that entry. Nothing is validated here.
        """
        return self.form % values


def _literal(raw: bytes) -> bytes:
    """Bytes as a form spells them."""
    return raw.replace(b"%", b"%%")
