"""Published pages in a real browser: nobody is kept out, nothing runs off the screen, nothing leaves the page."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.published import document, documents, hostile

from jikim.render.html import as_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no Chromium: see tools/install-test-browser"
)
ALL = dict(documents())
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""What axe looks for; left to itself it leaves out what WCAG 2.2 added."""
SEEN = [
    ("casenote.as-published.ko", (360, "dark")),
    ("casenote.as-published.ko", (1280, "dark")),
    ("casenote.as-published.ko", (360, "light")),
    ("plask.policy.ko", (1280, "light")),
]
"""A text with every kind of block in little, and a whole policy."""
NARROW = (
    "litecam.policy.en",
    "talk_with_me.policy.ko",
    "lets.as-published.en",
    "casenote.policy.en",
    "hostile",
)
"""The longest words, the most ends of a period, a text in two languages that differ, the longest address, and names
without a space."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    wanted = {"plask.policy.ko", *NARROW, *(name for name, _ in SEEN)}
    for name, of in {**ALL, "hostile": document(hostile())}.items():
        if name not in wanted:
            continue
        (folder / f"{name}.html").write_text(as_html(of, files={"en": "other.html"}), encoding="utf-8")
    return folder


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    yield context
    context.close()


def seen(context: BrowserContext, site: Path, name: str) -> tuple[Page, list[str]]:
    """The page, and every complaint and request that it came with."""
    heard: list[str] = []
    page = context.new_page()
    page.on("request", lambda each: heard.append(each.url))
    page.on("console", lambda each: heard.append(each.text))
    page.on("dialog", lambda each: heard.append(each.message))
    page.goto((site / f"{name}.html").as_uri())
    return page, heard


@pytest.mark.parametrize(("name", "context"), SEEN, indirect=["context"], ids=str)
def test_axe_finds_nothing_that_keeps_somebody_out(context: BrowserContext, site: Path, name: str) -> None:
    """WCAG 2.2 AA and axe's best practices, at a phone's width and a desk's, in light and dark."""
    page, _ = seen(context, site, name)
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("context", [(360, "light")], indirect=True, ids=str)
def test_nothing_runs_off_a_phones_screen_and_nothing_leaves_the_page(
    context: BrowserContext, site: Path
) -> None:
    for name in NARROW:
        page, heard = seen(context, site, name)
        wide = page.evaluate(
            "[...document.querySelectorAll('body *')].filter(e => !e.closest('.unseen, thead, .skip') && "
            "e.getBoundingClientRect().right > innerWidth + 0.5).map(e => e.outerHTML.slice(0, 80))"
        )
        assert wide == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
        assert heard == [page.url], name
        page.close()


@pytest.mark.parametrize("context", [(360, "light")], indirect=True, ids=str)
def test_on_a_phone_no_address_runs_over_its_card(context: BrowserContext, site: Path) -> None:
    for name in NARROW:
        page, _ = seen(context, site, name)
        over = page.evaluate(
            "[...document.querySelectorAll('td a')].filter(e => e.getBoundingClientRect().right > "
            "e.closest('td').getBoundingClientRect().right + 0.5).map(e => e.textContent)"
        )
        assert over == [], name
        page.close()


@pytest.mark.parametrize("context", [(360, "light")], indirect=True, ids=str)
def test_on_a_phone_every_cell_says_what_it_is_of(context: BrowserContext, site: Path) -> None:
    page, _ = seen(context, site, "plask.policy.ko")
    cell = page.locator("#items td").nth(1)
    shown = cell.evaluate("e => getComputedStyle(e, '::before').content")
    assert shown == '"법적 근거"'
    assert cell.evaluate("e => getComputedStyle(e).display") == "grid"
    assert page.locator("#items table").first.get_attribute("role") == "table"


@pytest.mark.parametrize("context", [(1280, "light")], indirect=True, ids=str)
def test_by_keyboard_one_comes_to_the_text_at_once(context: BrowserContext, site: Path) -> None:
    page, _ = seen(context, site, "plask.policy.ko")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#text"
    page.keyboard.press("Enter")
    page.wait_for_url("**#text")


@pytest.mark.parametrize("context", [(1280, "light")], indirect=True, ids=str)
def test_the_style_sheet_is_let_in_and_nothing_else_would_be(context: BrowserContext, site: Path) -> None:
    page, heard = seen(context, site, "plask.policy.ko")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(252, 251, 248)"
    page.evaluate("document.body.append(Object.assign(new Image, {src: 'https://elsewhere.example/x.png'}))")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.wait_for_timeout(100)
    assert page.evaluate("getComputedStyle(document.body).color") != "rgb(255, 0, 0)"
    assert any("Content Security Policy" in each for each in heard)


@pytest.mark.parametrize("context", [(1280, "dark")], indirect=True, ids=str)
def test_paper_is_white_even_where_the_screen_is_dark(context: BrowserContext, site: Path) -> None:
    page, _ = seen(context, site, "plask.policy.ko")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(28, 36, 48)"
    assert page.locator("nav.contents").is_hidden()
    assert page.locator("#rights").is_visible()
