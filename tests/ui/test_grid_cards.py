from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.ui import grid_cards
from explorer.ui.lab.page import EXPERIMENTS
from tests.bundles import Tiny, make_config


def test_the_lab_has_the_experiments_that_cards_lead_to() -> None:
    known = {experiment.key for experiment in EXPERIMENTS}
    assert set(grid_cards.EXPERIMENTS.values()) <= known


def test_a_grid_is_told_in_one_sentence() -> None:
    cells = [
        Tiny(beta=0.0, latent_dim=2),
        Tiny(beta=10.0, latent_dim=32),
        Tiny(variational=False, beta=99.0, latent_dim=8),
    ]
    assert grid_cards.sentence([make_config(cell) for cell in cells]) == (
        "3 models of 300 pictures (procedural cartoon faces, 32 × 32): β 0 to 10 · codes of 2 to "
        "32 numbers · VAE · autoencoder."
    )
    one = [make_config(Tiny(variational=False)) for _ in range(2)]
    assert grid_cards.sentence(one).endswith(": codes of 8 numbers.")


@pytest.mark.parametrize(("count", "columns"), [(5, 3), (2, 7), (1, 8)])
def test_a_strip_shows_the_first_columns_of_each_and_nothing_between(
    tmp_path: Path, count: int, columns: int
) -> None:
    paths = []
    for number in range(count):
        sheet = np.repeat(np.arange(8, dtype=np.uint8) * 30, 10)[None].repeat(40, axis=0)
        Image.fromarray(sheet + number).save(tmp_path / f"{number}.png")
        paths.append(str(tmp_path / f"{number}.png"))
    strip = grid_cards._strip(tuple(paths))
    width = 10 * columns
    assert strip.shape == (40, count * (width + grid_cards.GAP) - grid_cards.GAP, 4)
    for number in range(count):
        part = strip[:, number * (width + grid_cards.GAP) :][:, :width]
        assert (part[0, ::10, 0] == np.arange(columns) * 30 + number).all()
        assert (part[..., 3] == 255).all()
    assert (strip[:, width : width + grid_cards.GAP, 3] == 0).all()
