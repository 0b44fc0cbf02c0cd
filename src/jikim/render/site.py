"""The published policy as a static site: every version at its permanent address. Pure.

::

    index.html                     the version in force, in its original language
    ko.html, en.html               the same, in each of its languages
    1.0/ko.html, 1.0/policy.yaml   a version as it was published, and its file
    versions.ko.html               all versions
    announcements/1.1.ko.html      what changed in a version, and when it took effect
    compare/1.0...1.1.ko.html      any two versions beside each other
    feed.ko.xml                    announcements for feed readers (RFC 4287)
    .well-known/gpc.json           whether a signal not to be sold or followed is obeyed (W3C Global Privacy Control)

A version's pages are made once, from its own file and by the law of its day; no later version changes them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations, pairwise
from typing import Final
from xml.etree import ElementTree

from jikim.canonical import digest
from jikim.notices.change import consents, demands
from jikim.policy.digest import policy_digest
from jikim.policy.model import Policy
from jikim.render import changes
from jikim.render.columns import printable
from jikim.render.document.compose import published_in
from jikim.render.document.parts import Bullets, Chapter, Document, Line, Paragraph, Run, Table, line
from jikim.render.html import as_html
from jikim.render.pages import pages
from jikim.render.particles import with_particle
from jikim.render.wording import Language, Words, capital, day, edition, local, say

_ATOM: Final = "http://www.w3.org/2005/Atom"
_LONGEST: Final = 60
"""Letters of a version in an address; two of them stand in the name of one file."""
_TITLES: Final[Mapping[str, Words]] = {
    "versions": ("{} 개인정보 처리방침의 모든 판", "All versions of the {} privacy policy"),
    "announcement": ("{} 개인정보 처리방침 변경 안내", "Change of the {} privacy policy"),
    "comparison": ("{} 개인정보 처리방침의 비교", "Versions of the {} privacy policy compared"),
    "list": ("판의 목록", "Versions"),
    "changes": ("변경된 내용", "What changes"),
    "this": ("처리방침", "Policy"),
    "beside": ("앞 판과 비교", "Beside the one before"),
    "told": ("변경 안내", "Announcement"),
    "all": ("모든 판", "All versions"),
    "consents": ("다시 동의를 구하는 것", "What consent is asked for again"),
}
_VERSION_COLUMNS: Final[Mapping[Language, tuple[str, ...]]] = {
    "ko": ("판", "공고일", "시행일", "읽을 것"),
    "en": ("Version", "Announced", "In effect from", "To read"),
}
_STATES: Final[Mapping[Language, tuple[str, str]]] = {
    "ko": (" (시행 중)", " (시행 예정)"),
    "en": (" (in force)", " (to come)"),
}
_CHANGE_COLUMNS: Final[Mapping[Language, tuple[str, ...]]] = {
    "ko": ("내용", "구분", "변경 전", "변경 후"),
    "en": ("What", "Kind", "Before", "After"),
}


@dataclass(frozen=True)
class Version:
    """A published version.

    :param text: its file, byte for byte.
    :param at: when it was published.
    """

    version: str
    policy: Policy
    text: bytes
    announced: date
    effective: date
    at: datetime

    @property
    def slug(self) -> str:
        """Its name as a part of an address."""
        return slug(self.version)


def slug(version: str) -> str:
    """A version's name as a part of an address: short, of plain letters, and no file of the site is called so."""
    plain = re.sub(r"[^A-Za-z0-9._-]+|\.{2,}", "-", version).strip(".-")
    if plain and len(plain) <= _LONGEST and not plain.casefold().endswith((".html", ".xml")):
        return plain
    return "-".join(
        filter(None, (plain[:_LONGEST].replace(".", "-"), digest(version).removeprefix("sha256:")[:8]))
    )


def site(versions: Sequence[Version], *, today: date, base: str = "") -> dict[str, bytes]:
    """Every file of the site by its path.

    :param versions: the oldest first; at least one is in force.
    :param base: the address at which the site is published, for the feed; empty where only links within it are wanted.
    """
    made: dict[str, bytes] = {}
    current = next(each for each in reversed(versions) if each.effective <= today)
    for before, each in _each(versions):
        made |= version_pages(before, each)
        made[f"{each.slug}/policy.yaml"] = each.text
    before = next((b for b, each in _each(versions) if each is current), None)
    for language, page in _pages(before, current, front=True).items():
        made[f"{language}.html"] = page.encode()
        made[f"versions.{language}.html"] = _versions(versions, current, language).encode()
        made[f"feed.{language}.xml"] = _feed(versions, current, language, base=base)
    made["index.html"] = made[f"{published_in(current.policy)[0]}.html"]
    made[".well-known/gpc.json"] = _gpc(current)
    for before, each in pairwise(versions):
        for language in published_in(each.policy):
            made[f"announcements/{each.slug}.{language}.html"] = _announcement(
                before, each, language
            ).encode()
    for before, each in combinations(versions, 2):
        for language in published_in(each.policy):
            made[_compared(before, each, language)] = _comparison(before, each, language).encode()
    return made


def _each(versions: Sequence[Version]) -> list[tuple[Version | None, Version]]:
    """Each version with the one before it."""
    return list(zip((None, *versions), versions, strict=False))


def version_pages(before: Version | None, each: Version) -> dict[str, bytes]:
    """A version's own pages by their permanent addresses: the exact texts whose digests are kept."""
    return {f"{each.slug}/{language}.html": page.encode() for language, page in _pages(before, each).items()}


def _pages(before: Version | None, each: Version, *, front: bool = False) -> dict[Language, str]:
    """A version's own pages, by the law of the day on which it took effect; in front they lead to all versions."""
    languages = published_in(each.policy)
    every = {language: line(_link("all", f"versions.{language}.html", language)) for language in languages}
    since = None
    if before:
        demanded = demands(before.policy, each.policy)
        since = {
            language: changes.lines(demanded, before.policy, each.policy, language=language)
            for language in languages
        }
    return pages(
        each.policy,
        in_force_on=each.effective,
        since=since,
        names="{language}.html",
        beside=every if front else None,
    )


def _compared(before: Version, each: Version, language: Language) -> str:
    return f"compare/{before.slug}...{each.slug}.{language}.html"


# -- pages about versions ---------------------------------------------------------------------------------------


def _page(
    policy: Policy,
    language: Language,
    title: str,
    dated: Sequence[Line],
    chapters: Sequence[Chapter],
    names: str,
) -> str:
    """A page that is no policy, in the same dress.

    :param names: what the page is called in each language.
    """
    languages, service = published_in(policy), printable(local(policy.service.name, language))
    document = Document(
        language=language,
        languages=languages,
        service=service,
        title=say(_TITLES[title], language).format(service),
        controller=printable(local(policy.controller.name, language)),
        dated=tuple(dated),
        preamble=(),
        labels=(),
        changes=(),
        chapters=tuple(chapters),
        digest=policy_digest(policy),
    )
    return as_html(
        document, files={each: names.format(language=each) for each in languages if each != language}
    )


def _versions(versions: Sequence[Version], current: Version, language: Language) -> str:
    rows, states = [], _STATES[language]
    for before, each in _each(versions):
        links = []
        if language in published_in(each.policy):
            links = [("this", f"{each.slug}/{language}.html")]
            if before:
                links.append(("told", f"announcements/{each.slug}.{language}.html"))
                links.append(("beside", _compared(before, each, language)))
        # What was published after the version in force is yet to come.
        state = states[0] if each is current else states[1] if each.effective > current.effective else ""
        dates = (day(each.announced, language), day(each.effective, language))
        read = tuple(line(_link(name, to, language)) for name, to in links) or (line("–"),)
        rows.append(((line(each.version + state),), *((line(on),) for on in dates), read))
    table = Table(say(_TITLES["list"], language), _VERSION_COLUMNS[language], tuple(reversed(rows)))
    chapter = Chapter("versions", 1, table.caption, (table,))
    return _page(current.policy, language, "versions", (), (chapter,), "versions.{language}.html")


def _link(name: str, to: str, language: Language) -> Run:
    return Run(say(_TITLES[name], language), to=to)


def _announcement(before: Version, each: Version, language: Language) -> str:
    dated = (*_dated(each, language), _ways((each,), language))
    chapters = [_changed(before, each, language)]
    asked = consents(demands(before.policy, each.policy))
    if asked:
        names = tuple(line(changes.named(consent.to, each.policy, language=language)) for consent in asked)
        heading = say(_TITLES["consents"], language)
        chapters.append(Chapter("consents", 2, heading, (Bullets(names),)))
    return _page(each.policy, language, "announcement", dated, chapters, f"{each.slug}.{{language}}.html")


def _comparison(before: Version, each: Version, language: Language) -> str:
    names = f"{before.slug}...{each.slug}.{{language}}.html"
    sides = [f"{side.version} ({day(side.effective, language)})" for side in (before, each)]
    dated = (line(" → ".join(sides)), _ways((before, each), language))
    return _page(each.policy, language, "comparison", dated, (_changed(before, each, language),), names)


def _ways(versions: Sequence[Version], language: Language) -> Line:
    """Where to go from a page of a folder: to the versions it is about, and to all of them."""
    there = [each for each in versions if language in published_in(each.policy)]
    called = [edition(each.version, language) for each in there]
    read = [say((f"{name} 읽기", f"Read {name}"), language) for name in called]
    links = [Run(text, to=f"../{each.slug}/{language}.html") for text, each in zip(read, there, strict=True)]
    links.append(_link("all", f"../versions.{language}.html", language))
    return tuple(run for each in links for run in (Run(" · "), each))[1:]


def _dated(each: Version, language: Language) -> tuple[Line, ...]:
    announced, effective = day(each.announced, language), day(each.effective, language)
    called = edition(each.version, language)
    korean = f"{with_particle(called, '은')} {announced}에 공고하고 {effective}부터 시행합니다."
    english = f"{capital(called)} was announced on {announced} and is in effect from {effective}."
    return (line(say((korean, english), language)),)


def _changed(before: Version, each: Version, language: Language) -> Chapter:
    """Each change beside what stood there before."""
    rows = []
    for demand in demands(before.policy, each.policy):
        if demand.weight != "none":
            told = changes.told(demand.change, before.policy, each.policy, language=language)
            cells = (told.where, capital(told.kind), told.before or "–", told.after or "–")
            rows.append(tuple((line(cell),) for cell in cells))
    heading = say(_TITLES["changes"], language)
    same = Paragraph(line(say(("달라진 내용이 없습니다.", "Nothing changed."), language)))
    table = Table(heading, _CHANGE_COLUMNS[language], tuple(rows))
    return Chapter("changes", 1, heading, (table if rows else same,))


# -- for programs -----------------------------------------------------------------------------------------------


def _feed(versions: Sequence[Version], current: Version, language: Language, *, base: str) -> bytes:
    """Announcements, the newest first."""
    ElementTree.register_namespace("", _ATOM)
    service = local(current.policy.service.name, language)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed", {"xml:lang": language})

    def add(to: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
        made = ElementTree.SubElement(to, f"{{{_ATOM}}}{name}", attributes)
        made.text = printable(text) or None
        return made

    id = f"urn:jikim:{current.policy.service.id}:policy"
    add(feed, "id", id)
    add(feed, "title", f"{service} {say(_TITLES['announcement'], language)}")
    add(feed, "updated", versions[-1].at.isoformat())
    add(add(feed, "author"), "name", local(current.policy.controller.name, language))
    add(feed, "link", rel="self", href=f"{base}feed.{language}.xml")
    for before, each in reversed(_each(versions)):
        if language not in published_in(each.policy):
            continue
        entry = add(feed, "entry")
        where = f"announcements/{each.slug}.{language}.html" if before else f"{each.slug}/{language}.html"
        add(entry, "id", f"{id}:{each.slug}")
        add(entry, "title", f"{service} {each.version}")
        add(entry, "updated", each.at.isoformat())
        add(entry, "link", href=f"{base}{where}")
        add(entry, "summary", "".join(run.text for said in _dated(each, language) for run in said))
    whole: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return whole


def _gpc(current: Version) -> bytes:
    """Obeyed where nothing is done that the signal forbids: nobody is followed for advertising, nothing provided."""
    policy = current.policy
    follows = bool(policy.cookies and policy.cookies.tracking)
    said = {"gpc": not (follows or policy.provisions), "lastUpdate": current.effective.isoformat()}
    return (json.dumps(said, indent=2) + "\n").encode()
