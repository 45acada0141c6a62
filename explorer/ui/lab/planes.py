"""Planes in the space of codes, for the experiments that show where digits lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explorer.latent import Cloud, fit_pca
from explorer.ui.lab.columns import CIRCLE, Curve, Plane, ring
from explorer.ui.lab.labels import labels_of

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

FLAT = 2  # numbers a code that need no projection
SIGMAS = (1, 2, 3)
SHOWN = 1_200  # codes drawn of a model; more cover each other
EDGE = 0.995  # share of the codes that the axes reach to
MARGIN = 1.08


def prior_plane(opened: Opened) -> Plane:
    """The codes of a model in a plane through the origin, along which they vary most.

    The prior is N(0, I) in it as in every plane through the origin, so its circles are exact.
    Codes of two numbers are shown as they are.
    """
    return _prior_plane(opened.identity, _opened=opened)


def cloud_curves(cloud: Cloud, plane: Plane) -> tuple[Curve, ...]:
    """One and two standard deviations of a class in a plane with orthonormal axes.

    The cloud's Gaussian has covariance C = A diag(std²) Aᵀ in the plane of axes A (2, D); its
    ellipses are L times the circles, C = L Lᵀ.
    """
    covariance = (plane.axes * np.square(cloud.std, dtype=np.float64)) @ plane.axes.T
    factor = np.linalg.cholesky(covariance)
    circle = np.stack([np.cos(CIRCLE), np.sin(CIRCLE)])
    centre = on_plane(cloud.mean[None], plane)
    return tuple(
        Curve(centre + (sigma * factor @ circle).T, label=f"{sigma} σ") for sigma in SIGMAS[:2]
    )


def on_plane(codes: np.ndarray, plane: Plane) -> np.ndarray:
    """Where codes (M, D) fall on a plane with orthonormal axes, (M, 2)."""
    return np.asarray((codes - plane.base) @ plane.axes.T)


@st.cache_resource(max_entries=32, show_spinner=False)
def _prior_plane(identity: str, *, _opened: Opened) -> Plane:
    codes = np.asarray(_opened.bundle.latents.mu, np.float32)
    dim = codes.shape[1]
    axes = np.eye(dim, dtype=np.float32) if dim == FLAT else fit_pca(codes).components
    points = codes @ axes.T
    some = np.random.default_rng(0).permutation(len(codes))[:SHOWN]
    far = float(np.quantile(np.abs(points), EDGE))
    return Plane(
        points=points[some],
        classes=labels_of(_opened).classes[some],
        base=np.zeros(dim, np.float32),
        axes=axes,
        centre=(0.0, 0.0),
        half=MARGIN * max(far, float(max(SIGMAS))),
        curves=tuple(ring(sigma, label=f"{sigma} σ") for sigma in SIGMAS),
    )
