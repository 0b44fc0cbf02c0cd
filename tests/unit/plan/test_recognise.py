"""Recognisers: what they know, what they are not fooled by, and that they tell no value.

Every number here is made up; those of people are built from a date and a computed check digit.
"""

from datetime import date

import pytest

from jikim.plan.recognise import (
    Confidence,
    Secret,
    hints,
    is_business_number,
    looks_one_way,
    luhn,
    recognise,
    recognise_number,
)

TODAY = date(2026, 1, 12)
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
NOTHING: dict[Secret, Confidence] = {}


def seen(text: str, *names: str) -> dict[Secret, Confidence]:
    """What is recognised in a column of these names."""
    return {s.kind: s.confidence for s in recognise(text, today=TODAY, hinted=hints(*names))}


def person(front: str, back: str, *, more: int = 0) -> str:
    """A number of thirteen digits from its first twelve, the check digit computed here from its definition."""
    rest = sum(int(d) * w for d, w in zip(front + back, WEIGHTS, strict=True)) % 11
    return f"{front}-{back}{(11 - rest + more) % 10}"


def card(digits: str) -> str:
    """The digits with Luhn's check digit appended, found by trying."""
    return next(digits + str(d) for d in range(10) if luhn(digits + str(d)))


def test_a_resident_number_with_its_check_digit_is_certain() -> None:
    """Date, sex and check digit fit."""
    assert seen(person("900101", "123456")) == {Secret.RESIDENT: Confidence.CERTAIN}


def test_known_numbers_published_as_examples_check() -> None:
    """A foreigner's number, a business number and card numbers that others publish as examples are accepted."""
    assert seen("850126-6401473") == {Secret.FOREIGNER: Confidence.CERTAIN}
    assert is_business_number("1248100998")
    assert luhn("79927398713")


def test_a_foreigners_number_may_check_in_either_way() -> None:
    """The old rule adds two to the check digit; both occur."""
    for more in (0, 2):
        assert seen(person("880229", "523456", more=more)) == {Secret.FOREIGNER: Confidence.CERTAIN}


def test_a_number_given_out_since_the_reform_has_no_check_digit() -> None:
    """Born after October 2020 and written apart: likely, though nothing checks."""
    wrong = person("210101", "312345")
    wrong = wrong[:-1] + str((int(wrong[-1]) + 1) % 10)
    assert seen(wrong) == {Secret.RESIDENT: Confidence.LIKELY}


def test_an_older_number_that_does_not_check_is_only_possible() -> None:
    """Whoever changed theirs since 2020 has one without a check digit."""
    wrong = person("900101", "123456")
    wrong = wrong[:-1] + str((int(wrong[-1]) + 1) % 10)
    assert seen(wrong) == {Secret.RESIDENT: Confidence.POSSIBLE}


@pytest.mark.parametrize(
    "text",
    [
        person("900230", "123456"),  # no 30 February
        person("270101", "312345"),  # not born yet
        person("900101", "923456"),  # 19th century
        person("900101", "123456").replace("-", "") + "7",  # fourteen digits
        "0.9001011234568",  # the fraction of a number
        "1-" + person("900101", "123456"),  # part of something longer
    ],
)
def test_what_cannot_be_a_persons_number_is_none(text: str) -> None:
    """Impossible dates, wrong lengths and parts of longer numbers are passed over."""
    assert seen(text) == NOTHING


def test_a_companys_register_number_is_never_more_than_possible() -> None:
    """110111-… is Seoul's registry of companies, and reads as somebody born in 1911."""
    assert seen(person("110111", "123456")) == {Secret.RESIDENT: Confidence.POSSIBLE}


def test_a_number_written_together_needs_its_check_digit() -> None:
    """Thirteen digits in a row are likely when they check, and nothing when they do not."""
    number = person("900101", "123456").replace("-", "")
    assert seen(number) == {Secret.RESIDENT: Confidence.LIKELY}
    assert seen(number[:-1] + str((int(number[-1]) + 1) % 10)) == NOTHING


@pytest.mark.parametrize(
    "digits", ["411111111111111", "555555555555444", "37828224631000", "353011133330000", "62000000000000"]
)
def test_a_card_number_of_a_network_is_likely_in_any_text(digits: str) -> None:
    """Visa, Mastercard, American Express, JCB, UnionPay: first digits, length and check digit."""
    number = card(digits if digits[0] != "6" else digits + "0")
    assert seen(f"pay with {number} please") == {Secret.CARD: Confidence.LIKELY}
    assert seen(number, "card_no") == {Secret.CARD: Confidence.CERTAIN}


@pytest.mark.parametrize("apart", [" ", "-", "."])
def test_a_card_number_in_its_groups_is_certain(apart: str) -> None:
    """Also right beside other numbers."""
    number = card("411111111111111")
    groups = apart.join(number[n : n + 4] for n in range(0, 16, 4))
    assert seen(f"카드 {groups} 12/27") == {Secret.CARD: Confidence.CERTAIN}
    assert seen(f"2024 {groups} 123") == {Secret.CARD: Confidence.CERTAIN}


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # the check digit is wrong
        "1111111111111117",  # no network
        "41111111111111111",  # seventeen digits
        "b" * 24 + "4111111111111111" + "c" * 24,  # inside a digest
        "-127.4111111111111111",  # a coordinate
        "0000 0000 0000 0000",
    ],
)
def test_what_cannot_be_a_card_number_is_none(text: str) -> None:
    """Every test has to be passed, and digits of something longer do not count."""
    assert seen(text) == NOTHING


def test_full_width_digits_and_dashes_hide_nothing() -> None:
    """Korean keyboards write digits and dashes of other code points."""
    number = person("900101", "123456").translate(str.maketrans("0123456789-", "０１２３４５６７８９–"))
    assert seen(number) == {Secret.RESIDENT: Confidence.CERTAIN}


def test_licence_and_passport_are_known_by_their_form() -> None:
    """Neither checks, so a passport is likely only where something says so."""
    assert seen("11-12-345678-90") == {Secret.LICENCE: Confidence.LIKELY}
    assert seen("서울 12-345678-90") == {Secret.LICENCE: Confidence.LIKELY}
    assert seen("27-12-345678-90") == NOTHING
    assert seen("112312345678") == NOTHING
    assert seen("112312345678", "licence_no") == {Secret.LICENCE: Confidence.POSSIBLE}
    assert seen("M12345678") == {Secret.PASSPORT: Confidence.POSSIBLE}
    assert seen("여권번호 m123a4567") == {Secret.PASSPORT: Confidence.LIKELY}
    assert seen("S123B4567", "passport") == {Secret.PASSPORT: Confidence.LIKELY}
    assert seen("XM12345678") == NOTHING


def test_an_account_is_looked_for_only_where_a_name_says_so() -> None:
    """Any ten to fourteen digits look like one; a telephone or a business number is none."""
    assert seen("110-234-567890") == NOTHING
    assert seen("110-234-567890", "bank_account") == {Secret.ACCOUNT: Confidence.LIKELY}
    assert seen("110234567890", "계좌") == {Secret.ACCOUNT: Confidence.POSSIBLE}
    assert seen("010-0000-1234", "account_phone") == NOTHING
    assert seen("124-81-00998", "account") == {Secret.BUSINESS: Confidence.LIKELY}


def test_a_number_in_a_numeric_column_is_one_step_less_sure() -> None:
    """And gets back the zeros that it lost, for people born in 2000 to 2009."""
    number = int(card("411111111111111"))
    assert [s.confidence for s in recognise_number(number, today=TODAY)] == [Confidence.POSSIBLE]
    young = int(person("050101", "312345").replace("-", ""))
    assert [s.kind for s in recognise_number(young, today=TODAY)] == [Secret.RESIDENT]
    assert recognise_number(1_700_000_000_000, today=TODAY) == ()


def test_a_sighting_holds_no_digit() -> None:
    """Reports are made of sightings, so a sighting must not carry what was seen."""
    [sighting] = recognise(person("900101", "123456"), today=TODAY)
    assert not any(c.isdigit() for c in f"{sighting.kind}{sighting.confidence.name}")
    assert set(vars(sighting)) == {"kind", "confidence"}


DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.mark.parametrize(
    "text",
    [
        "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b27lg",
        "argon2$argon2id$v=19$m=102400,t=2,p=8$c29tZXNhbHQ$RdescudvJCsgt3ub+b27lg",
        "$2b$12$" + "a" * 53,
        "{bcrypt}$2a$10$" + "b" * 53,
        f"scrypt$14$0123456789abcdef${DIGEST}",
        f"scrypt:32768:8:1$salt${DIGEST}",
        "pbkdf2_sha256$600000$salt$" + "A" * 43 + "=",
        f"pbkdf2:sha256:600000$salt${DIGEST}",
        "$pbkdf2-sha512$25000$c2FsdA$" + "b" * 86,
        "$6$rounds=5000$salt$" + "c" * 86,
        "$y$j9T$salt$" + "d" * 43,
        "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy",
        DIGEST,
        DIGEST.upper(),
        "A" * 43 + "=",
    ],
)
def test_one_way_forms_are_known(text: str) -> None:
    """The notations of the hashes that a password is stored by."""
    assert looks_one_way(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "open sesame",
        "correct horse battery staple" * 2,
        "5f4dcc3b5aa765d61d8327deb882cf99",  # MD5
        "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8",  # SHA-1
        "$2b$12$short",
        "$argon2id$nothing",
        DIGEST + " ",
        "scrypt$14$salt$short",
    ],
)
def test_a_clear_or_weak_secret_is_not_one_way(text: str) -> None:
    """Words, digests that can be undone, and forms without a hash."""
    assert not looks_one_way(text)
