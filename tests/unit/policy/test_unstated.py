"""What a policy leaves open is named at its line, and nothing else is."""

from pathlib import Path

from jikim.policy.unstated import unstated
from jikim.source import Severity

PLASK = Path(__file__).parents[3] / "examples/plask"


def test_every_value_that_says_unstated_is_a_warning_at_its_place() -> None:
    text = b"a: unstated\nb: {c: [x, unstated]}\nd: 1 year after unstated\nunstated: said\n"
    found = unstated(text, name="policy.yaml")
    assert [(f.path, f.span.line if f.span else 0, f.severity) for f in found] == [
        (("a",), 1, Severity.WARNING),
        (("b", "c", 1), 2, Severity.WARNING),
    ]


def test_a_policy_that_says_everything_has_none() -> None:
    assert not unstated((PLASK / "policy.yaml").read_bytes(), name="policy.yaml")
