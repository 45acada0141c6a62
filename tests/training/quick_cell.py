"""A cell of a sweep without UMAP's compilation."""

from __future__ import annotations

import sys
from pathlib import Path

from explorer import latent
from explorer.bundle.tended import end_with_stdin
from explorer.training import cell
from tests.training.quick_cli import flat_map


def run_cell(path: Path) -> int:
    latent.fit_umap = flat_map  # type: ignore[assignment]
    return cell.run_cell(path)


if __name__ == "__main__":
    end_with_stdin()
    sys.exit(run_cell(Path(sys.argv[1])))
