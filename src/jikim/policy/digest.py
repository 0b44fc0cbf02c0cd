"""The digest of what a policy says, whichever way it is written. Pure."""

from typing import Any

from jikim import canonical
from jikim.policy.model import Policy


def meaning(policy: Policy) -> Any:
    """The policy as a JSON value: one form for every way of writing the same promise.

    Layout, comments, the order of keys, the order of lists whose order means nothing, spellings of a period
    (``1 year``, ``1년``) and keys written with their default are gone; every word a person reads is in it.
    """
    return policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def policy_digest(policy: Policy) -> str:
    """``sha256:<hex>`` of :func:`meaning`."""
    return canonical.digest(meaning(policy))
