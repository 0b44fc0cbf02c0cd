"""`jikim render` writes what was asked for, under names that one expects, and refuses what cannot be read."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.command import here

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(EXAMPLES / "plask/policy.yaml", tmp_path)
    return tmp_path


def jikim(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return here("render", *arguments, folder=folder, environment=dict(os.environ))


def test_without_a_word_it_writes_a_page_in_every_language_that_lead_to_each_other(folder: Path) -> None:
    done = jikim(folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["privacy.ko.html", "privacy.en.html"]
    assert 'href="privacy.en.html"' in (folder / "privacy.ko.html").read_text()
    assert 'href="privacy.ko.html"' in (folder / "privacy.en.html").read_text()


def test_all_forms_stand_in_a_folder_and_are_listed_for_programs(folder: Path) -> None:
    done = jikim(folder, "--format", "all", "--lang", "en", "--out", "public/now", "--json")
    listed = json.loads(done.stdout)
    names = {"html", "md", "txt", "pdf"}
    assert {Path(each["file"]).name for each in listed} == {
        "privacy.jsonld",
        *(f"privacy.en.{ending}" for ending in names),
    }
    assert all((folder / each["file"]).stat().st_size == each["bytes"] > 1000 for each in listed)
    assert "hreflang" not in (folder / "public/now/privacy.en.html").read_text()


def test_a_single_document_can_go_to_a_file_or_to_standard_output(folder: Path) -> None:
    assert jikim(folder, "--lang", "ko", "--out", "처리방침.html").returncode == 0
    assert (folder / "처리방침.html").read_text().startswith("<!doctype html>")
    printed = jikim(folder, "--lang", "en", "--format", "text", "--out", "-")
    assert printed.stdout.startswith("Plask Privacy Policy\n====")


def test_several_documents_do_not_go_into_one_file(folder: Path) -> None:
    done = jikim(folder, "--out", "page.html")
    assert done.returncode == 2
    assert "`page.html` can hold one document, and there are 2" in done.stderr
    assert not (folder / "page.html").exists()


def test_a_language_that_the_policy_is_not_published_in_is_refused(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "talk_with_me/policy.yaml", tmp_path)
    done = jikim(tmp_path, "--lang", "en")
    assert done.returncode == 2
    assert "not published in `en`" in done.stderr


def test_a_policy_that_cannot_be_read_is_refused_with_its_findings(folder: Path) -> None:
    wrong = (folder / "policy.yaml").read_text().replace("basis: contract", "basis: contrat", 1)
    (folder / "policy.yaml").write_text(wrong)
    done = jikim(folder)
    assert done.returncode == 1
    assert "did you mean `contract`?" in done.stderr
    assert not list(folder.glob("privacy.*"))


def test_a_law_that_no_pack_knows_is_refused(folder: Path) -> None:
    wrong = (folder / "policy.yaml").read_text().replace("kr.ecommerce.contract", "kr.ecommerce.contracts")
    (folder / "policy.yaml").write_text(wrong)
    done = jikim(folder)
    assert done.returncode == 1
    assert "unknown-law" in done.stderr
    assert not list(folder.glob("privacy.*"))


def test_a_published_text_is_written_with_what_it_leaves_open(tmp_path: Path) -> None:
    done = jikim(tmp_path, str(EXAMPLES / "plask/as-published.yaml"))
    assert done.returncode == 0
    assert "no figures are drawn" in done.stderr
    page = (tmp_path / "privacy.ko.html").read_text()
    assert "밝히지 않음" in page
    assert 'id="lives"' not in page


def test_a_policy_of_a_later_day_is_read_by_the_law_of_that_day(folder: Path) -> None:
    """The pack does not answer for 1999, which only a day that was given can ask for."""
    assert jikim(folder, "--in-force-on", "1999-01-01").returncode == 1
    later = (folder / "policy.yaml").read_text().replace("effective: 2026-01-12", "effective: 2031-01-12")
    (folder / "policy.yaml").write_text(later)
    assert jikim(folder, "--lang", "ko").returncode == 0
    assert "2031년 1월 12일부터" in (folder / "privacy.ko.html").read_text()


def test_only_a_pdf_waits_for_what_makes_pdfs(folder: Path) -> None:
    program = (
        "import sys; sys.argv = ['jikim', 'render', '--format', 'html']\n"
        "from jikim.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "sys.exit('typst' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=folder, check=False).returncode == 0


def test_what_a_page_is_made_from_is_not_written_over(folder: Path) -> None:
    """Also not by another name of the same file."""
    text = (folder / "policy.yaml").read_bytes()
    (folder / "page.html").symlink_to("policy.yaml")
    for out in ("policy.yaml", "page.html"):
        done = jikim(folder, "--lang", "ko", "--out", out)
        assert done.returncode == 2
        assert "is what this is made from" in done.stderr
    assert (folder / "policy.yaml").read_bytes() == text
