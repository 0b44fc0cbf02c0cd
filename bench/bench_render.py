"""How long the published page takes: composed, written as HTML and as PDF, for the longest of the example policies.

In a process that has imported what it needs. Beside the page stands a bare Jinja template that writes about as many
bytes: what no page made by Jinja goes below.
"""

from collections.abc import Iterator
from datetime import date

from examples.litecam.world import LITECAM
from jinja2 import Environment

from bench.measure import Figure, Scale, at_most, median
from jikim.law.resolve import resolve
from jikim.plan.timeline import timeline
from jikim.policy.parse import parse
from jikim.render.document.compose import compose
from jikim.render.document.parts import Document
from jikim.render.html import as_html
from jikim.render.jsonld import as_json_ld
from jikim.render.markdown import as_markdown
from jikim.render.pdf import as_pdf

IN_FORCE = date(2026, 11, 21)


def figures(scale: Scale) -> Iterator[Figure]:
    """Each more often than asked for: a single one is over soon."""
    rounds = scale.times * 4 + 1
    source = (LITECAM.folder / "policy.yaml").read_bytes()
    policy = parse(source, name="policy.yaml")

    def composed() -> Document:
        life = timeline(resolve(policy, in_force_on=IN_FORCE))
        return compose(policy, language="ko", in_force_on=IN_FORCE, timeline=life)

    document = composed()
    html = as_html(document, files={})
    whole = median(rounds, lambda: as_html(composed(), files={})) * 1000
    part = median(rounds, composed) * 1000
    yield Figure(
        "a policy as HTML", "ms", whole, target=at_most(100), note="composed, with figures, and written"
    )
    yield Figure("of that: composed", "ms", part, note=f"{part / whole:.0%} of the whole")
    bare = Environment(autoescape=True).from_string("{% for word in words %}<p>{{ word }}</p>{% endfor %}")
    words = [html[at : at + 93] for at in range(0, len(html), 100)]
    floor = median(rounds, lambda: bare.render(words=words)) * 1000
    yield Figure("a bare template of that size", "ms", floor, note="what no page made by Jinja goes below")
    yield Figure("the page", "kB", len(html.encode()) / 1000, target=at_most(150))
    for name, work in (
        ("as Markdown", lambda: as_markdown(document)),
        ("as JSON-LD", lambda: as_json_ld(policy, in_force_on=IN_FORCE)),
    ):
        yield Figure(name, "ms", median(rounds, work) * 1000)
    pdf = as_pdf(document, policy=source, on=IN_FORCE)
    paper = median(scale.times + 1, lambda: as_pdf(document, policy=source, on=IN_FORCE))
    yield Figure("as PDF", "s", paper, target=at_most(1), note="fonts loaded once before")
    yield Figure("the PDF", "kB", len(pdf) / 1000)
