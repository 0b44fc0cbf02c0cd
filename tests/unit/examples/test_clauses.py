"""The table of clauses tells what is so: every clause stands in it, and no state is claimed for nothing."""

import inspect
from collections.abc import Callable

from tests.acceptance import test_rules_matter
from tests.clauses import CLAUSES, PAGE, clauses_in, every_clause, naming_tests, page
from tests.services import test_without_the_rule

TEXT_ONLY = {"1-35", "1-36", "1-37", "1-40", "1-44", "1-50", "4-41"}
"""Clauses that may be said to be nothing but text."""


def test_the_page_is_what_the_files_say() -> None:
    """Made anew by `python -m tests.clauses`."""
    assert PAGE.read_text() == page()


def test_every_clause_stands_in_the_table_once() -> None:
    told = [clause.id for found in every_clause().values() for clause in found]
    assert sorted(told) == [f"{n}-{m:02}" for n, count in CLAUSES.items() for m in range(1, count + 1)]


def test_a_clause_that_is_not_kept_says_what_is_missing() -> None:
    """And only a few are nothing but text; no test names a clause that is."""
    for clause in (clause for found in every_clause().values() for clause in found):
        assert clause.tests or clause.text or clause.missing, clause.id
        assert not clause.text or (clause.id in TEXT_ONLY and not clause.missing and not clause.tests), (
            clause.id
        )
        assert clause.asks[0].isupper(), clause.id


def test_tests_name_clauses_that_there_are() -> None:
    known = {clause.id for found in every_clause().values() for clause in found}
    assert {id for id, _ in naming_tests()} <= known


def test_every_clause_that_is_enforced_was_tried_without_its_rule() -> None:
    """A test that names it fails once the rule is taken out."""
    cases = [case for _, case in test_without_the_rule.CASES.values()] + [*test_rules_matter.CASES.values()]
    tried = {id for case in cases for id in _named(case.test)}
    enforced = {c.id for found in every_clause().values() for c in found if c.state == "enforced"}
    assert enforced - tried == set()


def _named(test: Callable[..., None]) -> list[str]:
    return clauses_in(inspect.getdoc(test))
