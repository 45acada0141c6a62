"""Pictures that several models are asked for: unseen ones, originals, reconstructions, samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.bundle import BundleError
from explorer.data import original
from explorer.data.originals import FIELDS
from explorer.ui.batches import decode_many
from explorer.ui.lab.columns import Sheet
from explorer.ui.rows import unseen_rows

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

Pictures = NDArray[np.uint8]
NATS = "{:.1f} nats"
FIGURES = {"psnr": ("PSNR", "{:.1f} dB"), "elbo": ("ELBO", NATS), "rate": ("Rate", NATS)}


def unseen_ids(
    opened: Opened, *, count: int, seed: int, label: str | None = None
) -> tuple[str, ...]:
    """Names of pictures that the model was not trained on, by chance; of one class or of any."""
    items = opened.bundle.items
    rows = unseen_rows(opened.bundle)
    if label is not None:
        rows = rows[items["label"].iloc[rows].eq(label).to_numpy(bool)]
    chosen = np.random.default_rng(seed).permutation(rows)[:count]
    return tuple(map(str, items["id"].iloc[chosen]))


def originals(opened: Opened, ids: Sequence[str]) -> Pictures | None:
    """Those pictures (N, H, W, C) as the model saw them; None where they are not at hand."""
    data = asdict(opened.bundle.config.data)
    # By what decides the pictures, not by the model: those beside each other show the same.
    return _originals(str([data[name] for name in FIELDS]), tuple(ids), _data=data)


def rebuilt(opened: Opened, ids: Sequence[str]) -> Pictures:
    """Those pictures (N, H, W, C) decoded from their posterior means.

    Raises:
        BundleError: The model was trained on other pictures.
    """
    return _rebuilt(opened.identity, tuple(ids), _opened=opened)


def drawn(opened: Opened, *, count: int, seed: int, sampler: str = "prior") -> Pictures:
    """Samples from the prior or the mixture, (N, H, W, C)."""
    return _drawn(opened.identity, count, seed, sampler, _opened=opened)


def asked(
    opened: Opened,
    ids: Sequence[str],
    *,
    samples: int,
    seed: int,
    columns: int,
    sampler: str = "prior",
) -> tuple[Sheet, ...]:
    """What one model makes of pictures: the originals if at hand, reconstructions, samples.

    Raises:
        BundleError: The model was trained on other pictures.
    """
    sources = originals(opened, ids)
    sheets = [] if sources is None else [Sheet("Unseen pictures", sources, columns)]
    new = drawn(opened, count=samples, seed=seed, sampler=sampler)
    return (
        *sheets,
        Sheet("Reconstructed", rebuilt(opened, ids), columns),
        Sheet(f"Samples from the {sampler}", new, columns),
    )


def facts(opened: Opened) -> list[tuple[str, str]]:
    """Figures measured on unseen pictures when the model was trained."""
    results, model = opened.bundle.config.results, opened.bundle.config.model
    told = [
        (title, text.format(results[name]).replace("-", "−"))
        for name, (title, text) in FIGURES.items()
        if name in results and (model.variational or name != "rate")
    ]
    if "active_units" in results:
        told.append(("Active units", f"{results['active_units']:.0f} of {model.latent_dim}"))
    return told


@st.cache_data(max_entries=256, show_spinner=False)
def _originals(key: str, ids: tuple[str, ...], *, _data: Mapping[str, Any]) -> Pictures | None:
    found = [original(_data, name) for name in ids]
    kept = [image for image in found if image is not None]
    return np.stack(kept) if kept and len(kept) == len(ids) else None


@st.cache_data(max_entries=256, show_spinner=False)
def _rebuilt(identity: str, ids: tuple[str, ...], *, _opened: Opened) -> Pictures:
    places = _places(identity, _opened=_opened)
    missing = [name for name in ids if name not in places]
    if missing:
        raise BundleError(
            f"{_opened.bundle.name} was not trained on {missing[0]}, which the model beside it "
            "knows; train both with the commands below, on the same pictures."
        )
    codes = np.asarray(_opened.bundle.latents.mu[[places[name] for name in ids]], np.float32)
    return decode_many(_opened.bundle, codes)


@st.cache_data(max_entries=256, show_spinner=False)
def _drawn(identity: str, count: int, seed: int, sampler: str, *, _opened: Opened) -> Pictures:
    return decode_many(_opened.bundle, _opened.bundle.sample(count, sampler=sampler, seed=seed))


@st.cache_resource(max_entries=16, show_spinner=False)
def _places(identity: str, *, _opened: Opened) -> dict[str, int]:
    """The row of each picture."""
    return {str(name): row for row, name in enumerate(_opened.bundle.items["id"])}
