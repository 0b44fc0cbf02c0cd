"""Wrong maps, real tables, and what a person reads about them: files in tests/golden/datamap.

``CASE.yaml`` is checked against ``policy.yaml`` and the tables of ``schema.sql`` after ``CASE.sql``, if there
is one, changed them; ``CASE.txt`` is the report.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from tests.servers import fresh_database

from jikim.backends.postgresql.reflect import reflect
from jikim.canonical import digest
from jikim.datamap.files import listings, with_listings
from jikim.datamap.parse import DataMapError, parse
from jikim.datamap.schema import Schema, Table
from jikim.law.resolve import resolve
from jikim.lint.report import human
from jikim.operations.check_map import CheckedMap, check_map
from jikim.operations.plan_sweep import Promise
from jikim.policy.parse import parse as parse_policy
from jikim.postgres import Server
from jikim.source import Severity

FOLDER = Path(__file__).parents[1] / "golden" / "datamap"
CASES = sorted(set(FOLDER.glob("*.yaml")) - {FOLDER / "policy.yaml"})
AS_OF = datetime(2026, 2, 1, tzinfo=UTC)


class Tables:
    """The tables of one database, as a store would tell them."""

    def __init__(self, url: str, listed: Mapping[str, Table]) -> None:
        self.listed = listed
        self.engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))

    def reflect(self) -> Schema:
        with self.engine.connect() as connection:
            return with_listings(reflect(connection, tables_in="public"), self.listed)


@pytest.fixture(scope="session")
def shop(pg18: Server) -> Iterator[str]:
    """The name of a database with the tables of ``schema.sql``."""
    with fresh_database(pg18) as url:
        with psycopg.connect(url) as connection:
            connection.execute((FOLDER / "schema.sql").read_bytes())
        yield str(sa.make_url(url).database)


@pytest.fixture
def database(pg18: Server, shop: str) -> Iterator[str]:
    """The URL of a copy of it."""
    with fresh_database(pg18, template=shop) as url:
        yield url


def checked(case: Path, database: str) -> CheckedMap:
    """The case's map compared with its tables, or refused where it is read."""
    changes = case.with_suffix(".sql")
    if changes.exists():
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(changes.read_bytes())
    policy = parse_policy((FOLDER / "policy.yaml").read_bytes(), name="policy.yaml")
    datamap, document = parse(case.read_bytes(), name=case.name)
    resolved = resolve(policy, in_force_on=date(2026, 2, 1))
    tables = Tables(database, listings(datamap))
    try:
        return check_map(tables, Promise(resolved, datamap, document, digest(document.value)), as_of=AS_OF)
    finally:
        tables.engine.dispose()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_map_is_told_everything_that_is_wrong_with_its_place_and_remedy(case: Path, database: str) -> None:
    text = case.read_bytes()
    try:
        result = checked(case, database)
    except DataMapError as refused:
        report = human(refused.diagnostics, {case.name: text})
    else:
        report = human(result.findings, {case.name: text}) + "\n" + result.verdict() + "\n"
        assert not set(result.blocked) & set(result.kept)
        for finding in result.findings:
            assert finding.message[0] == "`" or finding.message[0].islower()
            assert finding.severity is not Severity.ERROR or finding.fix
    assert report == case.with_suffix(".txt").read_text()


def test_every_expected_report_belongs_to_a_map() -> None:
    assert {case.stem for case in FOLDER.glob("*.txt")} == {case.stem for case in CASES}
    assert {case.stem for case in FOLDER.glob("*.sql")} - {"schema"} <= {case.stem for case in CASES}
    assert len(CASES) > 12
