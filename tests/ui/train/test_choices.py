from __future__ import annotations

from pathlib import Path

import pytest

from explorer import BundleError
from explorer.data.at_hand import AtHand
from explorer.ui.folders import ROOT
from explorer.ui.train.choices import free_name, numbers, root_of, sources, whole_numbers


def test_what_can_be_used_comes_first(tmp_path: Path) -> None:
    (tmp_path / "celeba" / "one").mkdir(parents=True)
    found = sources({"LATENT_EXPLORER_DATA": str(tmp_path)})
    ready = [title for title, one in found.items() if not one.missing]
    assert ready == list(found)[: len(ready)] == ["Toy faces", "Digits", "CelebA"]
    assert found["CelebA"].root == tmp_path / "celeba"


def test_without_a_setting_the_data_of_the_program_are_meant() -> None:
    assert sources({})["MNIST"].root == ROOT / "data" / "mnist"


def test_the_root_is_said_where_the_command_line_would_not_look() -> None:
    assert root_of(AtHand("toy-faces", "Toy faces")) is None
    assert root_of(AtHand("mnist", "MNIST", ROOT / "data" / "mnist")) is None
    assert root_of(AtHand("mnist", "MNIST", Path("/sets/mnist"))) == "/sets/mnist"
    cats = ROOT / "data" / "cats"
    assert root_of(AtHand("folder", "Pictures in cats", cats)) == str(cats)


@pytest.mark.parametrize("text", ["0 0.075 4", "0, .075, 4e0", " 0;0.075;4;"])
def test_numbers_may_be_separated_as_one_likes(text: str) -> None:
    assert numbers(text, of="β") == (0, 0.075, 4)


def test_words_that_are_no_numbers_are_sentences() -> None:
    assert numbers("", of="β") == ()
    with pytest.raises(BundleError, match="β holds 'one', which is no number; write for example"):
        numbers("0 one", of="β")
    assert whole_numbers("2 8.0", of="latent_dim") == (2, 8)
    for text in ("2.5", "inf", "nan"):
        with pytest.raises(BundleError, match=f"latent_dim holds {text}; whole numbers"):
            whole_numbers(text, of="latent_dim")


def test_a_name_that_is_free() -> None:
    assert free_name("faces", []) == "faces"
    assert free_name("faces", ["Faces", "faces-2", "other"]) == "faces-3"
