"""Take a rule out of a service's promise, map or database, and the test that names its clause fails."""

from types import ModuleType

import pytest
from examples.casenote.world import CASENOTE
from examples.lets.world import LETS
from examples.litecam.world import LITECAM
from examples.made_up.service import Service
from examples.talk_with_me.world import TALK_WITH_ME
from tests.services import (
    test_casenote,
    test_casenote_card,
    test_casenote_records,
    test_lets,
    test_lets_books,
    test_litecam_people,
    test_litecam_shop,
    test_talk_with_me,
    test_talk_with_me_ends,
)
from tests.services.conftest import Opened
from tests.services.rules import Case, changed

MODULES: tuple[tuple[Service, tuple[ModuleType, ...]], ...] = (
    (LETS, (test_lets, test_lets_books)),
    (LITECAM, (test_litecam_people, test_litecam_shop)),
    (TALK_WITH_ME, (test_talk_with_me, test_talk_with_me_ends)),
    (CASENOTE, (test_casenote, test_casenote_card, test_casenote_records)),
)
"""The tests of each service; each module says in ``WITHOUT`` what fails without which rule."""
CASES: dict[str, tuple[Service, Case]] = {
    f"{service.id}: {name}": (service, case)
    for service, modules in MODULES
    for module in modules
    for name, case in module.WITHOUT.items()
}


@pytest.mark.parametrize("name", CASES)
def test_without_the_rule_the_test_fails(name: str, opened: Opened) -> None:
    """What is expected of the service follows from this rule, and would not be so without it."""
    service, case = CASES[name]
    with opened(service, changed(service, case.edits)) as scene:
        for _, statement in (edit for edit in case.edits if edit[0] == "sql"):
            scene.kept.execute(str(statement))
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            case.test(scene)
