from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.bundle.runs import SHEET
from explorer.data import TRAIN
from explorer.training.feed import feed_of
from explorer.training.sheet import COLUMNS, progress_sheet, save_sheet, sheet_rows
from explorer.vae import VAE, ModelConfig
from tests.training.runs import MODEL, make_dataset

DATASET = make_dataset(held_out=40)
FEED = feed_of(DATASET, torch.device("cpu"))


def model_of(config: ModelConfig = MODEL) -> VAE:
    return VAE(config).eval()


def cell(sheet: np.ndarray, row: int, column: int) -> np.ndarray:
    side = MODEL.image_size
    top, left = row * (side + 2), column * (side + 2)
    return sheet[top : top + side, left : left + side]


def test_the_rows_are_pictures_reconstructions_and_draws() -> None:
    rows, model = sheet_rows(DATASET), model_of()
    assert len(rows) == COLUMNS
    sheet = progress_sheet(model, FEED, rows)
    assert sheet.shape == (3 * 30 - 2, 8 * 30 - 2, 3)
    np.testing.assert_array_equal(cell(sheet, 0, 3)[..., :1], DATASET.images[rows[3]])
    x = FEED.batch(torch.from_numpy(rows))
    with torch.no_grad():
        made = (model.decode(model.encode(x).mu)[3, 0] * 255).round().to(torch.uint8)
    np.testing.assert_array_equal(cell(sheet, 1, 3)[..., 0], made.numpy())


def test_an_autoencoder_draws_nothing() -> None:
    plain = model_of(ModelConfig(**{**vars(MODEL), "variational": False}))
    assert progress_sheet(plain, FEED, sheet_rows(DATASET)).shape[0] == 2 * 30 - 2


def test_the_draws_are_the_same_each_time_and_touch_no_generator() -> None:
    model, before = model_of(), torch.get_rng_state()
    first = progress_sheet(model, FEED, sheet_rows(DATASET))
    np.testing.assert_array_equal(progress_sheet(model, FEED, sheet_rows(DATASET)), first)
    assert torch.equal(torch.get_rng_state(), before)


def test_without_unseen_pictures_those_of_training_are_shown() -> None:
    seen = make_dataset(held_out=0)
    assert set(seen.split[sheet_rows(seen)]) == {TRAIN}


def test_the_sheet_is_a_file_that_a_full_disk_does_not_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = progress_sheet(model_of(), FEED, sheet_rows(DATASET))
    save_sheet(tmp_path, sheet)
    with Image.open(io.BytesIO((tmp_path / SHEET).read_bytes())) as picture:
        np.testing.assert_array_equal(np.asarray(picture), sheet)
    assert [path.name for path in tmp_path.iterdir()] == [SHEET]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("explorer.bundle.atomic.write_through", full)
    save_sheet(tmp_path, 255 - sheet)
    with Image.open(tmp_path / SHEET) as picture:
        np.testing.assert_array_equal(np.asarray(picture), sheet)
