"""The evidence, one section each: a picture, what it means here, how it is measured."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from explorer.bundle.checkup import bundle_scores, varied_factors
from explorer.figures.evidence import rate_bar, score_bars, share_map, variance_bars
from explorer.figures.radii import radius_edges, radius_figure
from explorer.figures.unit_bars import unit_bars
from explorer.latent.diagnosis import MAX_CODES
from explorer.latent.measures import ACTIVE_VARIANCE, radius, unit_variances
from explorer.latent.rate import draw_aggregate
from explorer.latent.regions import chi_density
from explorer.latent.traversal import explained, kl_per_dimension
from explorer.ui.diagnose import evidence, wording
from explorer.ui.diagnose.jobs import desk
from explorer.ui.diagnose.look import Look, explain, section
from explorer.ui.diagnose.tiles import tiles
from explorer.ui.diagnose.waiting import wait
from explorer.ui.words import plain, readable

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from explorer.latent.disentanglement import Score
    from explorer.ui.resources import Opened

SEEDS = (0, 1, 2)
MOST_MAPPED = 24  # dimensions with a name at 400 pixels
SCORES = "scores"
REFERENCES = (
    "MIG: [Chen et al. 2018](https://arxiv.org/abs/1802.04942), equation 6. "
    "DCI: [Eastwood & Williams 2018](https://openreview.net/forum?id=By-7dz-AZ). "
    "SAP: [Kumar et al. 2018](https://arxiv.org/abs/1711.00848). "
    "FactorVAE score: [Kim & Mnih 2018](https://arxiv.org/abs/1802.05983). "
    "How far such scores can be trusted: "
    "[Locatello et al. 2019](https://arxiv.org/abs/1811.12359)."
)
NO_FACTORS = (
    "These scores ask whether each number of a code stands for one true factor, so the pictures' "
    "factors must be known. They are for the procedural faces (`--data toy-faces`), and for a "
    "folder of pictures with a table: `--data folder --root PICTURES --factors FILE.csv`, a row "
    "per picture, its file name first, then a column per factor."
)


def draw_all(look: Look) -> None:
    """Every section, in order."""
    for draw in (
        _cost,
        _active,
        _rate,
        _sensitivity,
        _identical,
        _interpolation,
        _prior,
        _radii,
        _memory,
        _factors,
    ):
        draw(look)


def _cost(look: Look) -> None:
    with section("What each dimension costs", key="kl") as (left, right):
        latents, paid = look.bundle.latents, look.is_variational
        variances = unit_variances(latents.mu)
        kl = kl_per_dimension(latents.mu, latents.logvar)
        dead = variances <= ACTIVE_VARIANCE
        title = "KL (nats per picture)" if paid else "Variance over the pictures"
        _plot(left, unit_bars(kl if paid else variances, dead=dead, title=title), "kl")
        explain(
            right,
            wording.cost(kl, variances, is_variational=paid),
            f"KL(q(z|x) ‖ N(0, 1)) of each dimension, mean over all {len(latents):,} "
            f"{look.noun}s. Dead: the mean hardly depends on the picture.",
        )


def _active(look: Look) -> None:
    with section("Active units", key="active") as (left, right):
        variances = unit_variances(look.bundle.latents.mu)
        _plot(left, variance_bars(variances, threshold=ACTIVE_VARIANCE), "active")
        explain(
            right,
            wording.active(variances),
            f"A unit is active if the variance of its mean over the {look.noun}s is above "
            f"{ACTIVE_VARIANCE:g} ([Burda et al. 2016](https://arxiv.org/abs/1509.00519), "
            "section 5.2).",
        )


def _rate(look: Look) -> None:
    with section("What the rate buys", key="rate") as (left, right):
        method = (
            "The rate is the mutual information between picture and code plus the KL of the "
            "aggregate posterior to the prior ([Hoffman & Johnson 2016]"
            "(http://approximateinference.org/accepted/HoffmanJohnson2016.pdf)), from a thousand "
            "draws against up to 20,000 posteriors."
        )
        if not look.is_variational:
            with left:
                st.info(
                    "A plain autoencoder has no rate: each picture's code is a point without "
                    "noise, which tells it from all others for nothing."
                )
            explain(right, "There is no prior that codes could be paid to stay near.", method)
        elif look.figures is None:
            explain(right, None, method)
        else:
            parts = look.figures.parts
            bar = rate_bar(
                information=parts.information, marginal=parts.marginal, ceiling=parts.ceiling
            )
            _plot(left, bar, "rate")
            explain(right, wording.rate(parts, count=look.figures.count), method)


def _sensitivity(look: Look) -> None:
    with section("What the decoder listens to", key="sensitivity") as (left, right):
        method = (
            "Mean change of a pixel when one dimension is moved by one standard deviation of the "
            "prior. Below: the mean code, that dimension moved from −2 to 2."
        )
        if look.figures is None:
            explain(right, None, method)
            return
        felt = look.figures.sensitivity
        none = np.zeros(len(felt), bool)
        _plot(left, unit_bars(felt, dead=none, title="Grey levels of 255"), "sensitivity")
        explain(right, wording.sensitivity(felt), method)
        with left:
            for word, dimension in (("most", felt.argmax()), ("least", felt.argmin())):
                images = _moved(look.opened.identity, int(dimension), _opened=look.opened)
                st.caption(f"Dimension {dimension}, which shows {word}: {felt[dimension]:.2f}")
                st.html(tiles(images, label=f"Dimension {dimension}, step", columns=7))


def _identical(look: Look) -> None:
    with section("Different codes, different pictures?", key="identical") as (left, right):
        found = _different(look.opened.identity, look.seed, _opened=look.opened)
        with left:
            st.html(tiles(found.images, label="Decoded code", columns=6))
        explain(
            right,
            wording.identical(found),
            f"Codes drawn from the posteriors of {len(found.images)} {look.noun}s, decoded. Where "
            "a decoder has learnt to do without the code, they come out alike.",
        )


def _interpolation(look: Look) -> None:
    with section("Does anything happen between two codes?", key="interpolation") as (left, right):
        found = _strip(look.opened.identity, look.seed, _opened=look.opened)
        with left:
            st.html(tiles(found.images, label="Picture on the way", columns=len(found.images)))
        explain(
            right,
            wording.interpolation(found),
            f"The straight way between the codes of two {look.noun}s, in equal steps.",
        )


def _prior(look: Look) -> None:
    with section("Pictures from the prior beside the data", key="prior") as (left, right):
        found = _grids(look.opened.identity, look.seed, _opened=look.opened)
        with left:
            one, other = st.columns(2)
        with one:
            st.caption("From the prior N(0, I)")
            st.html(tiles(found.prior, label="From the prior", columns=4))
        with other:
            st.caption(f"The {look.noun}s" + ("" if found.are_originals else ", reconstructed"))
            st.html(tiles(found.data, label=look.noun.capitalize(), columns=4))
        method = (
            "A picture from the prior is real, as far as the encoder knows, if it is read as a "
            f"code no further from the {look.noun}s' than 97 % of these lie from each other."
        )
        if not look.is_variational:
            method = f"A plain autoencoder has no prior; this is why one is missed. {method}"
        figures = look.figures
        meaning = None if figures is None else wording.prior(figures, noun=look.noun)
        explain(right, meaning, method)


def _radii(look: Look) -> None:
    with section("How far out codes lie", key="radius") as (left, right):
        _plot(left, _radius_plot(look), "radius")
        figures = look.figures
        meaning = None if figures is None else wording.radii(figures, noun=look.noun)
        explain(
            right,
            meaning,
            "Distance from the origin of codes with the posterior's noise, as the decoder meets "
            f"them in training (at most {MAX_CODES:,} draws), and of all their means. The prior's "
            "follows the chi distribution of "
            f"{look.bundle.config.model.latent_dim} degrees of freedom.",
        )


def _radius_plot(look: Look) -> Figure:
    latents = look.bundle.latents
    rng = np.random.default_rng(look.seed)
    count = min(len(latents), MAX_CODES)
    drawn = radius(draw_aggregate(latents.mu, latents.logvar, count, rng=rng))
    means = radius(latents.mu)
    edges = radius_edges(drawn, means)
    prior = chi_density(edges, dim=look.bundle.config.model.latent_dim)
    named = "their means, without noise"
    return radius_figure(drawn, means, edges=edges, prior=prior, noun=look.noun, named=named)


def _memory(look: Look) -> None:
    with section("Invented or remembered?", key="memory") as (left, right):
        shown = _suspects(look.opened.identity, look.seed, _opened=look.opened)
        ratios = [f"{ratio:.1f} ×" for ratio in shown.ratio]
        kind = f"nearest training {look.noun}"
        with left:
            count = len(shown.images)
            st.caption("Pictures from the prior that come nearest to a training picture")
            st.html(tiles(shown.images, label="From the prior", columns=count, captions=ratios))
            st.caption(f"The {kind} of each" + ("" if shown.are_originals else ", reconstructed"))
            st.html(tiles(shown.nearest, label=kind.capitalize(), columns=count))
        figures = look.figures
        meaning = None if figures is None else wording.memory(figures, shown, noun=look.noun)
        explain(
            right,
            meaning,
            "Distances between codes; 1 × is what is usual for a picture the model has never "
            "seen. A copy lies less than a third as far from the nearest as from the next "
            "([Yoon et al. 2023](https://openreview.net/forum?id=shciCbSk9h), section 2).",
        )


def _factors(look: Look) -> None:
    with section("Disentanglement", key="factors") as (left, right):
        table, names = varied_factors(look.bundle)
        if not names:
            with left:
                st.info(NO_FACTORS)
            return
        opened = look.opened
        job = desk().begin(
            (SCORES, opened.identity),
            lambda told: bundle_scores(opened.bundle, seeds=SEEDS, progress=told),
        )
        shares = explained(look.bundle.latents.mu, table)
        with left:
            if not job.done.is_set():
                wait(job, "Forests are learning to tell factors from codes")
            elif job.problem:
                st.error(plain(job.problem))
            else:
                _show_scores(job.result, look)
            _plot(left, _map_of(shares, names), "factors")
        explain(right, wording.factors(shares, tuple(map(readable, names))), _score_method())


def _show_scores(scores: tuple[Score, ...], look: Look) -> None:
    if not scores:
        st.info(f"The {len(look.bundle.items)} pictures are too few to score; 38 are needed.")
        return
    titles = [score.title for score in scores]
    values, spreads = [score.value for score in scores], [score.std for score in scores]
    st.plotly_chart(
        score_bars(titles, values, spreads), key="plot_scores", config={"displayModeBar": False}
    )


def _map_of(shares: np.ndarray, names: tuple[str, ...]) -> Figure:
    """Factors by dimensions; of many dimensions those that follow some factor most."""
    best = np.nan_to_num(shares).max(axis=1)
    shown = np.sort(np.argsort(-best, kind="stable")[:MOST_MAPPED])
    return share_map(shares[shown].T, [readable(name) for name in names], [str(n) for n in shown])


def _score_method() -> str:
    return (
        f"Above: mean and standard deviation over {len(SEEDS)} seeds of rows, splits and forests, "
        "for this one model; 1 is best. How models trained anew would differ they do not say. "
        "Below: the share of each dimension's variance that a factor explains. " + REFERENCES
    )


def _plot(place: Any, figure: Figure, key: str) -> None:
    place.plotly_chart(figure, key=f"plot_{key}", config={"displayModeBar": False})


def _cached(make: Callable[..., Any]) -> Callable[..., Any]:
    return st.cache_resource(max_entries=16, show_spinner=False)(make)


@_cached
def _different(identity: str, seed: int, *, _opened: Opened) -> evidence.Different:
    return evidence.different(_opened.bundle, seed=seed)


@_cached
def _strip(identity: str, seed: int, *, _opened: Opened) -> evidence.Strip:
    return evidence.strip(_opened.bundle, seed=seed)


@_cached
def _grids(identity: str, seed: int, *, _opened: Opened) -> evidence.Grids:
    return evidence.grids(_opened.bundle, seed=seed)


@_cached
def _suspects(identity: str, seed: int, *, _opened: Opened) -> evidence.Suspects:
    drawn = _grids(identity, seed, _opened=_opened)
    return evidence.suspects(_opened.bundle, drawn.prior)


@_cached
def _moved(identity: str, dimension: int, *, _opened: Opened) -> np.ndarray:
    return evidence.moved(_opened.bundle, dimension)
