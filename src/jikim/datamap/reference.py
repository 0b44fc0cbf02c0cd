"""What editors and readers are told of ``datamap.yaml``: its JSON Schema, and its reference page. Pure.

``docs/reference/datamap.md`` is this page; a test fails when the two differ::

    python -c "from jikim.datamap.reference import page; print(page(), end='')" > docs/reference/datamap.md
"""

from collections.abc import Iterator
from typing import Any, Final

from jikim.datamap.model import DataMap
from jikim.policy.reference import marks_of, sections
from jikim.policy.schema import exported

_HEAD: Final = """# datamap.yaml

Where the promise of [policy.yaml](policy.md) lives: every table and column of the service's store, whose row it
is, which item a column holds and when its clocks start. This page is generated from the model; do not edit it.

Each key has a mark, which says what jikim does with it:

- **enforced**: a run acts on it.
- **checked**: a rule or an audit compares it with something and reports.

*By name* means a map whose keys are names: of tables, of columns, of kinds of people. A *column* that stands
for a clock may step through a reference: `order_id.completed_at` is the column of the order that `order_id`
points to. Every table and every column is mapped or says `no`; key, owner and clock columns need no line of
their own unless they hold an item.

A table of another schema is named with it: `audit.logins`. A name that itself holds a dot is written in double quotes,
as in SQL: `'"a.b"'` is one table, `'audit."a.b"'` one of the schema `audit`.

## Whose row it is

| written | means |
|---|---|
| `{member: member_id}` | the member with that key; of several columns `{member: [site, number]}`, in the key's order |
| `{orders: order_id}` | whoever owns that order |
| `{guest: guest_email}` | somebody without a row of their own, named by what stands there |
| `{polymorphic: {type: owner_type, id: owner_id, Member: member, Order: orders, Product: no}}` | \
the member, or the order's owner, by what `owner_type` says; a picture of a product is about nobody |

Several owners are tried in their order: a row is the first one's whose columns are filled in and, where `when` or a
kind says which values must stand beside them, have these. A key may stand as text beside a kind (`'42'`). A row that is
none of theirs belongs to nobody who exists (see below); if it names nobody at all, it counts as an orphan of the first
kind of people. A kind that is a number stands in the long form: `{to: member, columns: of, when: {kind: 7}}`.

People named inline are one person when their texts are the same. With `inline: {guest: {match: any-case}}` the letters
`A` to `Z` are read as `a` to `z` and every other letter stands as it is, in every store alike: `Kim@X.example` and
`kim@x.example` are one guest, to holds, explanations and the archive; `ẞ` and `ß` are two letters.

What names rows or people must have one text for each value: numbers but those of floating point, texts, UUIDs, bytes,
dates and times, addresses, truth values, enumerated types, and domains of these. A `char(n)` is its text without the
blanks that pad it; a time with a zone is its time in UTC.

## What the store keeps beside its tables

A materialised view holds what its tables held when it was refreshed last, and a full-text index of SQLite the words of
rows that went. `derived` says of each that reads a personal table whether a run makes it anew once something it reads
was changed (`refresh`), or that it copies nothing personal (`no`). A history table that a trigger fills, and a table
for searching, are tables like any other; a run goes over them again when it may have stirred them. Of plain views
nothing is said, and generated columns follow the columns they are made of: say `no` of them.

A full-text table of SQLite that has content of its own (`fts5(body)`) is a table whose key is `rowid`, such as
`{owner: {notes: rowid}, …}`; its index is made anew without a word. One over another table (`content='notes'`) stands
in `derived`. One without any content (`content=''`) cannot be made anew, and is refused.

## What a mask leaves

| written | leaves |
|---|---|
| `null` | nothing |
| `fixed(-)` | the same text in every row |
| `tag(gone-{tag}@invalid.example)` | a text that differs in every row and tells nothing |
| `truncated-ip` | the address's network: /24 of IPv4, /48 of IPv6 |
| `year` | the first day of the year |

## Items inside JSON

A `json` or `jsonb` column may hold several items, each at a path in the notation of RFC 9535: `$` is the whole value,
each word behind a dot the key of an object, and `[*]` every element of a list.

```yaml
columns:
  profile: {json: {$.nickname: nickname, $.address.street: address}}
  guests: {json: {"$[*].name": name, "$[*].phones[*]": phone}}
```

Once no basis for an item is left, its key (or the elements of its list) is taken out of the value, and the rest stays.
A record archives what stands at the path: of a list the same of each element, in its place. A path cannot name a key
that holds a dot, a bracket or a star: map such a column as one item. What no path names is not masked; a value that no
path can step into, such as a list where the map knows an object, is a finding of `jikim audit`.

## Files as rows

The files of a folder can be the rows of a table. Its files store says by `named` what their paths look like; a table
that names the store by `files` stands for them, and is kept like any other: each file until nothing keeps it, or its
owner is gone; then the row goes, and the file with it.

```yaml
stores:
  files:
    logs: {path: env:LOGS, named: "access-{date:%Y-%m-%d}.log*", leave: access.log}
    uploads: {path: env:UPLOADS, named: "{member_id:number}/**"}
tables:
  access_logs:
    files: logs
    owner: {visitor: path}
    processing: [security]
    records: [visits]
    facts: {recorded: date}
    columns: {path: access-log}
  uploads:
    files: uploads
    owner: {member: member_id}
    orphans: destroy
    processing: [storage]
    columns: {path: upload}
```

| in a pattern | stands for |
|---|---|
| `*` | any letters within one part of the path: `.log*` is `.log`, `.log.gz` and `.log.2.gz` |
| `**` | any number of parts |
| `{name}` · `{name:number}` · `{name:uuid}` | one part, a number, a UUID: the column `name` |
| `{name:%Y-%m-%d}` | a date, the column `name`; of `%Y %m %d %j %H %M %S`, with its year |

Every such table also has `path` (the only column that holds an item: the file as a whole), `modified` and `size`.
A date counts as all dates do: a file of 1 March holds lines until midnight, and one month from it ends with 1 April.
A date that names a month is its last day, and `jikim map check` tells how much longer its first lines stay. A file
that fits no pattern is counted, told and never touched; `leave` names those that are known. Links are never followed.

`jikim prepare` leaves a marker, `.jikim-folder`, in each folder. Where it is missing the folder may be the place of a
disk that is not mounted: then its table, and the people its files belong to, are left alone. A file that another has
replaced, or that was written to, since its row was judged stays and is judged anew. Removed is a file when its name
is gone and its directory is on the disk; that is the stage `unreachable`, and its bytes may be on the disk still.

## Whose rows these are

Each column that names somebody has one of four roles. What becomes of the row when that person leaves follows from
the role, and from nothing else:

| role | when that person leaves |
|---|---|
| `owner`; of several, the first that is filled in | the row goes: destroyed, or archived under its `records` |
| one of the `co_owners` | the row stays while any of them has a basis; what is theirs alone is masked |
| owners by join rows (`their`) | the same; each join row goes with its person, the row with the last |
| one of the `accessors` | the column that names them is emptied (unlinked) |
| the same with `keep` | the column stays, for the reason that is written down |
| `unlink`, a reference to any row | it is emptied before the row it points to goes |

```yaml
messages:
  co_owners:
    - {member: sender_id, anonymise: [sender_name]}
    - {member: receiver_id, anonymise: [receiver_name]}
households:
  owner: {household_members: {their: household_id}}
  orphans: date-from(created_at)
tickets:
  owner: {member: member_id}
  accessors:
    - {staff: handled_by}
    - {staff: approved_by, keep: "who approved must be traceable"}
members:
  unlink: default_address_id
```

- An accessor never keeps a row, and never ends one. A foreign key that is neither emptied nor an owner's keeps the key
  of the row it points to for as long as it stands.
- Of a row with several owners each statutory record makes one copy for each of them, with what is theirs and what is of
  all, and without what is another's alone. `anonymise` may name the co-owner's own column: it is emptied with the rest.
- A row owned by join rows is archived once and names none of the people; put the join rows under the same record, and
  each person has a copy that names them. It cannot be told from a row to which nobody was joined yet, so `orphans` says
  what becomes of either: with `date-from(created_at)` a new one has its full period.
- A join row stays, masked, while a row that is owned through it is used on a basis of that person's, or held.
- Somebody who is named in a row without any processing `about` them, such as a contact in a member's address book, is
  a co-owner whose basis is nobody's: shown their rows (`jikim explain --subject contact:…`), held by name, but the row
  goes with whoever the policy keeps it for.
- Tables that point at one another are refused until `unlink` says which reference is emptied first.

## Rows whose owner is gone

A row is an orphan when the columns of its `owner` name nobody who exists, or nobody at all. The facts that stood
in the owner's row are lost with it, and so are the clocks that start by them. `orphans` says what stands for a
lost fact:

| written | means |
|---|---|
| `refuse` (usual) | nothing: while there is an orphan, the table is left alone, and `jikim plan` says so |
| `destroy` | the fact happened long ago, so what it starts has run out |
| `date-from(column)` | the fact happened when this column of the row itself says; not yet where it is empty |

Clocks that start by a fact of the row itself run on as ever. So with `1 year after membership ended` and
`orphans: date-from(at)`, an orphan goes one year after its `at`; and one that a statute keeps by its own
`completed_at` is archived by that, whoever is gone.
"""


def datamap_schema() -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) that accepts what :func:`jikim.datamap.parse.parse` accepts in shape.

    It cannot see the policy or the store; what those disagree with, :mod:`jikim.datamap.check` finds.
    """
    return exported(DataMap, title="datamap.yaml")


def page() -> str:
    """The whole page, in Markdown, ending in a newline."""
    return "\n".join([_HEAD, *sections(datamap_schema())])


def marks() -> Iterator[tuple[str, str, str]]:
    """Every key of the language with its mark and its description; empty strings where there is none."""
    return marks_of(datamap_schema())
