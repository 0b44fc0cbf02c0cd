"""Rest days: the days on which a statutory minimum may not end (민법 제161조). Pure.

Art. 161 speaks of Saturdays and 공휴일. Those are Sundays and the days of 「공휴일에 관한 법률」 (law 18291,
addenda art. 3) with 「관공서의 공휴일에 관한 규정」: national days, lunar holidays, election days at the end
of a term, days the government names at short notice, and substitutes for those that fall together or on a
weekend. The ``holidays`` package knows them; what it learns too late is said in a file of amendments::

    [[added]]
    date = 2027-05-04
    reason = "temporary public holiday, decided by the State Council on 2027-04-20"

    [[removed]]
    date = 2027-05-03
    reason = "…"

1 May was a day off for employees (근로자의 날) and became a public holiday on 2026-05-01 (노동절, law 21543);
17 July was none from 2008 to 2025. The package says the same, and the tests hold it to that.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Any, Final

from jikim.canonical import digest
from jikim.errors import JikimError

_ONE_DAY: Final = timedelta(days=1)


class HolidaysError(JikimError):
    """A day is asked of a calendar that does not know it, or a calendar cannot be read."""


@dataclass(frozen=True)
class Holidays:
    """The public holidays of a span of whole years.

    :param name: what calendar this is, such as ``kr``.
    :param first_year: the first year it knows.
    :param last_year: the last year it knows.
    :param dates: the holidays in those years; Saturdays and Sundays need not be among them.
    """

    name: str
    first_year: int
    last_year: int
    dates: frozenset[date]

    @cached_property
    def digest(self) -> str:
        """``sha256:<hex>``: equal for calendars that answer alike."""
        days = [day.isoformat() for day in sorted(self.dates)]
        return digest({"name": self.name, "years": [self.first_year, self.last_year], "dates": days})

    def is_rest_day(self, day: date) -> bool:
        """Whether ``day`` is a Saturday, a Sunday or a public holiday.

        :raises HolidaysError: the day lies outside the years this calendar knows.
        """
        if not self.first_year <= day.year <= self.last_year:
            raise HolidaysError(
                f"`{day}` lies outside the years {self.first_year} to {self.last_year} that the holidays of "
                f"`{self.name}` cover, so whether it is a working day is unknown",
                fix="build the holidays for more years",
            )
        return day.isoweekday() in (6, 7) or day in self.dates

    def next_working_day(self, day: date) -> date:
        """``day`` itself, or the first working day after it. Raises as :meth:`is_rest_day`."""
        while self.is_rest_day(day):
            day += _ONE_DAY
        return day

    def last_working_day(self, day: date) -> date:
        """``day`` itself, or the last working day before it. Raises as :meth:`is_rest_day`."""
        while self.is_rest_day(day):
            day -= _ONE_DAY
        return day

    def amended(self, text: bytes, *, name: str) -> "Holidays":
        """These holidays with a file's amendments; what the file says of other years is left aside.

        To add a holiday that is one already changes nothing, so a file survives the package learning of it.

        :param text: TOML, as the module shows.
        :param name: how messages call the file.
        :raises HolidaysError: the file cannot be read, gives no reason, or contradicts itself.
        """
        try:
            parsed = tomllib.loads(text.decode())
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise HolidaysError(f"`{name}` cannot be read as TOML: {error}") from error
        for unknown in sorted(parsed.keys() - {"added", "removed"}):
            raise HolidaysError(f"`{unknown}` in `{name}` means nothing", fix="use `added` and `removed`")
        added, removed = (_dates(parsed.get(key, []), key=key, name=name) for key in ("added", "removed"))
        for day in sorted(added & removed):
            raise HolidaysError(f"`{day}` is both added and removed in `{name}`", fix="say which it is")
        known = frozenset(day for day in added if self.first_year <= day.year <= self.last_year)
        return Holidays(self.name, self.first_year, self.last_year, (self.dates | known) - removed)


def _dates(entries: Any, *, key: str, name: str) -> frozenset[date]:
    """The dates of one list of amendments, each checked for its reason."""
    fix = "each entry has a `date`, unquoted, and a `reason`"
    if not isinstance(entries, list):
        raise HolidaysError(f"`{key}` in `{name}` is no list of entries", fix=fix)
    days = set()
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or entry.keys() != {"date", "reason"}:
            raise HolidaysError(f"entry {number} of `{key}` in `{name}` is not complete", fix=fix)
        day, reason = entry["date"], entry["reason"]
        if not isinstance(day, date) or isinstance(day, datetime):
            raise HolidaysError(f"the `date` of entry {number} of `{key}` in `{name}` is no date", fix=fix)
        if not isinstance(reason, str) or not reason.strip():
            raise HolidaysError(f"`{day}` stands in `{key}` of `{name}` without a reason", fix=fix)
        days.add(day)
    return frozenset(days)


@cache
def _korean_year(year: int) -> frozenset[date]:
    """The public holidays of one year, by the package."""
    from holidays import country_holidays  # large tables: only whoever asks for holidays pays for them

    days = country_holidays("KR", years=year)
    if not days.start_year <= year <= days.end_year:
        raise HolidaysError(
            f"the public holidays of the year `{year}` are not known",
            fix=f"ask as of another day: they are known from {days.start_year} to {days.end_year}, and a period "
            "that runs then must end within those years",
        )
    return frozenset(days)


def korea(years: Iterable[int]) -> Holidays:
    """The public holidays of Korea (공휴일), substitutes included, from the first of ``years`` to the last.

    :param years: at least one; gaps are filled.
    :raises HolidaysError: no years, or one before the Republic or beyond the lunar tables.
    """
    wanted = sorted(years)
    if not wanted:
        raise HolidaysError("holidays are asked for no year at all")
    first, last = wanted[0], wanted[-1]
    return Holidays("kr", first, last, frozenset[date]().union(*map(_korean_year, range(first, last + 1))))
