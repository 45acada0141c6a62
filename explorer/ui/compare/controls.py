"""The widgets that choose what is compared; all of them are part of the link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from explorer.bundle.sweeps import INDEX
from explorer.ui.compare.choice import (
    MAX_MODELS,
    PLAIN,
    Chosen,
    Place,
    best_grid,
    betas,
    column_of,
    first_place,
    kind_title,
    kinds,
    open_entry,
    open_place,
    row_of,
)
from explorer.ui.frame import invite_to_train, slugs
from explorer.ui.grids import find_grids
from explorer.ui.resources import find_bundles
from explorer.ui.words import plain

if TYPE_CHECKING:
    from explorer.bundle import Catalogue, Entry
    from explorer.bundle.sweeps import Sweep

GRID, BETA, DIM, KIND, BESIDE, MODELS = "grid", "beta", "dim", "kind", "beside", "models"
NO_GRID = "no grid"
OTHER_BETAS, OTHER_DIMS, OWN = "other β", "other latent_dim", "my choice"


def choose() -> tuple[list[Chosen], Sweep | None]:
    """The models to compare, at most six, and the grid they are from, if one is chosen."""
    found = find_bundles()
    choices = slugs(found)
    if not choices:
        invite_to_train()
        st.stop()
    _tell_of_damaged(found)
    sweeps = find_grids()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        sweep = _choose_grid(sweeps)
        place = None if sweep is None else _choose_place(sweep)
        beside = OWN if sweep is None else _choose_beside()
    if sweep is None or place is None:
        return [open_entry(name, choices[name]) for name in _choose_models(choices)], None
    if beside == OWN:
        names = _choose_models(choices, room=MAX_MODELS - 1, default=[])
        others = [open_entry(name, choices[name]) for name in names]
        return [open_place(sweep, place, steered=True), *others], sweep
    places = row_of(sweep, place) if beside == OTHER_BETAS else column_of(sweep, place)
    return [open_place(sweep, each, steered=each == place) for each in places], sweep


def _tell_of_damaged(found: Catalogue) -> None:
    """Sweeps whose index cannot be read; their bundles stand for themselves."""
    for problem in found.problems:
        if (problem.path / INDEX).is_file():
            st.warning(plain(problem.reason), icon=":material/grid_off:")


def _choose_grid(sweeps: Sequence[Sweep]) -> Sweep | None:
    by_name = {sweep.name: sweep for sweep in sweeps}
    if not by_name:
        return None
    best = best_grid(sweeps)
    options = [*by_name, NO_GRID]
    linked = st.query_params.get(GRID)
    if linked and linked not in options:
        st.warning(f"There is no grid **{plain(linked)}** here (any more).")
    _forget_unless(GRID, options)
    name = st.selectbox(
        "Grid",
        options,
        index=0 if best is None else options.index(best.name),
        key=GRID,
        bind="query-params",
        persist_state="session",
        help="What `train_cli.py sweep` trained: a model for every β and latent_dim.",
        width=150,
    )
    return by_name.get(str(name))


def _choose_place(sweep: Sweep) -> Place:
    """The two axes; an axis with one value only is not asked for."""
    first = first_place(sweep)
    names = {_key(beta): beta for beta in betas(sweep)}
    beta = names[_slide("β", list(names), _key(first.beta), BETA)]
    dims = {str(dim): dim for dim in sweep.values("latent_dim")}
    dim = dims[_slide("latent_dim", list(dims), str(first.latent_dim), DIM)]
    options = {kind_title(kind): kind for kind in kinds(sweep)}
    kind = next(iter(options))
    if len(options) > 1:
        _forget_unless(KIND, list(options))
        kind = st.selectbox(
            "Network", list(options), key=KIND, bind="query-params", persist_state="session"
        )
    return Place(beta, dim, options[kind])


def _choose_beside() -> str:
    chosen = st.segmented_control(
        "Beside it",
        (OTHER_BETAS, OTHER_DIMS, OWN),
        default=OTHER_BETAS,
        required=True,
        key=BESIDE,
        bind="query-params",
        persist_state="session",
    )
    return str(chosen)


def _choose_models(
    choices: Mapping[str, Entry], *, room: int = MAX_MODELS, default: list[str] | None = None
) -> list[str]:
    """Any models of the list, those in grids too."""
    names = list(choices)
    _tell_of_gone(names)
    if MODELS in st.session_state:
        held = [name for name in st.session_state[MODELS] if name in names][:room]
        st.session_state[MODELS] = held
    return st.multiselect(
        "Models",
        names,
        default=names[:2] if default is None else default,
        max_selections=room,
        key=MODELS,
        bind="query-params",
        persist_state="session",
        placeholder=f"Choose up to {room} models",
    )


def _tell_of_gone(names: Sequence[str]) -> None:
    """Models of the link, or chosen before, that are not there now."""
    wanted = [*st.query_params.get_all(MODELS), *st.session_state.get(MODELS, ())]
    gone = [name for name in dict.fromkeys(wanted) if name not in names]
    if gone:
        listed = ", ".join(f"**{plain(name)}**" for name in gone)
        verb = "is" if len(gone) == 1 else "are"
        st.warning(f"{listed} {verb} not here (any more); the others are compared.")


def _slide(label: str, options: list[str], value: str, key: str) -> str:
    if len(options) == 1:
        st.markdown(f"**{label}**  \n{options[0]}", width="content")
        return options[0]
    linked = st.query_params.get(key)
    if linked and linked not in options:
        st.warning(f"This grid has no {label} {plain(linked)}.")
    _forget_unless(key, options)
    return str(
        st.select_slider(
            label,
            options,
            value=value,
            key=key,
            bind="query-params",
            persist_state="session",
            width=175,
        )
    )


def _key(beta: float | str) -> str:
    return PLAIN if beta == PLAIN else f"{beta:g}"


def _forget_unless(key: str, options: Sequence[str]) -> None:
    """Another grid may not have what was chosen in the last one."""
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)
