"""From the bytes of ``policy.yaml`` to a :class:`Policy`, or to everything that is wrong with them. Pure.

Three gates, each telling all it finds before the next is tried: the file is YAML that can be trusted
(:mod:`jikim.source`); it has the shape of a policy (:mod:`jikim.policy.model`); what it names, it declares
(:mod:`jikim.policy.references`). Names of laws are bound later, by ``law.resolve``.
"""

from jikim.policy.model import Policy
from jikim.policy.references import check
from jikim.shape import validate
from jikim.source import Diagnostic, Document, Severity, SourceError, load


class PolicyError(SourceError):
    """A policy that cannot be read; ``diagnostics`` says all that is wrong at the first gate it failed."""


def parse(text: bytes, *, name: str) -> Policy:
    """Reads a policy.

    :param text: the file's bytes.
    :param name: the file's name, as findings should show it.
    :raises PolicyError: with findings sorted by position.
    """
    try:
        document = load(text, name=name)
    except SourceError as error:
        raise PolicyError(error.diagnostics) from None
    _refuse_other_versions(document)
    policy = validate(Policy, document, error=PolicyError).read_from(document)
    if findings := check(policy):
        raise PolicyError(findings)
    return policy


def _refuse_other_versions(document: Document) -> None:
    """A file of another version is not judged by the rules of this one."""
    if not isinstance(document.value, dict) or "jikim" not in document.value:
        return
    version = document.value["jikim"]
    if version == 1 and isinstance(version, int):
        return
    raise PolicyError(
        (
            Diagnostic(
                "unknown-version",
                Severity.ERROR,
                f"version `{version}` of the policy language is not known",
                why="a file of another version may mean something else by the same words",
                fix="write `jikim: 1`, or read the file with the jikim it was written for",
                span=document.span(("jikim",)),
                path=("jikim",),
            ),
        )
    )
