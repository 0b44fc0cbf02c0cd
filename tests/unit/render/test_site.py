"""The static site: every version at its address, and nothing that leads nowhere."""

import json
import posixpath
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from jikim.policy.parse import parse
from jikim.render.site import Version, site, slug

TEXT = (Path(__file__).parents[1] / "law" / "right.yaml").read_text()
ATOM = "{http://www.w3.org/2005/Atom}"


def version(name: str, effective: date, *changes: tuple[str, str]) -> Version:
    text = TEXT.replace('version: "1.0"', f'version: "{name}"').replace("2026-01-12", str(effective))
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    policy = parse(text.encode(), name=name)
    return Version(
        name, policy, text.encode(), date(2026, 1, 2), effective, datetime(2026, 1, 2, 9, tzinfo=UTC)
    )


FIRST = version("1.0", date(2026, 1, 12))
SECOND = version(
    "Ver. 1.1", date(2026, 6, 1), ("keep: 3 months after recorded", "keep: 6 months after recorded")
)
THIRD = version(
    "2.0", date(2027, 1, 1), ("{ko: 소식과 광고성 정보의 전송, en:", "{ko: 광고와 맞춤 추천, en:")
)
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return site((FIRST, SECOND, THIRD), today=TODAY, base="https://privacy.example/")


def test_every_version_has_its_address_and_its_file(made: dict[str, bytes]) -> None:
    for address, each in (("1.0", FIRST), ("Ver.-1.1", SECOND), ("2.0", THIRD)):
        assert made[f"{address}/policy.yaml"] == each.text
        assert {f"{address}/ko.html", f"{address}/en.html"} <= made.keys()


def test_the_version_in_force_is_the_front_page_and_says_what_changed(made: dict[str, bytes]) -> None:
    """Not the one that is yet to come."""
    assert made["index.html"] == made["ko.html"]
    assert "기록 후 3개월 → 기록 후 6개월" in made["ko.html"].decode()
    versions = made["versions.ko.html"].decode()
    assert all(each in versions for each in ("1.0</th>", "Ver. 1.1 (시행 중)</th>", "2.0 (시행 예정)</th>"))


def test_every_page_leads_to_all_versions_but_a_versions_own_which_never_changes(
    made: dict[str, bytes],
) -> None:
    for name, data in made.items():
        if name.endswith(".ko.html") or name in {"index.html", "ko.html"}:
            ways = re.findall(r'href="([^"#]+)"', data.decode())
            assert name == "versions.ko.html" or any(way.endswith("versions.ko.html") for way in ways), name
    assert b"versions." not in made["1.0/ko.html"] + made["Ver.-1.1/ko.html"]


def test_the_titles_of_pages_about_versions_are_phrases_of_their_language(made: dict[str, bytes]) -> None:
    assert "<h1>Change of the Tea House privacy policy</h1>" in made["announcements/2.0.en.html"].decode()
    assert "<h1>찻집 개인정보 처리방침 변경 안내</h1>" in made["announcements/2.0.ko.html"].decode()


def test_no_link_leads_nowhere(made: dict[str, bytes]) -> None:
    for name, data in made.items():
        if name.endswith(".html"):
            for href in re.findall(r'href="([^"#]+)', data.decode()):
                if ":" not in href:
                    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), href))
                    assert target in made, (name, href)


def test_any_two_versions_stand_beside_each_other(made: dict[str, bytes]) -> None:
    compared = {name for name in made if name.startswith("compare/") and name.endswith(".ko.html")}
    assert compared == {f"compare/{two}.ko.html" for two in ("1.0...Ver.-1.1", "1.0...2.0", "Ver.-1.1...2.0")}
    assert "광고와 맞춤 추천" in made["compare/1.0...2.0.ko.html"].decode()


def test_an_announcement_says_from_when_what_and_whose_consent_is_asked_again(made: dict[str, bytes]) -> None:
    announced = made["announcements/2.0.ko.html"].decode()
    assert "2.0판은 2026년 1월 2일에 공고하고 2027년 1월 1일부터 시행합니다." in announced
    assert "다시 동의를 구하는 것" in announced


def test_feed_readers_get_the_newest_first_with_whole_addresses(made: dict[str, bytes]) -> None:
    feed = ElementTree.fromstring(made["feed.ko.xml"])  # noqa: S314
    links = [str(entry.find(f"{ATOM}link").get("href")) for entry in feed.findall(f"{ATOM}entry")]  # type: ignore[union-attr]
    assert links == [
        "https://privacy.example/announcements/2.0.ko.html",
        "https://privacy.example/announcements/Ver.-1.1.ko.html",
        "https://privacy.example/1.0/ko.html",
    ]


def test_the_signal_not_to_be_followed_is_obeyed_where_nobody_is(made: dict[str, bytes]) -> None:
    assert json.loads(made[".well-known/gpc.json"]) == {"gpc": True, "lastUpdate": "2026-06-01"}
    follows = version(
        "1.0", date(2026, 1, 12), ("cookies: {used: false}", "cookies: {used: true, tracking: true}")
    )
    assert json.loads(site((follows,), today=TODAY)[".well-known/gpc.json"])["gpc"] is False


@pytest.mark.parametrize(
    "name", ["index.html", "Feed.ko.XML", "1...2", "../../etc", ".well-known", "판", "x" * 3000, "a/b\nc"]
)
def test_a_version_of_any_name_has_an_address_of_its_own(name: str) -> None:
    """It fits into a file's name, stays within the site, and is no file or folder of it."""
    address = slug(name)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,70}", address)
    assert ".." not in address
    assert not address.endswith((".html", ".XML"))
    assert slug(name + "x" * 100) != slug(name + "x" * 101)


def test_a_feed_leads_only_to_versions_in_its_language() -> None:
    """A version that was published in Korean alone has no English page."""
    older = version("0.9", date(2026, 1, 11))
    korean = replace(older, policy=older.policy.model_copy(update={"languages": ("ko",)}))
    made = site((korean, FIRST, SECOND), today=TODAY)
    for language, entries in (("ko", 3), ("en", 2)):
        links = re.findall(r'<link href="([^"]+)"', made[f"feed.{language}.xml"].decode())
        assert len(links) == entries
        assert all(link in made for link in links)


def test_a_name_with_control_characters_leaves_the_feed_and_the_pages_readable() -> None:
    odd = version("1.0", date(2026, 1, 12), ("{ko: 찻집, en: Tea House}", '"a\\x01b\\u202ec"'))
    for name, data in site((odd,), today=TODAY).items():
        if name.endswith("xml"):
            ElementTree.fromstring(data)  # noqa: S314
        if not name.endswith("yaml"):
            assert not re.search("[\x01\u202e]", data.decode()), name
