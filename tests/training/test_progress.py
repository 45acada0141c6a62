from __future__ import annotations

import pytest

from explorer.training.progress import counting, picture_bar, say


def test_sentences_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    say("Hello …")
    out, err = capsys.readouterr()
    assert (out, err) == ("", "Hello …\n")


def test_a_bar_counts_pictures_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with picture_bar(200, done=50, title="faces") as bar:
        bar.update(150)
    out, err = capsys.readouterr()
    assert out == ""
    assert "faces: 100%" in err
    assert "200/200" in err
    assert "img/s" in err


def test_counting_reaches_the_total(capsys: pytest.CaptureFixture[str]) -> None:
    with counting(10, "encoding") as done:
        done(4)
        done(6)
    assert "encoding: 100%" in capsys.readouterr().err
