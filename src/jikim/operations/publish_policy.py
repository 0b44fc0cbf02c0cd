"""Publish a version of the policy: the ledger keeps it for good, and the log says so."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa

from jikim.canonical import digest
from jikim.errors import JikimError
from jikim.evidence.entry import PolicyBody
from jikim.ledger import policies, queue
from jikim.ledger.engine import transaction
from jikim.ledger.policies import Published
from jikim.ledger.queue import Draft
from jikim.notices.publishing import Judgement
from jikim.policy.digest import policy_digest
from jikim.policy.model import Policy


class PublishingError(JikimError):
    """A version that may not be published as it is; ``judgement`` says all that stands against it."""

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement
        first, *others = judgement.refusals
        more = f" (and {len(others)} more)" if others else ""
        super().__init__(f"{first.reason}{more}", fix=first.fix)


@dataclass(frozen=True)
class Word:
    """What whoever publishes says besides.

    :param because: why by the lenient reading.
    :param planned: of which consent is going to be asked again.
    :param elsewhere: it was announced on its day already.
    """

    reading: Literal["strict", "lenient"] = "strict"
    because: str = ""
    planned: tuple[str, ...] = ()
    elsewhere: bool = False


def published(ledger: sa.Engine) -> tuple[Published, ...]:
    """Every version that was published, the oldest first. Raises ``LedgerError``."""
    with transaction(ledger, doing="reading published policies") as connection:
        return policies.every(connection)


def publish_policy(
    ledger: sa.Engine,
    policy: Policy,
    text: bytes,
    *,
    judgement: Judgement,
    word: Word,
    pages: Mapping[str, bytes],
    after: int,
    at: datetime,
) -> Published:
    """Add a version, once and for good, with its evidence in the same transaction.

    :param text: the policy's file, byte for byte.
    :param pages: the rendered texts by name, whose digests are kept.
    :param after: the place of the newest version it was judged against; 0 for none.
    :raises PublishingError: something stands against it.
    :raises LedgerError: another was published meanwhile, or one of that version or day is there already.
    """
    version, announced, effective = policy.version, policy.announced, policy.effective
    if judgement.refusals or version is None or announced is None or effective is None:
        raise PublishingError(judgement)
    said = {
        **judgement.to_json(),
        "reading": word.reading,
        "because": word.because,
        "asked_again": sorted(word.planned),
        "announced_elsewhere": word.elsewhere,
        "pages": {name: digest_of(page) for name, page in pages.items()},
    }
    body = PolicyBody(
        service=policy.service.id,
        version=version,
        policy=policy_digest(policy),
        announced=announced.isoformat(),
        effective=effective.isoformat(),
        reading=word.reading,
        judged=digest(said),
        pages=said["pages"],
    )
    with transaction(ledger, doing="publishing a policy") as connection:
        kept = policies.add(
            connection,
            version=version,
            digest=body.policy,
            text=text,
            announced=announced,
            effective=effective,
            said=said,
            at=at,
            after=after,
        )
        key = queue.key(body.kind, body.service, version)
        queue.enqueue(connection, [Draft.of(body, key=key, at=at, as_of=at)])
    return kept


def digest_of(page: bytes) -> str:
    """``sha256:<hex>`` of a rendered text, byte for byte."""
    return f"sha256:{hashlib.sha256(page).hexdigest()}"


def in_force_on(ledger: sa.Engine, day: date) -> Published | None:
    """The version in force on a day; None before the first. Raises ``LedgerError``."""
    return policies.in_force_on(published(ledger), day)
