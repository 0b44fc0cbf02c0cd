"""A column says what it holds by its name, its type and the form of its values; each may speak against the others."""

from datetime import UTC, date, datetime

import pytest

from jikim.datamap.names import _KOREAN, _PLAIN
from jikim.datamap.schema import Column
from jikim.draft.guess import CERTAIN, LIKELY, POSSIBLE
from jikim.draft.kinds import AUTOMATIC, ITEMS, KINDS
from jikim.draft.reading import Reading, alarms, read
from jikim.draft.topics import TOPICS
from jikim.draft.values import Form, Seen, seen

TODAY = date(2026, 1, 12)
RESIDENT = "900101-1234568"
CARD = "4111111111111111"


def column(name: str, *values: object, type: str = "text") -> Reading:
    """What a column of that name is read as, with those values in it."""
    return read(Column(name, type), seen(values, today=TODAY) if values else Seen())


@pytest.mark.parametrize(
    ("name", "item"),
    [
        *(("email", "email"), ("userEmail", "email"), ("MBER_EMAIL_ADRES", "email"), ("회원이메일", "email")),
        *(
            ("mb_hp", "phone"),
            ("MBTLNUM", "phone"),
            ("contact_phone_number", "phone"),
            ("비상연락처", "phone"),
        ),
        *(("first_name", "name"), ("LastName", "name"), ("수령인", "name"), ("MBER_NM", "name")),
        *(("birthdate", "birth-date"), ("date_of_birth", "birth-date"), ("생년월일", "birth-date")),
        *(("jumin", "resident-number"), ("rrn_enc", "resident-number"), ("주민등록번호", "resident-number")),
        *(
            ("remote_addr", "ip"),
            ("last_login_ip", "ip"),
            ("user_agent", "browser"),
            ("비밀번호", "password"),
        ),
        *(
            ("password_hash", "password"),
            ("reset_token", "session-token"),
            ("cardNo", "card"),
            ("계좌번호", "bank-account"),
        ),
        *(
            ("iban", "bank-account"),
            ("gender_code", "sex"),
            ("우편번호", "address"),
            ("위도", "location"),
        ),
    ],
)
def test_a_name_in_english_or_korean_says_what_stands_there(name: str, item: str) -> None:
    """Without a single value: likely, and never certain."""
    found = column(name)
    assert (found.item, found.why.confidence, found.plain) == (item, LIKELY, True)


@pytest.mark.parametrize(
    "name",
    [
        "email_verified_at",
        "has_phone",
        "email_count",
        "address_id",
        "product_id",
        "password_changed",
        "is_email",
        "card_type",
    ],
)
def test_a_name_that_speaks_about_a_thing_is_not_the_thing(name: str) -> None:
    assert column(name).item == ""


@pytest.mark.parametrize("name", ["product_name", "file_name", "상품이름", "name", "title"])
def test_a_name_that_may_be_of_anything_is_never_plainly_personal(name: str) -> None:
    found = column(name)
    assert not found.plain
    assert not found.item or found.why.confidence is POSSIBLE


def test_a_column_of_yes_and_no_holds_no_address() -> None:
    assert read(Column("email", "boolean")).item == ""


def test_values_confirm_a_name() -> None:
    found = column("email", *(f"p{n}@mail.example" for n in range(5)))
    assert found.why.confidence is CERTAIN
    assert "5 of 5 values" in found.why.reason


def test_values_that_look_otherwise_make_a_name_doubtful() -> None:
    found = column("email", *(f"word {n}" for n in range(12)))
    assert (found.item, found.why.confidence) == ("email", POSSIBLE)


def test_values_that_check_speak_without_a_name() -> None:
    """Resident numbers and cards with their check digits; the same digits with a wrong one are nothing."""
    assert column("etc1", *[RESIDENT] * 3).item == "resident-number"
    assert column("etc1", *["900101-1234567"] * 3).item == ""
    assert column("etc2", *[CARD] * 3).item == "card"
    assert column("etc2", *["4111111111111112"] * 3).item == ""


def test_ten_digits_are_a_business_number_only_where_nearly_all_of_them_check() -> None:
    """One in ten numbers drawn at random does."""
    right, wrong = "1234567891", "1234567890"
    assert column("x", *[right] * 9, wrong).item == "business-number"
    assert column("x", *[right] * 2, *[wrong] * 8).item == ""


def test_a_few_numbers_that_identify_are_told_wherever_they_stand() -> None:
    found = seen([RESIDENT, *["please ring twice"] * 9], today=TODAY)
    assert list(alarms(found)) == ["1 of 10 values look like a resident number"]
    assert not list(alarms(seen(["please ring twice"], today=TODAY)))


def test_a_text_with_telephone_numbers_in_it_is_personal_whatever_it_is_called() -> None:
    found = column(
        "etc", "call me at 010-0000-1234 after six", "leave it there please do", "at the door it is fine"
    )
    assert (found.item, found.plain) == ("free-text", True)
    assert not column("etc", "a fine day it is today").plain


def test_json_is_looked_into_and_what_stays_unexplained_is_asked() -> None:
    values = [{"receiver": {"phone": f"010-0000-{n}"}, "floor": n} for n in range(1000, 1005)]
    found = column("detail", *values, type="jsonb")
    assert {path: each.item for path, each in found.inside.items()} == {"$.receiver.phone": "phone"}
    assert found.why.confidence is POSSIBLE
    assert "1 other place" in found.why.reason


def test_keys_of_json_that_are_data_themselves_are_never_named() -> None:
    """Neither rare keys, nor numbers and addresses, nor names of people."""
    values = [
        {f"p{n}@mail.example": 1, "김하나": 1, f"key{n}": 1, "phone": "010-0000-1234"} for n in range(5)
    ]
    assert list(seen(values, today=TODAY).inside) == ["$.phone"]


def test_json_nested_beyond_reason_is_a_text_like_another() -> None:
    found = seen(["[" * 100_000, '{"a": ' * 5_000], today=TODAY)
    assert (found.filled, found.inside) == (2, {})


def test_times_written_as_numbers_are_noticed_and_other_numbers_are_not() -> None:
    assert seen([1_700_000_000, 1_700_000_001], today=TODAY).numbers == "epoch"
    assert seen([1_700_000_000_000], today=TODAY).numbers == "epoch-ms"
    assert seen([1_700_000_000, 5], today=TODAY).numbers == ""


def test_dates_that_stand_for_never_are_named_and_no_other_date_is() -> None:
    found = seen([datetime(9999, 12, 31, tzinfo=UTC), date(1987, 6, 5)], today=TODAY)
    assert found.sentinels == ("9999-12-31",)


def test_every_word_that_a_check_takes_for_personal_is_known_here() -> None:
    """Else a draft would say `no`, and the check that follows would doubt it."""
    assert not [word for word in sorted(_PLAIN | _KOREAN) if not column(word).kind]


def test_every_item_that_may_be_guessed_is_declared() -> None:
    used = {kind.item for kind in KINDS} | {
        item for topic in TOPICS.values() for item in (topic.item, topic.text)
    }
    assert used <= set(ITEMS)
    assert set(ITEMS) >= AUTOMATIC


def test_forms_are_counted_and_values_forgotten() -> None:
    found = seen(["hidden@mail.example", "010-0000-1234", None, ""], today=TODAY)
    assert (found.rows, found.filled) == (4, 2)
    assert found.forms[Form.EMAIL] == found.forms[Form.PHONE] == 1
    assert "hidden" not in repr(found)
