"""Which names of columns give away that they are about people."""

import pytest

from jikim.datamap.names import likely_item, looks_personal, plainly_personal, tokens


@pytest.mark.parametrize(
    "name",
    [
        "email",
        "member_email",
        "emailAddr",
        "phoneNo",
        "BIRTHDAY",
        "ip",
        "client_ip",
        "ip_addr",
        "배송지주소",
        "휴대폰_번호",
    ],
)
def test_names_that_mean_nothing_else_are_plainly_personal(name: str) -> None:
    assert plainly_personal(name)


@pytest.mark.parametrize("name", ["name", "product_name", "card_kind", "photo"])
def test_names_that_may_mean_something_else_only_look_personal(name: str) -> None:
    assert looks_personal(name)
    assert not plainly_personal(name)


@pytest.mark.parametrize(
    "name", ["id", "tip", "script", "page", "created_at", "sextant", "금액", "shipped", "zipped"]
)
def test_names_that_merely_contain_such_letters_do_not_look_personal(name: str) -> None:
    assert not looks_personal(name)


def test_a_name_is_read_word_by_word() -> None:
    assert tokens("memberEmail_no2") == ("member", "email", "no")
    assert tokens("HTTPStatus") == ("http", "status")


def test_the_likely_item_shares_most_words_and_has_fewest_others() -> None:
    items = frozenset({"birth-date", "date", "email", "e-mail-hash"})
    assert likely_item("birth_date", items) == "birth-date"
    assert likely_item("start_date", items) == "date"
    assert likely_item("stars", items) is None
