"""The one word by which an up-to-date ledger is known."""

from alembic.config import Config
from alembic.script import ScriptDirectory

from jikim.ledger.upgrading import HEAD


def test_the_newest_migration_is_the_one_that_upgrading_looks_for() -> None:
    config = Config()
    config.set_main_option("script_location", "jikim.ledger:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]
