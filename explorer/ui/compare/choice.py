"""What is compared: a cell of a grid with the cells beside it, or any models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from explorer.bundle import BundleError
from explorer.ui.grids import open_cell
from explorer.ui.resources import Opened, open_bundle
from explorer.ui.words import plain

if TYPE_CHECKING:
    from explorer.bundle import Entry
    from explorer.bundle.sections import Config
    from explorer.bundle.sweeps import Cell, Sweep

MAX_MODELS = 6
BESIDE = 4  # cells of a grid side by side, where nobody has chosen others
PLAIN = "autoencoder"  # the place on the axis of beta that has none


@dataclass(frozen=True, eq=False)
class Chosen:
    """One of the models that are compared.

    Attributes:
        name: In full, as in the list of models.
        title: Short, for above its pictures.
        opened: The model; None when it cannot be shown.
        problem: Why not, in a sentence.
        steered: Whether the two sliders move it through the grid.
    """

    name: str
    title: str
    opened: Opened | None
    problem: str = ""
    steered: bool = False


@dataclass(frozen=True)
class Place:
    """A place on the two axes of a grid; beta is ``PLAIN`` for an autoencoder.

    Attributes:
        beta: A number, or ``PLAIN``.
        latent_dim: A number.
        kind: The architecture and the warm-up.
    """

    beta: float | str
    latent_dim: int
    kind: tuple[str, str]


def betas(sweep: Sweep) -> tuple[float | str, ...]:
    """What the slider of beta goes through: autoencoders first, if the grid has any."""
    has_plain = any(not cell.index.variational for cell in sweep.cells)
    return (*((PLAIN,) if has_plain else ()), *sweep.values("beta"))


def kinds(sweep: Sweep) -> tuple[tuple[str, str], ...]:
    """Architectures and warm-ups of the cells with a beta, the most frequent first."""
    own = [cell.index for cell in sweep.cells if cell.index.variational] or [
        cell.index for cell in sweep.cells
    ]
    found = [(cell.architecture, cell.warmup) for cell in own]
    return tuple(sorted(dict.fromkeys(found), key=lambda kind: -found.count(kind)))


def kind_title(kind: tuple[str, str]) -> str:
    """The kind in words."""
    return kind[0] if kind[1] == "none" else f"{kind[0]}, {kind[1]} warm-up"


def best_grid(sweeps: Sequence[Sweep]) -> Sweep | None:
    """The one to begin with: with enough cells to compare, then with attributes, then larger."""

    def rank(sweep: Sweep) -> tuple[int, bool, int]:
        configs = [cell.config for cell in sweep.cells if cell.config is not None]
        has_attributes = any(config.data.attribute_names for config in configs)
        return min(len(configs), BESIDE), has_attributes, len(configs)

    return max(sweeps, key=rank, default=None)


def first_place(sweep: Sweep) -> Place:
    """Where the sliders stand at first: a small beta above 0, in the middle of the dimensions."""
    kind = kinds(sweep)[0]
    values = [beta for beta in sweep.values("beta") if beta > 0] or list(betas(sweep))
    dims = sweep.values("latent_dim")
    return Place(values[0], dims[(len(dims) - 1) // 2], kind)


def cell_at(sweep: Sweep, place: Place) -> Cell | None:
    """The cell at a place; None for a hole in the grid."""
    architecture, warmup = place.kind
    if place.beta == PLAIN:
        return sweep.cell(
            variational=False, latent_dim=place.latent_dim, architecture=architecture
        )
    return sweep.cell(
        variational=True,
        beta=place.beta,
        latent_dim=place.latent_dim,
        architecture=architecture,
        warmup=warmup,
    )


def row_of(sweep: Sweep, place: Place) -> tuple[Place, ...]:
    """The place and those beside it at the same latent_dim: the largest of the other betas."""
    others = [beta for beta in sweep.values("beta") if beta != place.beta]
    shown = {place.beta, *others[-(BESIDE - 1) :]}
    return tuple(
        Place(beta, place.latent_dim, place.kind) for beta in betas(sweep) if beta in shown
    )


def column_of(sweep: Sweep, place: Place) -> tuple[Place, ...]:
    """The place and those beside it at the same beta: the other dimensions nearest to its own."""
    dims = sweep.values("latent_dim")
    near = sorted(dims, key=lambda dim: abs(dims.index(dim) - dims.index(place.latent_dim)))
    return tuple(Place(place.beta, dim, place.kind) for dim in dims if dim in near[:MAX_MODELS])


def open_place(sweep: Sweep, place: Place, *, steered: bool) -> Chosen:
    """The model at a place of a grid, or why there is none."""
    title = place_title(place)
    cell = cell_at(sweep, place)
    if cell is None:
        sentence = f"The grid has no cell with {title} ({kind_title(place.kind)})."
        return Chosen(f"{sweep.name}/{title}", title, None, sentence, steered)
    name = f"{sweep.name}/{cell.index.name}"
    try:
        return Chosen(name, title, open_cell(cell), steered=steered)
    except BundleError as error:
        return Chosen(name, title, None, _why(cell, str(error)), steered)


def open_entry(name: str, entry: Entry) -> Chosen:
    """A model of the list, or why it cannot be opened."""
    title = entry_title(name, entry)
    try:
        return Chosen(name, title, open_bundle(entry.path, sha256=entry.config.weights_sha256))
    except BundleError as error:
        return Chosen(name, title, None, str(error))


def entry_title(name: str, entry: Entry) -> str:
    """Short: a single model's name, a cell's place in its grid."""
    if entry.sweep is None:
        return name
    config = entry.config
    beta = config.objective.beta if config.model.variational else PLAIN
    kind = (config.model.architecture, config.objective.warmup)
    place = Place(beta, config.model.latent_dim, kind)
    return f"{place_title(place)} · {kind_title(kind)}"


def place_title(place: Place) -> str:
    """A place in words."""
    return f"{beta_title(place.beta)} · latent_dim {place.latent_dim}"


def beta_title(beta: float | str) -> str:
    """A place on the axis of beta in words."""
    return PLAIN if beta == PLAIN else f"β {beta:g}"


def objective_sentence(configs: Sequence[Config]) -> str:
    """What beta multiplies in these models; empty where none has a beta."""
    kinds_of = {c.objective.likelihood for c in configs if c.model.variational}
    meanings = {
        "bernoulli": "the Bernoulli log-likelihood, summed over pixels",
        "gaussian": "the log-likelihood of a Gaussian with a calibrated σ, summed over pixels",
        "squared": "the squared error, summed over pixels (a Gaussian with σ² = 1/2)",
    }
    said = [meanings[kind] for kind in sorted(kinds_of)]
    if not said:
        return ""
    return f"β weighs the rate (the KL to the prior, in nats) against {' or '.join(said)}."


def _why(cell: Cell, reason: str) -> str:
    """What a cell that cannot be shown is, in a sentence that does not end abruptly."""
    heads = {
        "running": "This cell is not finished",
        "stopped": "This cell is not finished",
        "missing": "This cell is empty",
        "failed": "The training of this cell failed",
    }
    head = heads.get(cell.status, "This cell cannot be opened")
    return f"{head}: {plain(reason.strip())}"
