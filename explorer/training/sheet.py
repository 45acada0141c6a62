"""What a run has learnt so far, as one small picture beside its state."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from explorer.bundle.atomic import replace_file
from explorer.bundle.runs import SHEET
from explorer.data import TRAIN, VALID, Dataset
from explorer.figures.sheet import contact_sheet
from explorer.training.feed import Feed
from explorer.vae import VAE

COLUMNS = 8


def sheet_rows(dataset: Dataset) -> np.ndarray:
    """The pictures shown: always the same, unseen ones where there are any."""
    unseen = dataset.where(VALID)
    return (unseen if len(unseen) else dataset.where(TRAIN))[:COLUMNS]


@torch.no_grad()
def progress_sheet(model: VAE, feed: Feed, rows: np.ndarray) -> np.ndarray:
    """Pictures, the same reconstructed from ``mu``, and draws from the prior, a row each.

    The draws are those of the same codes after every epoch, and no generator of the run is
    touched. An autoencoder has no prior, and so no third row.

    Args:
        model: As it is shipped, ready for evaluation.
        feed: All pictures of the data.
        rows: (n,) which of them to show.

    Returns:
        uint8 (H', W', 3).
    """
    x = feed.batch(torch.from_numpy(rows).to(feed.images.device))
    shown = [x, model.decode(model.encode(x).mu)]
    if model.config.variational:
        codes = np.random.default_rng(0).standard_normal((len(rows), model.config.latent_dim))
        shown.append(model.decode(torch.from_numpy(codes).to(x)))
    pictures = (torch.cat(shown) * 255).round().to(torch.uint8).permute(0, 2, 3, 1)
    return contact_sheet(pictures.cpu().numpy(), columns=len(rows))


def save_sheet(folder: Path, sheet: np.ndarray) -> None:
    """Put the sheet in the folder of a run's state; a disk that refuses does not stop the run."""
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, "WEBP", lossless=True)
    with suppress(OSError):
        replace_file(folder / SHEET, buffer.getvalue(), staging=folder)
