"""A policy as a PDF to keep or to print: tagged (PDF/UA-1), its font inside, the policy file attached. Pure.

Typst lays it out. The document goes in as data and the template is constant, so no text of a policy can be taken for
markup. The same document makes the same bytes.
"""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from jikim.errors import JikimError
from jikim.render.document.parts import Chapter, Document, single_table
from jikim.render.document.words import SINCE
from jikim.render.wording import say

if TYPE_CHECKING:
    from typst import Fonts, PDFStandard

_CONTENTS: Final = {"ko": "차례", "en": "Contents"}
_ATTACHED: Final = {
    "ko": "이 문서를 만든 처리방침 파일",
    "en": "The policy file from which this document was made",
}


class PdfError(JikimError):
    """A document that cannot be laid out on paper."""


def as_pdf(document: Document, *, policy: bytes, on: date) -> bytes:
    """The whole policy on A4.

    :param policy: the file that it was composed from; it is attached as ``policy.yaml``.
    :param on: the day that the file is said to be from.
    :raises PdfError: it cannot be laid out.
    """
    from typst import TypstError

    inputs = {
        "document": json.dumps(_value(document), ensure_ascii=False),
        "policy": policy.decode("utf-8-sig"),
    }
    try:
        return _compiled(inputs, on, ["ua-1"])
    except TypstError:
        # A letter that no font here has must not keep a policy from being published; then PDF/UA is not claimed.
        try:
            return _compiled(inputs, on, [])
        except TypstError as error:
            raise PdfError(
                f"this policy cannot be laid out as a PDF: {error}", fix="make it as HTML"
            ) from None


def _compiled(inputs: dict[str, str], on: date, standards: "list[PDFStandard]") -> bytes:
    import typst

    made = typst.compile(
        resources.files("jikim.render").joinpath("templates/policy.typ").read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=inputs,
        format="pdf",
        pdf_standards=standards,
        timestamp=datetime(on.year, on.month, on.day, tzinfo=UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no bytes for one PDF")
    return made


@cache
def _fonts() -> "Fonts":
    """The wheel's Korean sans, typst's own for what it lacks, and none of the machine's: the same pages everywhere."""
    import pylopdf_fonts_ko
    import typst

    folder = str(pylopdf_fonts_ko.sans_path().parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])


def _value(document: Document) -> dict[str, Any]:
    language = document.language
    return {
        **asdict(document),
        "heading": document.heading,
        "since": say(SINCE, language),
        "contents": _CONTENTS[language],
        "attachment": _ATTACHED[language],
        "chapters": [_chapter(each) for each in document.chapters],
    }


def _chapter(chapter: Chapter) -> dict[str, Any]:
    blocks = [{"kind": type(block).__name__, **asdict(block)} for block in chapter.blocks]
    return {**asdict(chapter), "blocks": blocks, "single": single_table(chapter)}
