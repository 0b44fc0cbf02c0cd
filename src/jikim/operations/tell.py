"""Tell of facts that stand in no row of the service: first the ledger, with its evidence, then the store.

The ledger's transaction is what counts. A store that could not be told is *behind*; nothing is destroyed in it until
it is told, which every run does first.
"""

import json
from datetime import datetime

import sqlalchemy as sa

from jikim.backends.base import Store, StoreError
from jikim.canonical import canonical
from jikim.evidence.entry import Body
from jikim.ledger import facts, queue
from jikim.ledger.engine import looking, transaction
from jikim.ledger.queue import Draft
from jikim.plan.telling import Telling

_AT_ONCE = 1000


def tell(ledger: sa.Engine, store: Store, word: Telling, body: Body) -> int:
    """Put a word on record, and tell the store; its place in the ledger.

    :param body: what evidence says of it.
    :raises LedgerError: the ledger refused; nothing was said.
    :raises StoreError: the store could never be told of it, and nothing was said; or it could not be told now: the
        ledger has the word then, and tells it before the next run.
    """
    store.understands(word)
    with transaction(ledger, doing="recording a fact") as connection:
        id = f"{word.kind}:{word.id}" if word.id else None
        over = id is not None and word.happened_at is None
        place = facts.say(connection, canonical(word.to_json()), at=word.at, id=id, over=over)
        draft = Draft.of(body, key=queue.key(body.kind, "told", place), at=word.at, as_of=word.at)
        queue.enqueue(connection, [draft])
    try:
        catch_up(ledger, store)
    except StoreError as error:
        fix = f"{error.fix}; do not say it again: the ledger has it, and the next run tells the store first"
        raise StoreError(str(error), fix=fix) from None
    return place


def catch_up(ledger: sa.Engine, store: Store) -> int:
    """Tell the store what it has not heard; how many words.

    :raises LedgerError: the ledger no longer holds what it would have to tell.
    :raises StoreError: the store could not be told.
    """
    told = 0
    while True:
        heard = store.heard()
        with transaction(ledger, doing="reading facts") as connection:
            words = facts.after(connection, heard, most=_AT_ONCE)
        if not words:
            return told
        store.hear([(place, Telling.from_json(json.loads(said))) for place, said in words])
        told += len(words)


def behind(ledger: sa.Engine, store: Store) -> int:
    """How many words the store has not heard."""
    with looking(ledger, doing="reading facts") as connection:
        head = facts.head(connection)
    return max(0, head - store.heard())


def forget(ledger: sa.Engine, store: Store, *, before: datetime) -> None:
    """Forget words said before then that the store has heard, and facts about people of whom it stores nothing."""
    store.drop_untold()
    heard = store.heard()
    with transaction(ledger, doing="forgetting facts") as connection:
        facts.forget(connection, told=heard, before=before)
