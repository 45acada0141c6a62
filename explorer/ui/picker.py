"""The model picker's controls: single models by name; of a grid, the grid and then its axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from explorer.ui.folders import LAB

if TYPE_CHECKING:
    from explorer.bundle import Config, Entry

NETWORKS = {"conv": "convolutional", "mlp": "fully connected"}
MODELS = {True: "VAE", False: "autoencoder"}
WARMUPS = {"none": "no warm-up", "linear": "linear warm-up", "cyclical": "cyclical warm-up"}
ELBO = 1.0

Take = Callable[[str], None]  # makes the model of this slug the one looked at


class Place(NamedTuple):
    """Where a model stands in its grid; ``kind`` says whatever is no number, in words."""

    kind: str
    beta: float
    latent_dim: int


def groups(choices: Mapping[str, Entry]) -> dict[str, list[str]]:
    """Slugs by what the picker lists: each single model, each grid, the lab's shelf."""
    found: dict[str, list[str]] = {}
    for slug in sorted(choices, key=lambda slug: _rank(choices[slug])):
        found.setdefault(group_of(slug, choices[slug]), []).append(slug)
    return found


def group_of(slug: str, entry: Entry) -> str:
    """The name under which the picker lists a model."""
    if entry.sweep is not None:
        return slug.rpartition("/")[0]
    return LAB if is_of_lab(entry) else slug


def is_of_lab(entry: Entry) -> bool:
    """Whether it is one of the small single models that the lab shows."""
    return entry.sweep is None and entry.path.parent.name == LAB


def _rank(entry: Entry) -> int:
    return 2 if is_of_lab(entry) else int(entry.sweep is not None)


def draw(choices: Mapping[str, Entry], slug: str, *, key: str, take: Take) -> None:
    """The controls in the sidebar, standing at the model looked at."""
    listed = groups(choices)
    here = group_of(slug, choices[slug])
    # What is looked at decides, never what a control remembers: links and pages move it too.
    st.session_state[key] = here
    st.sidebar.selectbox(
        "Model",
        list(listed),
        key=key,
        format_func=lambda name: _label(name, len(listed[name])),
        on_change=lambda: take(_first_of(listed[st.session_state[key]], choices)),
    )
    if len(listed[here]) == 1:
        return
    if is_of_lab(choices[slug]):
        _choose_name(listed[here], slug, label="Which", take=take)
    else:
        _draw_axes({name: choices[name].config for name in listed[here]}, slug, take=take)


def _label(name: str, count: int) -> str:
    return name if count == 1 else f"{name} ({count} models)"


def _first_of(slugs: list[str], choices: Mapping[str, Entry]) -> str:
    if is_of_lab(choices[slugs[0]]):
        return slugs[0]
    return middle_of({slug: choices[slug].config for slug in slugs})


def middle_of(configs: Mapping[str, Config]) -> str:
    """Where a visitor enters a grid: at the ELBO and in the middle of the sizes."""
    found = places(configs)
    sizes = sorted({place.latent_dim for place in found.values()})
    return nearest(found, Place(next(iter(found.values())).kind, ELBO, sizes[len(sizes) // 2]))


def places(configs: Mapping[str, Config]) -> dict[str, Place]:
    """Where the models of a grid stand; what they share is not mentioned in their kind."""
    words = {slug: _words(config) for slug, config in configs.items()}
    vary = [len(set(column) - {""}) > 1 for column in zip(*words.values(), strict=True)]
    return {
        slug: Place(
            " ".join(
                word for word, varies in zip(words[slug], vary, strict=True) if varies and word
            ),
            # An autoencoder has no β; who comes back from one comes back to the ELBO.
            config.objective.beta if config.model.variational else ELBO,
            config.model.latent_dim,
        )
        for slug, config in configs.items()
    }


def _words(config: Config) -> tuple[str, str, str]:
    model, warmup = config.model, config.objective.warmup
    return (
        NETWORKS[model.architecture],
        MODELS[model.variational],
        f"with {WARMUPS[warmup]}" if model.variational else "",
    )


def nearest(found: Mapping[str, Place], aim: Place) -> str:
    """The model nearest to a place: of its kind if there is one, then in ratios of the numbers."""
    return min(found, key=lambda slug: _distance(found[slug], aim))


def _distance(one: Place, other: Place) -> tuple[bool, float]:
    beta = abs(math.log1p(one.beta) - math.log1p(other.beta))
    return one.kind != other.kind, beta + abs(math.log(one.latent_dim / other.latent_dim))


def _draw_axes(configs: Mapping[str, Config], slug: str, *, take: Take) -> None:
    found = places(configs)
    here = found[slug]
    _draw_kinds(found, here, take=take)
    peers = {name: place for name, place in found.items() if place.kind == here.kind}
    if configs[slug].model.variational:
        _draw_axis("beta", "β", peers, here, take=take)
    _draw_axis("latent_dim", "Numbers in a code", peers, here, take=take)
    twins = [name for name in peers if peers[name] == here]
    if len(twins) > 1:
        _choose_name(twins, slug, label="Run", take=take)


def _draw_kinds(found: Mapping[str, Place], here: Place, *, take: Take) -> None:
    kinds = list(dict.fromkeys(place.kind for place in found.values()))
    if len(kinds) < 2:
        return
    st.session_state["cell_kind"] = here.kind
    st.sidebar.selectbox(
        "Kind",
        kinds,
        key="cell_kind",
        on_change=lambda: take(nearest(found, here._replace(kind=st.session_state["cell_kind"]))),
    )


def _draw_axis(
    axis: str, label: str, peers: Mapping[str, Place], here: Place, *, take: Take
) -> None:
    """A slider over the values that models of this kind have; a hole leads to its neighbour."""
    values = sorted({getattr(place, axis) for place in peers.values()})
    if len(values) < 2:
        return
    key = f"cell_{axis}"
    st.session_state[key] = getattr(here, axis)

    def move() -> None:
        value = st.session_state[key]
        there = {name: place for name, place in peers.items() if getattr(place, axis) == value}
        take(nearest(there, here._replace(**{axis: value})))

    st.sidebar.select_slider(
        label, values, key=key, format_func=lambda value: f"{value:g}", on_change=move
    )


def _choose_name(slugs: list[str], slug: str, *, label: str, take: Take) -> None:
    st.session_state["cell_name"] = slug
    st.sidebar.selectbox(
        label,
        slugs,
        key="cell_name",
        format_func=lambda name: name.rpartition("/")[2],
        on_change=lambda: take(st.session_state["cell_name"]),
    )
