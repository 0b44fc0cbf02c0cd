"""A service of many tables, as large ones are: departments that each keep the same kinds of records about members.

All of it is made up, and kept by Plask's policy: rows that are a member's own by one, two or three references, records
that a statute demands, classes of rows, people who are known by an address only, and rows of two members. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

DEPARTMENTS = 22
"""With nine tables each, and two that all share: 200 tables of 15 columns, 3,000 in all."""
COLUMNS = 15
_TIME = "timestamptz"


@dataclass(frozen=True)
class Kind:
    """One kind of table, its columns by what SQL and what the map say of them; ``{n}`` is the department's number."""

    name: str
    columns: Mapping[str, tuple[str, str]]
    says: str
    """What the map says of the table beside its columns."""

    def written(self, n: int) -> tuple[str, str]:
        """The table as SQL makes it, and as the map has it."""
        name, spare = self.name.format(n=n), COLUMNS - 1 - len(self.columns)
        columns = {**self.columns, **{f"setting_{number}": ("text", "no") for number in range(1, spare + 1)}}
        made = ", ".join(f"{column} {kind}" for column, (kind, _) in columns.items())
        sought = [column for column, (kind, _) in columns.items() if kind.startswith(("bigint", _TIME))]
        indexes = "".join(f"create index on {name} ({column});\n" for column in sought)
        mapped = ", ".join(f"{column}: {meant}" for column, (_, meant) in columns.items() if meant)
        return (
            f"create table {name} (id bigint primary key, {made});\n{indexes}".format(n=n),
            f"  {name}: {{{self.says}, columns: {{{mapped}}}}}\n".replace("{n}", str(n)),
        )


_BY = "bigint not null references"
MEMBERS = Kind(
    "members",
    {
        "email": ("text not null unique", '{item: email, mask: "tag(gone-{tag}@invalid.example)"}'),
        "name": ("text not null", "{item: name, mask: fixed(-)}"),
        "password_hash": ("text not null", "{item: password, mask: fixed(-)}"),
        "joined_at": (_TIME, "no"),
        "status": ("text not null default 'active'", "no"),
        "left_at": (_TIME, "no"),
    },
    "processing: [membership]",
)
PRODUCTS = "create table products (id bigint primary key, {columns});\n".format(
    columns=", ".join(f"property_{number} text" for number in range(1, COLUMNS))
)
KINDS = (
    Kind(
        "profiles_{n}",
        {
            "member_id": (f"{_BY} members", ""),
            "birth_date": ("text", "birth-date"),
            "phone": ("text", "phone"),
            "sex": ("text", "sex"),
            "residence": ("text", "residence"),
            "occupation": ("text", "occupation"),
            "nationality": ("text", "nationality"),
            "agreed_at": (_TIME, "no"),
            "withdrawn_at": (_TIME, ""),
        },
        "owner: {member: member_id}, processing: [profile], facts: {consent withdrawn: withdrawn_at}",
    ),
    Kind(
        "sessions_{n}",
        {
            "member_id": ("bigint not null", ""),
            "token_hash": ("text", "session-token"),
            "ip": ("inet", "ip"),
            "browser": ("text", "browser"),
            "created_at": (f"{_TIME} not null", "no"),
            "ended_at": (_TIME, ""),
        },
        "owner: {member: member_id}, orphans: date-from(created_at), processing: [sign-in], "
        "facts: {session ended: ended_at}",
    ),
    Kind(
        "orders_{n}",
        {
            "member_id": (f"{_BY} members", ""),
            "product_id": ("bigint references products", "no"),
            "amount": ("integer not null", '{item: order-history, mask: "fixed(0)"}'),
            "summary": ("text not null", "{item: order-history, mask: fixed(-)}"),
            "ordered_at": (f"{_TIME} not null", "{item: order-history, mask: year}"),
            "completed_at": (_TIME, "order-history"),
        },
        "owner: {member: member_id}, processing: [purchase], records: [contracts], "
        "facts: {contract completed: completed_at}",
    ),
    Kind(
        "payments_{n}",
        {
            "order_id": (f"{_BY} orders_{{n}}", ""),
            "token": ("text", "payment-token"),
            "approval": ("text", "payment-record"),
            "amount": ("integer not null", '{item: payment-record, mask: "fixed(0)"}'),
            "paid_at": (f"{_TIME} not null", "{item: payment-record, mask: year}"),
            "settled_at": (_TIME, "payment-record"),
        },
        "owner: {orders_{n}: order_id}, processing: [purchase, settlement], records: [payments], "
        "facts: {payment settled: settled_at}",
    ),
    Kind(
        "refunds_{n}",
        {
            "payment_id": (f"{_BY} payments_{{n}}", ""),
            "reason": ("text", "refund-record"),
            "amount": ("integer", "refund-record"),
            "requested_at": (_TIME, "refund-record"),
            "refunded_at": (_TIME, "refund-record"),
        },
        "owner: {payments_{n}: payment_id}, processing: [purchase], records: [contracts], "
        "facts: {contract completed: refunded_at}",
    ),
    Kind(
        "support_posts_{n}",
        {
            "member_id": ("bigint references members", ""),
            "email": ("text", "{item: email, mask: fixed(-)}"),
            "name": ("text", "{item: name, mask: fixed(-)}"),
            "kind": ("text not null", "no"),
            "title": ("text not null", "{item: support-content, mask: fixed(-)}"),
            "body": ("text not null", "{item: support-content, mask: fixed(-)}"),
            "created_at": (f"{_TIME} not null", "{item: support-content, mask: year}"),
            "answered_at": (_TIME, "no"),
            "closed_at": (_TIME, "support-content"),
        },
        "owner: [{member: member_id}, {enquirer: [email]}], orphans: date-from(created_at), rows: {"
        "complaint: {where: {kind: complaint}, processing: [support], records: [complaints], "
        "facts: {purpose met: closed_at, complaint closed: closed_at}}, "
        "enquiry: {processing: [support], facts: {purpose met: answered_at}}}",
    ),
    Kind(
        "support_replies_{n}",
        {
            "post_id": (f"{_BY} support_posts_{{n}}", ""),
            "body": ("text", "support-reply"),
            "created_at": (f"{_TIME} not null", "no"),
        },
        "owner: {support_posts_{n}: post_id}, orphans: date-from(created_at), rows: {"
        "complaint: {where: {post_id.kind: complaint}, processing: [support], records: [complaints], "
        "facts: {purpose met: post_id.closed_at, complaint closed: post_id.closed_at}}, "
        "enquiry: {processing: [support], facts: {purpose met: post_id.answered_at}}}",
    ),
    Kind(
        "scenes_{n}",
        {
            "made_by": (f"{_BY} members", ""),
            "played_by": ("bigint references members", ""),
            "title": ("text not null", "{item: project-title, mask: fixed(-)}"),
            "motion": ("text", "motion-file"),
            "made_at": (_TIME, "no"),
        },
        "co_owners: [{member: made_by}, {member: played_by}], orphans: destroy, processing: [projects]",
    ),
    Kind(
        "access_log_{n}",
        {
            "member_id": ("bigint", ""),
            "ip": ("inet", "{item: ip, mask: truncated-ip}"),
            "browser": ("text", "browser"),
            "path": ("text", "usage"),
            "search": ("text", "search-terms"),
            "at": (f"{_TIME} not null", "visit-time"),
        },
        "owner: [{member: member_id}, {visitor: [ip]}], orphans: date-from(at), processing: [statistics], "
        "records: [visits], facts: {recorded: at}",
    ),
)
_HEAD = """jikim: 1
service: plask
stores:
  app: {url: env:WIDE_SWEEPER_URL, zone: Asia/Seoul, app_role: wide_app, must_reach: rewritten within 30 days}
  archive: {url: env:WIDE_KEEPER_URL, tables_in: kept_by_law}
subjects:
  member: {table: members, key: id, facts: {membership ended: {column: left_at, when: {status: left}}}}
tables:
  products: {personal: no}
"""


def wide(departments: int) -> tuple[str, bytes]:
    """What makes the tables of so many departments, and the map of them."""
    made, mapped = zip(*_tables(departments), strict=True)
    return "".join((PRODUCTS, *made)), "".join((_HEAD, *mapped)).encode()


def _tables(departments: int) -> Iterator[tuple[str, str]]:
    yield MEMBERS.written(0)
    for n in range(1, departments + 1):
        for kind in KINDS:
            yield kind.written(n)
