"""``jikim diff`` says in the reader's language what changed and what that demands."""

import os
from pathlib import Path

import pytest
from tests.command import here

TEXT = (Path(__file__).parents[1] / "law" / "right.yaml").read_text()
NEWS = "{ko: 소식과 광고성 정보의 전송, en:"


def typed(folder: Path, edit: tuple[str, str], *words: str) -> tuple[int, str]:
    assert TEXT.count(edit[0]) == 1
    (folder / "a.yaml").write_text(TEXT)
    (folder / "b.yaml").write_text(TEXT.replace(*edit))
    done = here(
        "diff", "a.yaml", "b.yaml", *words, folder=folder, environment={**os.environ, "COLUMNS": "200"}
    )
    return done.returncode, " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ko", ["다시 동의", "고지 적어도 30일 전", "동의 맞춤 광고 (회원)"]),
        (
            "en",
            ["consent again", "notice 30 days at the least", "consent To send news and advertising (Member)"],
        ),
    ],
)
def test_another_purpose_asks_again_in_words_of_either_language(
    tmp_path: Path, lang: str, said: list[str]
) -> None:
    code, shown = typed(tmp_path, (NEWS, "{ko: 맞춤 광고, en:"), "--lang", lang)
    assert code == 1
    assert [each for each in said if each not in shown] == []
    assert "newsletter" not in shown


def test_a_purpose_that_only_reads_otherwise_is_left_to_a_persons_judgement(tmp_path: Path) -> None:
    code, shown = typed(tmp_path, (NEWS, "{ko: 소식 및 광고성 정보의 전송, en:"))
    assert code == 1
    assert "일반, 뜻이 같은지 판단" in shown
    assert "동의 필요 없음" in shown


def test_nothing_changed_is_said_and_ends_with_zero(tmp_path: Path) -> None:
    assert typed(tmp_path, ("keep: 3 months after recorded", "keep: 3개월 after recorded")) == (
        0,
        "뜻이 달라진 것이 없습니다",
    )
