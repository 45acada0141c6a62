from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import train_cli
from explorer import BundleError
from explorer.bundle.orders import (
    ROOT,
    Order,
    check_order,
    from_bytes,
    require_name,
    to_bytes,
)
from explorer.vae import WARMUPS

RUN = Order(
    "my run",
    data="digits",
    preset="small",
    betas=(0.5,),
    latent_dims=(8,),
    epochs=3,
    limit=100,
    width=8,
    warmup="linear",
    warmup_epochs=1.5,
    free_bits=0.25,
    seed=7,
    overwrite=True,
)
GRID = Order("grid", task="sweep", betas=(0, 1, 4.0), latent_dims=(2, 8), warmup="cyclical")


def parsed(order: Order, out: Path) -> object:
    return train_cli.tyro.cli(train_cli.Command, args=order.words(out))  # type: ignore[call-overload]


def test_the_words_mean_what_was_ordered(tmp_path: Path) -> None:
    command = parsed(RUN, tmp_path)
    assert command == train_cli.Train(
        data="digits",
        preset="small",
        beta=0.5,
        latent_dim=8,
        epochs=3,
        limit=100,
        width=8,
        warmup="linear",
        warmup_epochs=1.5,
        free_bits=0.25,
        seed=7,
        name="my run",
        out=tmp_path.resolve(),
        overwrite=True,
    )


def test_a_grid_is_a_sweep(tmp_path: Path) -> None:
    command = parsed(replace(GRID, warmup_epochs=2), tmp_path)
    assert isinstance(command, train_cli.Sweep)
    assert (command.betas, command.latent_dims) == ((0, 1, 4), (2, 8))
    assert (command.warmups, command.warmup_epochs) == (("cyclical",), 2)


def test_the_rest_of_a_run_is_resumed(tmp_path: Path) -> None:
    command = parsed(Order("run", task="resume"), tmp_path)
    assert command == train_cli.Resume(tmp_path.resolve() / "run")


def test_what_is_left_to_the_preset_is_not_said() -> None:
    words = "python train_cli.py train --data toy-faces --beta 1 --name run"
    assert Order("run").command(ROOT / "checkpoints") == words
    assert Order("run").long_command(ROOT / "checkpoints").splitlines() == [
        "python train_cli.py train \\",
        "  --data toy-faces \\",
        "  --beta 1 \\",
        "  --name run",
    ]
    named = Order("two words", data="folder", root=str(ROOT / "data" / "mine"))
    assert named.command(Path("/shelf")) == (
        "python train_cli.py train --data folder --root data/mine --beta 1 --name 'two words' "
        "--out /shelf"
    )


@pytest.mark.parametrize("order", [RUN, GRID, Order("run", task="resume")])
def test_an_order_is_read_back_as_it_was(order: Order) -> None:
    assert from_bytes(to_bytes(order)) == order


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "../elsewhere"}, "name is '../elsewhere'; choose letters"),
        ({"task": "evaluate"}, "task is 'evaluate'; train, sweep or resume"),
        ({"betas": ["1"]}, r"betas\[0\] is '1'; a finite number is needed"),
        ({"format_version": 2}, "format_version is 2; this Latent Explorer reads 1"),
        ({"script": "rm"}, "script is not a known key"),
    ],
)
def test_a_file_edited_by_hand_is_refused(changes: dict[str, object], sentence: str) -> None:
    values = json.loads(to_bytes(Order("run"))) | changes
    with pytest.raises(ValueError, match=sentence):
        from_bytes(json.dumps(values).encode())


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", ".hidden", "a/b", "a\\b", "/etc", "--seed", "a\nb", "a\0", "a.", "a ", "a:b"],
)
def test_a_name_is_the_plain_name_of_a_folder(name: str) -> None:
    with pytest.raises(ValueError, match="choose letters, digits, spaces"):
        require_name(name)


def test_a_name_has_an_end() -> None:
    require_name("a" * 64)
    with pytest.raises(ValueError, match="at most 64"):
        require_name("a" * 65)


@pytest.mark.parametrize(
    "name", ["a", "toy-faces", "β 0.075, no".replace(",", ""), "7_b+c", "é.x"]
)
def test_names_that_will_do(name: str) -> None:
    require_name(name)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"betas": (-1.0,)}, "beta is -1.0; choose 0"),
        ({"betas": ()}, "beta is missing"),
        ({"betas": (1.0, 4.0)}, "beta has 2 values; a single run takes one"),
        ({"task": "sweep", "betas": (1.0, 4.0, 1.0)}, "beta holds 1 twice"),
        ({"task": "sweep", "betas": (1.0, -4.0)}, "beta is -4.0; choose 0"),
        ({"task": "sweep", "latent_dims": (8, 8)}, "latent_dim holds 8 twice"),
        ({"task": "sweep", "betas": tuple(map(float, range(101)))}, "the grid has 101 cells"),
        ({"latent_dims": (1,)}, "latent_dim is 1; choose a whole number from 2 to 512"),
        ({"data": "imagenet"}, "data source is 'imagenet'"),
        ({"preset": "huge"}, "preset is 'huge'; choose one of small"),
        ({"epochs": 0}, "epochs is 0; choose"),
        ({"limit": 0}, "limit is 0"),
        ({"width": 12}, "width is 12; choose a multiple of 8"),
        ({"seed": -1}, "seed is -1"),
        ({"free_bits": -0.5}, "free_bits is -0.5"),
        ({"warmup": "linear"}, "warmup_epochs is 0.0 with a linear warm-up"),
    ],
)
def test_what_cannot_be_trained_is_a_sentence(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(BundleError, match=sentence):
        check_order(replace(Order("run"), **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("warmup", WARMUPS)
def test_what_can_be_trained_passes(warmup: str) -> None:
    check_order(replace(RUN, warmup=warmup))  # type: ignore[arg-type]
    check_order(replace(GRID, warmup_epochs=1))
    check_order(Order("run", task="resume"))


def test_a_title_says_what_it_is() -> None:
    assert RUN.title == "digits · β 0.5 · latent_dim 8"
    assert GRID.title == "toy-faces · β 0, 1, 4 · latent_dim 2, 8"
    assert Order("run").title.endswith("latent_dim the preset's")
