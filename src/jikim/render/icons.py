"""Our own drawings for the labels of a policy: strokes on a square of 24, in the colour of the text around. Pure."""

from collections.abc import Mapping
from typing import Final

ICONS: Final[Mapping[str, str]] = {
    "items": "M6 4h12v16H6zM9 8.5h6M9 12h6M9 15.5h3.5",
    "guarded": "M12 3l7 2.8v5.4c0 4.6-2.9 7.8-7 9.8-4.1-2-7-5.2-7-9.8V5.8zM12 8.5v4.5M12 16h.01",
    "purposes": "M12 3.5a8.5 8.5 0 1 0 .01 0M12 8a4 4 0 1 0 .01 0M12 12h.01",
    "advertising": "M4 10v4h3.5l8 4V6l-8 4zM7.5 14v5h3v-3.5M19 9.5c1 1.5 1 3.5 0 5",
    "destruction": "M5 7h14M9.5 7V4h5v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
    "law": "M4 20h16M4.5 9L12 4l7.5 5zM7 9.5V17M12 9.5V17M17 9.5V17M5 17h14",
    "children": "M12 5a3 3 0 1 0 .01 0M6.5 20c0-4.2 2.3-6.5 5.5-6.5s5.5 2.3 5.5 6.5",
    "third-parties": "M10 5H5v14h14v-5M13.5 4.5h6v6M19.5 4.5L11 13",
    "processors": "M4 8h16v11H4zM9 8V5h6v3M4 13h16M12 12v2",
    "abroad": "M12 3.5a8.5 8.5 0 1 0 .01 0M3.5 12h17M12 3.5c2.7 2.7 3.5 5.5 3.5 8.5s-.8 5.8-3.5 8.5"
    "c-2.7-2.7-3.5-5.5-3.5-8.5s.8-5.8 3.5-8.5",
    "cookies": "M12 3.5a8.5 8.5 0 1 0 8.5 8.5 3.8 3.8 0 0 1-4.5-4 3.8 3.8 0 0 1-4-4.5z"
    "M8.5 10h.01M9 15h.01M14 15.5h.01",
    "rights": "M10 4.5a3.2 3.2 0 1 0 .01 0M4 20c0-4.2 2.400-6.5 6-6.5 1.2 0 2.3.3 3.2.8M14 17.8l2.5 2.5 4.5-5",
    "contact": "M4 5h16v11h-8l-4.5 4v-4H4zM8 9h8M8 12.5h5",
}
"""By the kind of a :class:`jikim.render.document.parts.Label`; each is the ``d`` of one path."""
