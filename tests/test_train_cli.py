from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

import explorer
import train_cli
from explorer.bundle import FILES, update_directions
from explorer.training.engines import LocalEngine
from explorer.training.sweep import Outcome
from tests.bundles import make_effects
from tests.training.quick_cli import flat_map

ROOT = Path(__file__).parent.parent
# Three steps an epoch; toy faces have a calibrated sigma and flips, digits have neither.
TINY = [
    "--limit",
    "64",
    "--batch-size",
    "16",
    "--epochs",
    "3",
    "--width",
    "8",
    "--latent-dim",
    "4",
]
TINY += ["--threads", "1"]
FACES = ["train", "--data", "toy-faces", "--image-size", "32", "--flip", "True", *TINY]
DIGITS = ["train", "--data", "digits", *TINY]
PATIENCE_S = 120


@pytest.fixture(autouse=True, scope="module")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = torch.get_num_threads()
    monkeypatch.setattr("explorer.latent.fit_umap", flat_map)
    yield
    torch.set_num_threads(before)


def weights(bundle: Path) -> bytes:
    return (bundle / "model.safetensors").read_bytes()


# Help.


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        (["--help"], "Exit code 0: done; 1: the run failed; 2: the command"),
        (["train", "--help"], "--latent-dim"),
        (["sweep", "--help"], "--betas"),
        (["resume", "--help"], "checkpoints/NAME"),
        (["evaluate", "--help"], "--split"),
        (["export", "--help"], "--to"),
        (["directions", "--help"], "only its directions.safetensors changes"),
        (["judge", "--help"], "--per-side"),
        (["diagnose", "--help"], "nothing in it changes"),
        (["aligner", "--help"], "--steps"),
    ],
)
def test_help_is_on_stdout(
    arguments: list[str], phrase: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        train_cli.main(arguments)
    assert caught.value.code == 0
    out, err = capsys.readouterr()
    assert phrase in " ".join(out.split())
    assert err == ""


def test_help_and_refused_commands_import_nothing_heavy() -> None:
    script = """
import sys, train_cli
for arguments in (["--help"], ["train", "--help"], ["sweep", "--help"], ["resume", "--help"],
                  ["evaluate", "--help"], ["train", "--epochs", "many"]):
    try:
        train_cli.main(arguments)
    except SystemExit:
        pass
heavy = {"torch", "numpy", "pandas", "sklearn", "umap", "numba", "streamlit"} & set(sys.modules)
sys.exit(f"imported: {sorted(heavy)}" if heavy else 0)
"""
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr


# A command that is wrong: exit code 2, or 1 where the world is.


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--latent-dim 0", "latent_dim is 0; choose a whole number from 2 to 512."),
        ("--beta -1", "beta is -1.0; choose 0 (no KL term) or more."),
        ("--beta nan", "beta is nan; choose 0 (no KL term) or more."),
        ("--image-size 50", "image_size is 50; it must be 28, 32, 64 or 128."),
        ("--channels 2", "channels is 2; it must be 1 (grey) or 3 (colour)."),
        ("--width 9", "width is 9; choose a multiple of 8."),
        ("--epochs 0", "epochs is 0; choose a number at least 1."),
        ("--batch-size 0", "batch_size is 0; choose a number at least 1."),
        ("--learning-rate 0", "learning_rate is 0.0; choose a number above 0."),
        ("--warmup linear", "warmup_epochs is 0.0 with a linear warm-up; choose more than 0"),
        ("--free-bits -1", "free_bits is -1.0; choose 0 nats or more."),
        ("--threads 0", "threads is 0; choose a number at least 1."),
        ("--limit 0", "limit is 0; it must be at least 1, or left out for all."),
        ("--seed -1", "seed is -1; it must be 0 or more."),
        ("--name a/b", "name is 'a/b'; choose a plain folder name."),
        ("--attributes a.csv", "a CSV of attributes goes with the source folder"),
        ("--factors a.csv", "a CSV of factors goes with the source folder"),
    ],
)
def test_a_value_that_cannot_be_is_exit_code_2(
    options: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = train_cli.main(["train", "--out", str(tmp_path / "out"), *options.split()])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert sentence in err
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--betas 1 4 1", "betas holds 1 twice; give each value to --betas once."),
        ("--betas 1 -4", "beta is -4.0; choose 0 (no KL term) or more."),
        ("--betas", "betas is empty; give --betas at least one value."),
        ("--latent-dims 8 8", "latent_dims holds 8 twice"),
        ("--latent-dims 8 -8", "latent_dim is -8; choose a whole number from 2 to 512."),
        ("--warmups linear", "warmup_epochs is 0.0 with a linear warm-up"),
        ("--jobs 0", "jobs is 0; choose 1 or more, or leave --jobs out."),
        ("--name a/b", "name is 'a/b'; choose a plain folder name."),
    ],
)
def test_a_sweep_that_cannot_be_is_exit_code_2(
    options: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = train_cli.main(["sweep", "--out", str(tmp_path / "out"), *options.split()])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert sentence in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        (["train", "--colour", "blue"], "--colour"),
        (["sweep", "--beta", "3"], "--betas"),
        (["sweep", "--overwrite"], "--overwrite"),
        (["train", "--epochs", "many"], "--epochs"),
        (["train", "--data", "imagenet"], "toy-faces"),
        (["fly"], "fly"),
        (["resume"], "PATH"),
        (["evaluate", "somewhere", "--split", "future"], "--split"),
    ],
)
def test_a_command_that_cannot_be_read_is_exit_code_2(
    arguments: list[str], phrase: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        train_cli.main(arguments)
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert phrase in err
    assert out == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("train --data folder --root {tmp}/nowhere", "nowhere"),
        ("train --data folder --root {tmp}/empty", "at least 16 are needed"),
        ("train --data digits --out {tmp}/file", "file/digits/.resume: cannot be written"),
        ("resume {tmp}/nowhere", "no run to resume here"),
        ("evaluate {tmp}/nowhere", "no such folder"),
        ("evaluate {tmp}/empty", "not a bundle: config.json is missing"),
        ("directions {tmp}/nowhere", "no such folder"),
        ("judge {tmp}/nowhere", "no such folder"),
        ("aligner --root {tmp}/nowhere", "There is no CelebA at"),
        ("directions {tmp}/empty", "not a bundle: config.json is missing"),
    ],
)
def test_what_is_not_there_is_exit_code_1(
    arguments: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("no folder")
    options = [] if "--out" in arguments or "train" not in arguments else ["--out", "{tmp}/out"]
    words = [word.format(tmp=tmp_path) for word in [*arguments.split(), *options]]
    code = train_cli.main(words)
    out, err = capsys.readouterr()
    assert (code, out) == (1, "")
    assert sentence in err
    assert "Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file"]


def test_a_loss_that_is_not_finite_is_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = train_cli.main([*DIGITS, "--out", str(tmp_path), "--learning-rate", "1e30"])
    out, err = capsys.readouterr()
    assert (code, out) == (1, "")
    assert "so the run stopped before that step" in err
    assert "Traceback" not in err


# A run.


def test_stdout_carries_the_path_of_the_bundle_and_stderr_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train_cli.main([*DIGITS, "--out", str(tmp_path), "--name", "mine"]) == 0
    out, err = capsys.readouterr()
    assert out == f"{tmp_path / 'mine'}\n"
    for phrase in ("64 pictures of digits", "img/s", "elbo ", "rate ", "distortion ", "active"):
        assert phrase in err
    config = explorer.load(out.strip()).config
    assert config.objective.likelihood == "bernoulli"  # the preset's
    assert config.training.preset == "digits28"
    assert config.model.width == 8


def test_the_name_is_the_datas_unless_given(tmp_path: Path) -> None:
    command = train_cli.Train(data="digits", out=tmp_path)
    settings = train_cli.settings_of(command)
    assert settings.folder == tmp_path / "digits"
    assert settings.model.image_size == 32
    assert settings.optimisation.epochs == 20


def test_what_is_given_wins_over_the_preset(tmp_path: Path) -> None:
    command = train_cli.Train(
        data="celeba", preset="faces64", beta=0.5, latent_dim=7, epochs=3, flip=False, limit=100
    )
    settings = train_cli.settings_of(command)
    assert (settings.model.latent_dim, settings.model.width) == (7, 32)
    assert (settings.optimisation.epochs, settings.optimisation.flip) == (3, False)
    assert (settings.data.limit, settings.objective.beta) == (100, 0.5)


def test_without_a_word_it_trains_toy_faces(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(train_cli, "run", lambda command: seen.append(command) or 0)
    assert train_cli.main([]) == 0
    (command,) = seen
    settings = train_cli.settings_of(command)  # type: ignore[arg-type]
    assert (settings.data.source, settings.preset, settings.name) == (
        "toy-faces",
        "small",
        "toy-faces",
    )
    assert settings.data.limit == 8_000


def test_evaluate_prints_figures_for_people_and_for_machines(
    tiny_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train_cli.main(["evaluate", str(tiny_bundle), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["split"] == "test"
    assert {"psnr", "elbo", "rate", "distortion", "active_units"} <= figures.keys()
    assert train_cli.main(["evaluate", str(tiny_bundle)]) == 0
    assert f"psnr  {figures['psnr']:.4f}" in capsys.readouterr().out


def test_directions_are_computed_for_a_bundle_that_lacks_some(
    tiny_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(tiny_bundle, tmp_path / "b")
    update_directions(folder, directions=(), clouds=None, effects=None)
    assert train_cli.main(["directions", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert out == f"{folder}\n"
    assert "15 directions and 5 clouds." in err
    assert explorer.load(folder).direction("Smiling", method="conditional").kind == "attribute"


def test_directions_interrupted(
    tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("explorer.training.edits.fit_edits", interrupted)
    before = (tiny_bundle / "directions.safetensors").read_bytes()
    assert train_cli.main(["directions", str(tiny_bundle)]) == 130
    assert capsys.readouterr().err.endswith("Interrupted.\n")
    assert (tiny_bundle / "directions.safetensors").read_bytes() == before


def test_the_judges_table_is_for_people_and_its_json_for_machines(
    tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = explorer.load(tiny_bundle)
    asked: list[object] = []

    def judge(folder: Path, **options: object) -> object:
        asked.append((folder, options))
        return opened, make_effects(opened.directions[0].name)

    monkeypatch.setattr("explorer.training.judge_effects.judge_bundle", judge)
    command = ["judge", str(tiny_bundle), "--root", "there", "--per-side", "7"]
    assert train_cli.main(command) == 0
    assert asked == [(tiny_bundle, {"root": Path("there"), "per_side": 7})]
    assert "success 1" in capsys.readouterr().out.splitlines()[0]
    assert train_cli.main([*command, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"name", "method", "auc", "success_1", "leakage_2"} <= rows[0].keys()


def test_a_diagnosis_is_for_people_and_its_json_for_machines(
    tiny_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train_cli.main(["diagnose", str(tiny_bundle)]) == 0
    out, err = capsys.readouterr()
    assert "\n  - " in out
    assert "  Try: " in out
    assert err.startswith("Diagnosing ")
    assert train_cli.main(["diagnose", str(tiny_bundle), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert out.startswith(f"{told['verdicts'][0]['kind']}: ")
    assert train_cli.main(["diagnose", "nowhere"]) == 1
    assert "nowhere: no such folder" in capsys.readouterr().err


# A sweep.


SWEEP = ["sweep", "--data", "digits", "--limit", "64", "--batch-size", "16", "--epochs", "1"]
SWEEP += ["--width", "8", "--latent-dims", "2", "--architectures", "mlp", "--name", "a grid"]


def test_a_sweep_of_real_cells_and_the_same_command_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("explorer.training.cell.MODULE", "tests.training.quick_cell")
    command = [*SWEEP, "--betas", "0.075", "--kinds", "vae", "ae", "--out", str(tmp_path)]
    assert train_cli.main(command) == 0
    out, err = capsys.readouterr()
    paths = [tmp_path / "a grid" / name for name in ("beta-0.075_dim-2_mlp", "ae_dim-2_mlp")]
    assert out == "".join(f"{path}\n" for path in paths)
    assert "a grid: 0 of 2 cells done, 2 waiting." in err
    vae, autoencoder = (explorer.load(path).config for path in paths)
    assert (vae.objective.beta, vae.model.architecture) == (0.075, "mlp")
    assert not autoencoder.model.variational
    said = json.loads((tmp_path / "a grid" / "sweep.json").read_text())["command"]
    before = weights(paths[0])
    assert train_cli.main(shlex.split(said)[2:]) == 0
    assert capsys.readouterr().out == out
    assert weights(paths[0]) == before


def test_cells_that_fail_are_exit_code_1_after_the_paths_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Outcome((tmp_path / "one",), ("two: the loss is nan.", "three: it was killed."))
    monkeypatch.setattr("explorer.training.sweep.train_sweep", lambda *_, **__: found)
    assert train_cli.main([*SWEEP, "--out", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert out == f"{tmp_path / 'one'}\n"
    assert err == (
        "\n2 of 3 cells are not done:\n  two: the loss is nan.\n  three: it was killed.\n"
    )


def test_a_sweep_interrupted_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("explorer.training.sweep.train_sweep", interrupted)
    assert train_cli.main([*SWEEP, "--out", str(tmp_path), "--betas", "0", "4"]) == 130
    said = capsys.readouterr().err.strip().removeprefix("Interrupted; go on with: ")
    seen: list[object] = []
    monkeypatch.setattr(train_cli, "run", lambda command: seen.append(command) or 0)
    for words in (shlex.split(said)[2:], [*SWEEP, "--out", str(tmp_path), "--betas", "0", "4"]):
        train_cli.main(words)
    assert seen[0] == seen[1]


def test_the_engine_is_the_one_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def sweep(*_: object, open_engine: Callable[[int], object], **__: object) -> Outcome:
        asked.append(open_engine(5))
        return Outcome((), ())

    monkeypatch.setattr("explorer.training.sweep.train_sweep", sweep)
    monkeypatch.setattr(
        "explorer.training.ray_engine.RayEngine", lambda base, *, slots: ("ray", slots)
    )
    for options in ([], ["--engine", "ray"], ["--engine", "ray", "--jobs", "3"]):
        assert train_cli.main([*SWEEP, "--device", "cpu", "--threads", "1", *options]) == 0
    assert isinstance(asked[0], LocalEngine)
    assert asked[1:] == [("ray", 5), ("ray", 3)]


# Stopped from outside.


@pytest.fixture
def halted(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a command in a process of its own and waits until it has halted at a moment."""
    started: list[subprocess.Popen[str]] = []

    def start(moment: str, arguments: list[str]) -> subprocess.Popen[str]:
        marker = tmp_path / "here"
        command = [sys.executable, "-m", "tests.training.halting", moment, str(marker)]
        process = subprocess.Popen(
            [*command, *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        patience = time.monotonic() + PATIENCE_S
        while not marker.exists():
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < patience
            time.sleep(0.02)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("command", "precision", "moment", "epochs_done"),
    [
        (FACES, "fp32", "in_the_fifth_step", 1),
        (DIGITS, "bf16", "while_saving_the_second_epoch", 1),
    ],
)
def test_a_killed_run_loses_at_most_an_epoch_and_ends_bit_for_bit_the_same(
    command: list[str],
    precision: str,
    moment: str,
    epochs_done: int,
    tmp_path: Path,
    halted: Callable[..., subprocess.Popen[str]],
) -> None:
    options = ["--out", str(tmp_path), "--precision", precision, "--name"]
    process = halted(moment, [*command, *options, "killed"])
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    killed = tmp_path / "killed"
    state = torch.load(killed / ".resume" / "state.pt", weights_only=True)
    assert state["epoch"] == epochs_done
    assert not (killed / "config.json").exists()

    assert train_cli.main(["resume", str(killed)]) == 0
    assert train_cli.main([*command, *options, "whole"]) == 0
    assert weights(killed) == weights(tmp_path / "whole")
    assert sorted(path.name for path in killed.iterdir()) == sorted(FILES)
    one, other = explorer.load(killed), explorer.load(tmp_path / "whole")
    assert one.config.results == other.config.results
    assert one.config.training.precision == precision


def test_ctrl_c_is_exit_code_130_and_says_how_to_go_on(
    tmp_path: Path, halted: Callable[..., subprocess.Popen[str]]
) -> None:
    folder = tmp_path / "two words"
    options = ["--out", str(folder), "--precision", "fp32", "--name"]
    process = halted("in_the_fifth_step", [*DIGITS, *options, "stopped"])
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err
    assert err.rstrip().endswith(
        f"Interrupted; go on with: python train_cli.py resume '{folder / 'stopped'}'"
    )
    assert train_cli.main(["resume", str(folder / "stopped")]) == 0
    assert train_cli.main([*DIGITS, *options, "whole"]) == 0
    assert weights(folder / "stopped") == weights(folder / "whole")


def test_ctrl_c_before_the_first_step_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("explorer.data.load", interrupted)
    assert train_cli.main([*DIGITS, "--out", str(tmp_path / "out")]) == 130
    out, err = capsys.readouterr()
    assert out == ""
    assert "Interrupted before the first step; nothing was written." in err
    assert not (tmp_path / "out").exists()
