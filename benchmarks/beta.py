"""What beta does: a table of figures against beta, mean and spread over models trained anew.

    python -m benchmarks.beta pretrained/toy-faces-grid seeds/toy-faces-seed1 seeds/toy-faces-seed2
    python -m benchmarks.beta SWEEP SWEEP SWEEP --latent-dim 16

Each folder is a sweep over beta with a seed of its own; the commands that trained them are in
`docs/beta.md`. Rate, distortion, ELBO, PSNR and active units are what the bundles say of their
test pictures; the disentanglement scores are measured here, each the mean over three seeds of
rows, splits and forests. The spread is the standard deviation (n - 1) over the sweeps: how much
models differ that were trained anew, which is more than one model's scores differ when measured
anew.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from explorer.bundle import BundleError, load
from explorer.bundle.checkup import bundle_scores
from explorer.bundle.sweeps import Cell, Sweep, read_sweep

TITLES = {
    "rate": "Rate (nats)",
    "distortion": "Distortion (nats)",
    "elbo": "ELBO (nats)",
    "psnr": "PSNR (dB)",
    "active_units": "Active units",
    "mig": "MIG",
    "dci-d": "DCI-D",
    "sap": "SAP",
    "factor-vae": "FactorVAE vote",
}
DIGITS = {"psnr": 1, "active_units": 1, "rate": 1, "distortion": 0, "elbo": 0}
Figures = dict[str, float]
Table = dict[float, dict[str, tuple[float, float]]]


def figures_of(sweep: Sweep, *, latent_dim: int) -> dict[float, Figures]:
    """The figures of each cell with this latent_dim, by its beta.

    Raises:
        BundleError: There is none, or one of them is not done or cannot be read.
    """
    cells = {
        beta: cell
        for beta in sweep.values("beta")
        if (cell := sweep.cell(beta=beta, latent_dim=latent_dim, variational=True))
    }
    if not cells:
        raise BundleError(f"{sweep.path} has no VAE of latent_dim {latent_dim}.")
    return {beta: _figures(cell) for beta, cell in cells.items()}


def aggregate(sweeps: Sequence[Mapping[float, Figures]]) -> Table:
    """Mean and standard deviation (n - 1) of each figure over sweeps, by beta.

    The spread of a single sweep is NaN.

    Raises:
        BundleError: The sweeps do not have the same betas.
    """
    betas = [sorted(figures) for figures in sweeps]
    if any(other != betas[0] for other in betas):
        raise BundleError(f"The sweeps have different betas: {betas}.")
    return {
        beta: {name: _spread([figures[beta][name] for figures in sweeps]) for name in TITLES}
        for beta in betas[0]
    }


def markdown(table: Table) -> str:
    """The table, a row per beta."""
    lines = ["| β | " + " | ".join(TITLES.values()) + " |", "|---" * (len(TITLES) + 1) + "|"]
    for beta, figures in sorted(table.items()):
        cells = [_cell(*figures[name], digits=DIGITS.get(name, 3)) for name in TITLES]
        lines.append(f"| {beta:g} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _figures(cell: Cell) -> Figures:
    if cell.config is None:
        raise BundleError(f"{cell.path}: {cell.reason}")
    scores = {score.name: score.value for score in bundle_scores(load(cell.path))}
    known = scores | dict(cell.config.results)
    missing = [name for name in TITLES if name not in known]
    if missing:
        raise BundleError(f"{cell.path} does not tell {', '.join(missing)}.")
    print(f"{cell.path.parent.name}/{cell.path.name}: measured", file=sys.stderr)
    return {name: known[name] for name in TITLES}


def _spread(values: Sequence[float]) -> tuple[float, float]:
    spread = statistics.stdev(values) if len(values) > 1 else math.nan
    return statistics.fmean(values), spread


def _cell(mean: float, spread: float, *, digits: int) -> str:
    text = f"{mean:.{digits}f}"
    return text if math.isnan(spread) else f"{text} ± {spread:.{digits}f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table.

    Raises:
        SystemExit: A sweep cannot be used, with the reason.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Raw)
    parser.add_argument("sweeps", nargs="+", type=Path)
    parser.add_argument("--latent-dim", type=int, default=16)
    chosen = parser.parse_args(arguments)
    try:
        found = [
            figures_of(read_sweep(path), latent_dim=chosen.latent_dim) for path in chosen.sweeps
        ]
        print(markdown(aggregate(found)))
    except BundleError as error:
        raise SystemExit(str(error)) from error


_Raw = argparse.RawDescriptionHelpFormatter

if __name__ == "__main__":
    main()
