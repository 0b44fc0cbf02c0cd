"""The settings of a project, and the page that tells of them."""

from pathlib import Path

import pytest

from jikim.config import FILE, SETTINGS, Config, ConfigError, load, page

ROOT = Path(__file__).parents[2]


def test_the_committed_reference_page_is_the_generated_one_and_tells_of_every_setting() -> None:
    committed = (ROOT / "docs/reference/jikim-toml.md").read_text("utf-8")
    assert committed == page(), "run the command in jikim/config.py"
    assert all(f"\n| `{name}` | " in committed for name in SETTINGS)
    assert set(SETTINGS) == set(Config.__dataclass_fields__) - {"folder"}


def test_without_a_file_the_usual_names_hold(tmp_path: Path) -> None:
    home = tmp_path / ".jikim"
    assert load(tmp_path) == Config(tmp_path, tmp_path / "policy.yaml", tmp_path / "datamap.yaml", home)


def test_each_setting_may_be_given_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are reckoned from the project's folder, wherever below it one stands."""
    lines = [f'{name} = "{name}"' for name in SETTINGS if name != "ledger"]
    (tmp_path / FILE).write_text("\n".join([*lines, 'ledger = "env:LEDGER"']))
    (tmp_path / "below").mkdir()
    monkeypatch.setenv("LEDGER", "postgresql://localhost/ledger")
    said = load(tmp_path / "below")
    paths = {name: tmp_path / name for name in ("policy", "map", "home", "holidays")}
    assert {name: getattr(said, name) for name in paths} == paths
    assert (said.ledger, said.auditor) == ("postgresql://localhost/ledger", "auditor")
    (tmp_path / FILE).write_text('polcy = "policy.yaml"')
    with pytest.raises(ConfigError, match="`polcy` is no setting") as refused:
        load(tmp_path)
    assert refused.value.fix == f"known: {', '.join(SETTINGS)}"
