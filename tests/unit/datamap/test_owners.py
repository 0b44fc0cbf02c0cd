"""How a map says whose row it is, short and long."""

from typing import Any

import pytest
import yaml
from tests.shapes import MAP

from jikim.datamap.model import Owner
from jikim.datamap.parse import DataMapError, parse


def owners(written: Any) -> tuple[Owner, ...]:
    tables = {"members": {}, "files": {"owner": written}}
    text = yaml.safe_dump({**MAP, "tables": tables}, sort_keys=False, allow_unicode=True)
    return parse(text.encode(), name="datamap.yaml")[0].tables["files"].owner


def test_a_kind_and_a_key_are_one_owner_for_each_kind() -> None:
    """Beside other owners, in their order; rows of one kind may be about nobody."""
    kinds = {"type": "kind", "id": "of", "Member": "member", "Thing": False}
    number = {"to": "orders", "columns": "of", "when": {"kind": 7}}
    assert owners([{"guest": "mail"}, {"polymorphic": kinds}, number]) == (
        Owner(to="guest", columns=("mail",)),
        Owner(to="member", columns=("of",), when={"kind": "Member"}),
        Owner(to="no", columns=("of",), when={"kind": "Thing"}),
        Owner(to="orders", columns=("of",), when={"kind": 7}),
    )


def test_a_kind_of_people_may_be_called_polymorphic() -> None:
    """Where a column follows, and no map of kinds."""
    assert owners({"polymorphic": "of"}) == (Owner(to="polymorphic", columns=("of",)),)


@pytest.mark.parametrize(
    "kinds",
    [
        {"type": "kind", "id": "of"},
        {"type": "kind", "Member": "member"},
        {"id": "of", "Member": "member"},
        {"type": ["kind"], "id": "of", "Member": "member"},
    ],
)
def test_what_does_not_say_kind_and_key_is_refused(kinds: dict[str, Any]) -> None:
    """With the form that would do."""
    with pytest.raises(DataMapError) as refused:
        owners({"polymorphic": kinds})
    assert [d.code for d in refused.value.diagnostics] == ["polymorphic"]
    assert "type: owner_type" in refused.value.diagnostics[0].fix
