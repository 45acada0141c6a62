from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import explorer
from explorer.bundle import Entry
from explorer.bundle.sweeps import (
    Cell,
    CellIndex,
    Sweep,
    SweepIndex,
    failure_note,
    read_sweep,
    write_index,
)
from explorer.ui.compare.choice import (
    PLAIN,
    Place,
    best_grid,
    betas,
    cell_at,
    column_of,
    entry_title,
    first_place,
    kind_title,
    kinds,
    objective_sentence,
    open_entry,
    open_place,
    row_of,
)

CONV = ("conv", "linear")


def cell(beta: float, dim: int, *, architecture: str = "conv", plain: bool = False) -> CellIndex:
    name = f"{'ae' if plain else beta}-{dim}-{architecture}"
    return CellIndex(name, beta, dim, architecture, not plain, "none" if plain else "linear")


CELLS = (
    *(cell(beta, dim) for dim in (2, 8, 32) for beta in (0.0, 0.075, 1.0, 4.0, 10.0)),
    cell(0.0, 8, plain=True),
    cell(1.0, 8, architecture="mlp"),
)


@pytest.fixture
def grid(tmp_path: Path, folder: Path) -> Path:
    """A grid with one finished cell, β 1 and latent_dim 8."""
    write_index(tmp_path / "grid", SweepIndex("", CELLS))
    shutil.copytree(folder / "one", tmp_path / "grid" / "1.0-8-conv")
    return tmp_path / "grid"


def test_the_axes_go_through_all_values_autoencoders_first(grid: Path) -> None:
    sweep = read_sweep(grid)
    assert betas(sweep) == (PLAIN, 0.0, 0.075, 1.0, 4.0, 10.0)
    assert kinds(sweep) == (CONV, ("mlp", "linear"))
    assert [kind_title(kind) for kind in (CONV, ("mlp", "none"))] == [
        "conv, linear warm-up",
        "mlp",
    ]


def test_it_begins_with_four_betas_in_the_middle_of_the_grid(grid: Path) -> None:
    sweep = read_sweep(grid)
    first = first_place(sweep)
    assert first == Place(0.075, 8, CONV)
    assert [place.beta for place in row_of(sweep, first)] == [0.075, 1.0, 4.0, 10.0]


@pytest.mark.parametrize(
    ("beta", "shown"),
    [
        (0.0, [0.0, 1.0, 4.0, 10.0]),
        (10.0, [0.075, 1.0, 4.0, 10.0]),
        (PLAIN, [PLAIN, 1.0, 4.0, 10.0]),
    ],
)
def test_the_steered_cell_is_always_among_those_side_by_side(
    grid: Path, beta: float | str, shown: list[float | str]
) -> None:
    places = row_of(read_sweep(grid), Place(beta, 8, CONV))
    assert [place.beta for place in places] == shown


def test_a_column_goes_through_the_dimensions(grid: Path) -> None:
    places = column_of(read_sweep(grid), Place(4.0, 8, CONV))
    assert [(place.beta, place.latent_dim) for place in places] == [(4.0, 2), (4.0, 8), (4.0, 32)]


def test_a_place_is_found_by_all_its_axes(grid: Path) -> None:
    sweep = read_sweep(grid)
    names = {
        place: (found := cell_at(sweep, place)) and found.index.name
        for place in (
            Place(1.0, 8, CONV),
            Place(1.0, 8, ("mlp", "linear")),
            Place(PLAIN, 8, CONV),
            Place(4.0, 8, ("mlp", "linear")),
        )
    }
    assert list(names.values()) == ["1.0-8-conv", "1.0-8-mlp", "ae-8-conv", None]


def test_a_finished_cell_opens_and_any_other_says_why_not(grid: Path) -> None:
    done = open_place(read_sweep(grid), Place(1.0, 8, CONV), steered=True)
    assert done.opened is not None
    assert (done.title, done.steered) == ("β 1 · latent_dim 8", True)
    hole = open_place(read_sweep(grid), Place(4.0, 8, ("mlp", "linear")), steered=False)
    assert hole.problem == ("The grid has no cell with β 4 · latent_dim 8 (mlp, linear warm-up).")
    empty = open_place(read_sweep(grid), Place(4.0, 8, CONV), steered=False)
    assert empty.opened is None
    assert empty.problem.startswith("This cell is empty: It has not been trained yet")


def test_a_failed_cell_and_one_of_a_replaced_folder_say_so(grid: Path, folder: Path) -> None:
    note = failure_note(grid, "4.0-8-conv")
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text("The loss became NaN at step 12.")
    failed = open_place(read_sweep(grid), Place(4.0, 8, CONV), steered=False)
    assert failed.problem == ("The training of this cell failed: The loss became NaN at step 12.")
    shutil.copytree(folder / "two", grid / "10.0-8-conv")
    foreign = open_place(read_sweep(grid), Place(10.0, 8, CONV), steered=False)
    assert foreign.opened is None
    assert "the folder was replaced" in foreign.problem


def test_a_bundle_that_is_gone_says_so(tmp_path: Path, folder: Path) -> None:
    shutil.copytree(folder / "one", tmp_path / "gone")
    entry = Entry(tmp_path / "gone", explorer.load(tmp_path / "gone").config)
    shutil.rmtree(tmp_path / "gone")
    found = open_entry("gone", entry)
    assert found.opened is None
    assert "no such folder" in found.problem


def test_the_best_grid_has_enough_cells_then_attributes(folder: Path, tmp_path: Path) -> None:
    def add(name: str, model: str, count: int) -> Sweep:
        config = explorer.load(folder / model).config
        cells = [cell(1.0, dim) for dim in range(1, count + 1)]
        index = SweepIndex("", tuple(cells))
        done = tuple(Cell(each, tmp_path / each.name, "done", config=config) for each in cells)
        return Sweep(tmp_path / name, index, done, False)

    begun, digits = add("begun", "one", 2), add("digits", "digits", 9)
    faces, more = add("faces", "one", 4), add("more", "one", 5)
    assert best_grid([begun, digits]) is digits
    assert best_grid([begun, digits, faces]) is faces
    assert best_grid([faces, more]) is more
    assert best_grid([]) is None


def test_titles_tell_a_cell_by_its_place(folder: Path) -> None:
    config = explorer.load(folder / "one").config
    assert entry_title("one", Entry(folder / "one", config)) == "one"
    named = entry_title("grid/one", Entry(folder / "one", config, "grid"))
    assert named == "β 1 · latent_dim 8 · conv, linear warm-up"


def test_it_is_said_what_beta_multiplies(folder: Path) -> None:
    one, plain = (explorer.load(folder / name).config for name in ("one", "plain"))
    assert "Gaussian with a calibrated σ" in objective_sentence([one, plain])
    assert objective_sentence([plain]) == ""
    squared = replace(one, objective=replace(one.objective, likelihood="squared"))
    assert "squared error" in objective_sentence([squared])
