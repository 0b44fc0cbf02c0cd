"""A policy as PDF: tagged, in its language, its font inside, its words whole, the policy file attached."""

import io
import re
from dataclasses import replace
from datetime import date
from functools import cache

from pypdf import PdfReader
from tests.published import document, documents, hostile, source

from jikim.render.document.parts import Document, line
from jikim.render.pdf import as_pdf

ALL = dict(documents())
ON = date(2026, 1, 12)


@cache
def plask() -> bytes:
    return as_pdf(ALL["plask.policy.ko"], policy=source("plask"), on=ON)


def text(pdf: bytes) -> str:
    """All of it, without the spaces that lines and cells put between words."""
    return "".join("".join(lines(pdf)).split())


@cache
def lines(pdf: bytes) -> tuple[str, ...]:
    """As they stand on the pages."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return tuple(line.strip() for page in pages for line in page.extract_text().splitlines())


def short(of: Document) -> Document:
    """The first chapter: enough to be hostile in."""
    return replace(of, chapters=of.chapters[:1], labels=())


def test_the_file_is_tagged_and_says_its_language_and_title() -> None:
    reader = PdfReader(io.BytesIO(plask()))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ko"
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert reader.metadata.title == "플라스크 개인정보 처리방침"


def test_every_font_is_inside_and_it_is_the_korean_one() -> None:
    fonts = {
        str(font["/BaseFont"])
        for page in PdfReader(io.BytesIO(plask())).pages
        for font in (ref.get_object() for ref in page["/Resources"]["/Font"].values())
    }
    assert fonts
    assert all(re.fullmatch(r"/[A-Z]{6}\+NotoSansKR-Regular.*", font) for font in fonts)


def test_korean_can_be_read_out_of_it_word_by_word() -> None:
    words = text(plask())
    for said in (
        "플라스크는 다음 목적으로 개인정보를 처리합니다.",
        "동의를 받아 처리하는 개인정보",
        "계약 이행 또는 청약철회 후 5년",
        "privacy@plask.example",
    ):
        assert said.replace(" ", "") in words
    assert not re.search("[\u2060\u200b\ufffd]", words)


def test_no_line_ends_inside_a_korean_word() -> None:
    """What ends a line is the end of a word that the document has."""
    known = set(re.findall(r"[가-힣]+(?![가-힣])", str(ALL["plask.policy.ko"]) + "차례"))
    ends = [last[0] for line in lines(plask()) if (last := re.search(r"[가-힣]+$", line))]
    assert len(ends) > 100
    assert not set(ends) - known


def test_the_policy_file_is_attached_as_it_was_written() -> None:
    attached = PdfReader(io.BytesIO(plask())).attachments
    assert attached == {"policy.yaml": [source("plask")]}


def test_the_same_document_makes_the_same_bytes() -> None:
    assert as_pdf(ALL["plask.policy.ko"], policy=source("plask"), on=ON) == plask()


def test_links_lead_within_the_file_to_pages_and_to_addresses_and_nowhere_else() -> None:
    found = [
        annotation.get_object()
        for page in PdfReader(io.BytesIO(plask())).pages
        for annotation in page.get("/Annots", [])
    ]
    addresses = {str(each["/A"]["/URI"]) for each in found if "/A" in each and "/URI" in each["/A"]}
    assert "mailto:privacy@plask.example" in addresses
    assert all(each.startswith(("mailto:", "tel:", "https://")) for each in addresses)


def test_a_hostile_name_is_only_a_name() -> None:
    words = text(as_pdf(short(document(hostile())), policy=b"jikim: 1\n", on=ON))
    assert "<script>alert(1)</script>" in words
    assert "{{7*7}}#panic()" in words


def test_a_letter_that_no_font_has_keeps_no_policy_from_being_published() -> None:
    """It is a tagged file all the same, and only does not claim the standard that asks for every letter."""
    of = replace(short(ALL["plask.policy.ko"]), title="개인정보 처리방침 \N{FIRE}")
    pdf = as_pdf(of, policy=b"jikim: 1\n", on=ON)
    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" not in root["/Metadata"].get_data()
    assert b"pdfuaid" in PdfReader(io.BytesIO(plask())).trailer["/Root"]["/Metadata"].get_data()


def test_a_published_text_is_whole_too() -> None:
    of = ALL["casenote.as-published.ko"]
    words = text(as_pdf(of, policy=source("casenote", as_published=True), on=ON))
    assert all(chapter.heading.replace(" ", "") in words for chapter in of.chapters)


def test_a_text_of_a_thousand_words_or_one_endless_word_is_laid_out_whole() -> None:
    long = " ".join(f"낱말{n}" for n in range(1000))
    of = replace(short(ALL["plask.policy.ko"]), preamble=(line(long), line("긴" * 3000)))
    said = text(as_pdf(of, policy=b"x: 1", on=ON))
    assert "".join(long.split()) in re.sub(r"플라스크개인정보처리방침·\d/\d", "", said)
    assert said.count("긴") == 3000
