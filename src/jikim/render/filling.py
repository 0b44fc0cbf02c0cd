"""How the templates of pages are filled: everything that was written is escaped, nothing may be missing. Pure."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jikim.render.columns import printable


def environment() -> Environment:
    """A new one, to which a page may add filters of its own."""
    return Environment(
        loader=PackageLoader("jikim.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )


def _shown(value: object) -> object:
    """What does not print, or turns the reading direction, is replaced; markup of our own stands as it is."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
