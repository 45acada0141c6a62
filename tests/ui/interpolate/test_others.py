from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer.bundle import Bundle
from explorer.data import original
from explorer.latent import LatentError
from explorer.ui import faces
from explorer.ui.interpolate import others
from tests.bundles import make_bundle


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shelf")
    make_bundle(folder / "home", name="home")
    make_bundle(folder / "plain", name="plain", variational=False, num_images=100)
    make_bundle(folder / "large", name="large", image_size=64)
    make_bundle(folder / "redrawn", name="redrawn", seed=5)
    return folder


@pytest.fixture(scope="module")
def home(shelf: Path) -> Bundle:
    return explorer.load(shelf / "home")


def test_a_picture_of_both_has_its_own_code_in_each(shelf: Path, home: Bundle) -> None:
    plain = explorer.load(shelf / "plain")
    codes = others.codes_in(plain, [faces.of_row(7, home)], home=home)
    assert (codes[0] == plain.latents.mu[7]).all()


def test_a_picture_the_other_never_saw_is_encoded_from_its_original(
    shelf: Path, home: Bundle
) -> None:
    plain = explorer.load(shelf / "plain")
    codes = others.codes_in(plain, [faces.of_row(250, home)], home=home)
    data = {"source": "toy-faces", "image_size": 32, "channels": 3, "crop": None, "seed": 0}
    drawn = original(data, "toy-000250")
    assert drawn is not None
    assert codes[0] == pytest.approx(plain.encode(drawn[None])[0][0])


def test_a_photo_is_encoded_from_its_own_crop(shelf: Path, home: Bundle) -> None:
    plain = explorer.load(shelf / "plain")
    photo = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    face = faces.Face(np.zeros(8, np.float32), np.zeros_like(photo), "A photo", original=photo)
    codes = others.codes_in(plain, [face], home=home)
    assert codes[0] == pytest.approx(plain.encode(photo[None])[0][0])


def test_another_size_takes_pictures_of_the_data_and_no_others(shelf: Path, home: Bundle) -> None:
    large = explorer.load(shelf / "large")
    codes = others.codes_in(large, [faces.of_row(7, home)], home=home)
    assert (codes[0] == large.latents.mu[7]).all()
    sample = faces.of_codes(home.sample(1), home, titles=["A sample"])
    with pytest.raises(LatentError, match="large takes pictures of 64 × 64 in colour; “A sample”"):
        others.codes_in(large, sample, home=home)
    assert "do not compare sharpness" in others.difference(home.config, large.config)


def test_the_same_number_of_another_drawing_is_another_picture(shelf: Path, home: Bundle) -> None:
    redrawn = explorer.load(shelf / "redrawn")
    assert not others.has_same_data(home.config, redrawn.config)
    assert "trained on other pictures" in others.difference(home.config, redrawn.config)
    codes = others.codes_in(redrawn, [faces.of_row(7, home)], home=home)
    assert not np.allclose(codes[0], redrawn.latents.mu[7])


def test_nothing_is_said_where_all_can_be_compared(shelf: Path, home: Bundle) -> None:
    plain = explorer.load(shelf / "plain")
    assert others.difference(home.config, plain.config) == ""
