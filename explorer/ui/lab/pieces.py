"""What every experiment of the lab has: a few words before it, and what was measured after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from explorer.bundle import BundleError
from explorer.bundle.sweeps import Sweep
from explorer.ui.facts import summary
from explorer.ui.grids import grid_named, open_cell
from explorer.ui.lab.commands import SHIPPED, command_of
from explorer.ui.resources import Opened, find_bundles, open_bundle
from explorer.ui.words import plain

if TYPE_CHECKING:
    from explorer.bundle.sweeps import Cell

LINKED: dict[str, Any] = {"bind": "query-params"}  # for the controls: the address is the state
NO_MODEL = "Nothing is trained here: what is shown follows from the numbers alone."


def explain(text: str) -> None:
    """Two or three sentences on what is seen and what to try, before the experiment."""
    st.markdown(text, width=820)


def measured(what: str, *models: Opened | Sweep, command: str | None = None) -> None:
    """The foot of an experiment: what is measured, on which models, trained with which commands.

    Args:
        what: A sentence or two, with the units.
        models: Bundles and grids that were used; without any, the experiment is arithmetic.
        command: Instead of the commands that the models tell.
    """
    with st.container(key="lab_measured"):
        st.markdown(f"**What is measured.** {what}")
        if not models:
            st.caption(NO_MODEL)
        for model in models:
            st.caption(f"On {_described(model)}, trained with")
            st.code(command or _trained_with(model), language="bash", wrap_lines=True)


def need(name: str, **values: object) -> Opened | None:
    """A shipped model, or a cell of a shipped grid by its values on the axes, opened.

    Draws how to train it, and returns None, when it is missing.

    Args:
        name: Of the bundle, or of the sweep when there are values.
        values: As :meth:`explorer.bundle.sweeps.Sweep.cell` takes them.
    """
    if values:
        found = need_cells(name, values)
        return found[0] if found else None
    entry = next(
        (one for one in find_bundles().bundles if name in (one.name, one.path.name)), None
    )
    if entry is None:
        _missing(name, "model", SHIPPED[name])
        return None
    try:
        return open_bundle(entry.path, sha256=entry.config.weights_sha256)
    except BundleError as error:
        _missing(name, "model", SHIPPED[name], str(error))
        return None


def need_cells(name: str, *cells: Mapping[str, object]) -> list[Opened] | None:
    """Several cells of one shipped grid; None, with one explanation, when any is missing."""
    sweep = grid_named(name)
    if sweep is None:
        _missing(name, "grid of models", SHIPPED[name])
        return None
    opened = []
    for values in cells:
        try:
            opened.append(open_cell(_cell(sweep, values)))
        except BundleError as error:
            _missing(name, "grid of models", SHIPPED.get(name, sweep.index.command), str(error))
            return None
    return opened


def _cell(sweep: Sweep, values: Mapping[str, object]) -> Cell:
    cell = sweep.cell(**values)
    if cell is None:
        wanted = ", ".join(f"{axis} {value}" for axis, value in values.items())
        raise BundleError(f"It has no cell with {wanted}.")
    return cell


def _missing(name: str, kind: str, command: str, reason: str = "") -> None:
    """How to train what is missing; the rest of the experiment is left out."""
    st.info(
        f"This experiment needs the {kind} **{plain(name)}**, which is not ready here. "
        f"{plain(reason)} Train it with the command below, then refresh this page.",
        icon=":material/model_training:",
    )
    st.code(command, language="bash", wrap_lines=True)


def _described(model: Opened | Sweep) -> str:
    if isinstance(model, Sweep):
        done = sum(cell.config is not None for cell in model.cells)
        return f"the grid **{plain(model.name)}** ({done} models)"
    config = model.bundle.config
    return f"**{plain(config.name)}** ({plain(summary(config))})"


def _trained_with(model: Opened | Sweep) -> str:
    if isinstance(model, Sweep):
        return model.index.command or SHIPPED.get(model.name, "")
    return command_of(model.bundle.config)
