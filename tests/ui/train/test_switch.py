from __future__ import annotations

import pytest

from explorer import BundleError
from explorer.ui import registry
from explorer.ui.train.switch import VARIABLE, is_on, require_on


@pytest.mark.parametrize("word", ["", "on", "ON ", "1", "yes", "true"])
def test_training_is_on_unless_somebody_says_no(word: str) -> None:
    assert is_on({})
    assert is_on({VARIABLE: word})


@pytest.mark.parametrize("word", ["off", "0", "no", "false", "OFF", "of", "none"])
def test_any_other_word_is_a_no(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_on({VARIABLE: word})
    monkeypatch.setenv(VARIABLE, word)
    with pytest.raises(BundleError, match="switched off here"):
        require_on()


def test_a_page_that_is_off_is_not_in_the_navigation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    pages = len(registry.sections()["Make"])
    monkeypatch.setenv(VARIABLE, "off")
    assert len(registry.sections()["Make"]) == pages - 1
