"""Publish a version of the policy: the ledger keeps it for good, and the log says so."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from jikim.canonical import digest
from jikim.errors import JikimError
from jikim.evidence.entry import PolicyBody
from jikim.law.counting import NoticeReading
from jikim.law.rules import lint
from jikim.ledger import policies, queue
from jikim.ledger.engine import transaction
from jikim.ledger.policies import Published
from jikim.ledger.queue import Draft
from jikim.notices.publishing import Judgement, judge
from jikim.policy.digest import policy_digest
from jikim.policy.model import Policy
from jikim.policy.parse import parse
from jikim.render.pages import law_of
from jikim.render.site import Version, slug, version_pages


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

    reading: NoticeReading = "strict"
    because: str = ""
    planned: tuple[str, ...] = ()
    elsewhere: bool = False


def published(ledger: sa.Engine) -> tuple[Published, ...]:
    """Every version that was published, the oldest first. Raises ``LedgerError``."""
    with transaction(ledger, doing="reading published policies") as connection:
        return policies.every(connection)


def in_force_on(known: tuple[Published, ...], day: date) -> Published | None:
    """The version that is in force on a day; None before the first."""
    return policies.in_force_on(known, day)


def version_of(kept: Published) -> Version:
    """A published version, to be rendered. Raises ``PolicyError`` where this jikim cannot read its file any more."""
    policy = parse(kept.text, name=f"version {kept.version}")
    return Version(kept.version, policy, kept.text, kept.announced, kept.effective, kept.at)


def changed_pages(known: Iterable[Published], made: Mapping[str, bytes]) -> dict[str, str]:
    """Pages of published versions that are made otherwise now than when they went out, with the digests they had.

    A later jikim, or its knowledge of the law, may word a page anew; what was published does not change by that.
    """
    published = {name: digest for each in known for name, digest in each.said["pages"].items()}
    return {
        name: digest
        for name, digest in published.items()
        if name in made and page_digest(made[name]) != digest
    }


def page_digest(page: bytes) -> str:
    """``sha256:<hex>`` of a page, as the log has it."""
    return f"sha256:{hashlib.sha256(page).hexdigest()}"


def judge_policy(policy: Policy, *, known: tuple[Published, ...], word: Word, today: date) -> Judgement:
    """Whether a policy may be published after those that were.

    :param policy: read from its file.
    """
    return judge(
        policy,
        before=version_of(known[-1]).policy if known else None,
        found=lint(policy, in_force_on=law_of(policy, today)).findings,
        reading=word.reading,
        because=word.because,
        planned=word.planned,
        today=today,
        elsewhere=word.elsewhere,
        namesake=_namesake(policy, known),
    )


def _namesake(policy: Policy, known: tuple[Published, ...]) -> str | None:
    """The published version that has this one's name, or an address that no folder can keep apart from its."""
    address = slug(str(policy.version)).casefold()
    return next((each.version for each in known if slug(each.version).casefold() == address), None)


def publish_policy(
    ledger: sa.Engine, policy: Policy, text: bytes, *, word: Word, today: date, at: datetime
) -> Judgement:
    """Add a version, once and for good, with its evidence in the same transaction; how it was judged.

    :param text: the policy's file, byte for byte.
    :raises PublishingError: something stands against it.
    :raises LedgerError: another was published meanwhile, or one of that version or day is there already.
    """
    known = published(ledger)
    judgement = judge_policy(policy, known=known, word=word, today=today)
    version, announced, effective = policy.version, policy.announced, policy.effective
    if judgement.refusals or version is None or announced is None or effective is None:
        raise PublishingError(judgement)
    before = version_of(known[-1]) if known else None
    made = version_pages(before, Version(version, policy, text, announced, effective, at))
    said = {
        **judgement.to_json(),
        "reading": word.reading,
        "because": word.because,
        "asked_again": sorted(word.planned),
        "announced_elsewhere": word.elsewhere,
        "pages": {name: page_digest(page) for name, page in made.items()},
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
        policies.add(
            connection,
            version=version,
            digest=body.policy,
            text=text,
            announced=announced,
            effective=effective,
            said=said,
            at=at,
            after=len(known),
        )
        key = queue.key(body.kind, body.service, version)
        queue.enqueue(connection, [Draft.of(body, key=key, at=at, as_of=at)])
    return judgement
