"""The documents of the example services, for tests of what people read."""

from datetime import date
from functools import cache
from typing import Final

from tests.servers import PROJECT

from jikim.law.resolve import ResolveError, resolve
from jikim.plan.timeline import timeline
from jikim.policy.model import Policy
from jikim.policy.parse import parse
from jikim.render.document.compose import compose, published_in
from jikim.render.document.parts import Document
from jikim.render.wording import Language

IN_FORCE_ON: Final = date(2026, 11, 21)
SERVICES: Final = ("lets", "litecam", "talk_with_me", "casenote", "plask")
HOSTILE: Final = (
    "<script>alert(1)</script> \"'&\n`*_[x](javascript:alert) | #\u202e\u001b[31m{{ 7*7 }} #panic()"
)
"""A name that would like to be markup in one of the forms, to command a terminal, or to turn the reading direction."""


@cache
def source(service: str, *, as_published: bool = False) -> bytes:
    """An example's policy, or the text as it was published."""
    name = "as-published.yaml" if as_published else "policy.yaml"
    return (PROJECT / "examples" / service / name).read_bytes()


def policy(service: str, *, as_published: bool = False) -> Policy:
    """The same, read."""
    return parse(source(service, as_published=as_published), name="policy.yaml")


def document(of: Policy, language: Language = "ko") -> Document:
    """The document of a policy, with figures where it leaves nothing open."""
    try:
        life = timeline(resolve(of, in_force_on=IN_FORCE_ON))
    except ResolveError:
        life = None
    return compose(of, language=language, in_force_on=IN_FORCE_ON, timeline=life)


@cache
def documents() -> tuple[tuple[str, Document], ...]:
    """Every example in every language that it is published in, and every text as it was published."""
    found = []
    for service in SERVICES:
        for as_published in (False, True):
            read = policy(service, as_published=as_published)
            kind = "as-published" if as_published else "policy"
            found += [(f"{service}.{kind}.{each}", document(read, each)) for each in published_in(read)]
    return tuple(found)


@cache
def hostile() -> Policy:
    """Plask's promise with such names wherever a text or an address stands."""
    text = source("plask").decode()
    wanted = {
        "ko: 플라스크, en": f"ko: {_quoted(HOSTILE)}, en",
        "ko: 플라스크 주식회사": f"ko: {_quoted(HOSTILE)}",
        "ko: 비밀번호, en": f"ko: {_quoted(HOSTILE)}, en",
        "ko: 관심분야에 맞춘 콘텐츠 추천": f"ko: {_quoted(HOSTILE)}",
        "ko: 회원, en: Member": f"ko: {_quoted(HOSTILE)}, en: Member",
        "ko: 직업, en": f"ko: {'긴' * 200}, en",
        "ko: 예시챗, en": f"ko: {_quoted(HOSTILE)}, en",
        "ko: 개인정보보호팀, en": f"ko: {_quoted(HOSTILE)}, en",
        "url: https://plask.example/privacy/1.0": "url: 'javascript:alert(1)'",
        "contact: privacy@chat.example": "contact: 'data:text/html,<b>x</b>'",
        "phone: 02-0000-0000": "phone: 'javascript:alert(2)'",
    }
    for harmless, written in wanted.items():
        assert harmless in text, harmless
        text = text.replace(harmless, written)
    return parse(text.encode(), name="policy.yaml")


def _quoted(text: str) -> str:
    """As YAML writes what does not print."""
    import json

    return json.dumps(text)
