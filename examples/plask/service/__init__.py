"""What Plask's application does, as plain functions over a connection. Effectful.

Each function is one use case and one transaction, and takes the moment it happens ``at``; the connection is
the service's own (role ``plask_app``). The application knows nothing of jikim: it writes, and it locks.
"""

from examples.plask.service.errors import (
    AddressTakenError,
    NotFoundError,
    PlaskError,
    SignInRefusedError,
    SignUpRefusedError,
    UndoRefusedError,
)
from examples.plask.service.membership import (
    Session,
    agree_to_profile,
    agree_to_topic,
    join,
    leave,
    report_abuse,
    sign_in,
    sign_out,
    undo_leave,
    visit,
    withdraw_profile,
    withdraw_topics,
)
from examples.plask.service.outreach import (
    enter_event,
    subscribe,
    withdraw_entry,
    withdraw_subscription,
)
from examples.plask.service.passwords import hash_password, keyed_address
from examples.plask.service.shop import (
    Charge,
    PaymentFirm,
    SimulatedFirm,
    ask_refund,
    complete,
    order,
    pay,
    refund,
    settle,
)
from examples.plask.service.studio import create_project, upload
from examples.plask.service.support import answer, close, post, reply

__all__ = [
    "AddressTakenError",
    "Charge",
    "NotFoundError",
    "PaymentFirm",
    "PlaskError",
    "Session",
    "SignInRefusedError",
    "SignUpRefusedError",
    "SimulatedFirm",
    "UndoRefusedError",
    "agree_to_profile",
    "agree_to_topic",
    "answer",
    "ask_refund",
    "close",
    "complete",
    "create_project",
    "enter_event",
    "hash_password",
    "join",
    "keyed_address",
    "leave",
    "order",
    "pay",
    "post",
    "refund",
    "reply",
    "report_abuse",
    "settle",
    "sign_in",
    "sign_out",
    "subscribe",
    "undo_leave",
    "upload",
    "visit",
    "withdraw_entry",
    "withdraw_profile",
    "withdraw_subscription",
    "withdraw_topics",
]
