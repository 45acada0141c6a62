from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import train_cli
from explorer.bundle import FILES
from explorer.bundle.arrays import read_arrays
from explorer.training import distributed
from explorer.training.distributed import ALONE, Group, joined
from explorer.training.errors import TrainingError
from explorer.training.trainer import Trainer
from explorer.vae import ConfigError
from explorer.vae.objective import free_bits_rate

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 240
# Three steps an epoch; a calibrated sigma, free bits and flips, all of which see the whole batch.
TINY = [
    *("--data", "digits", "--limit", "64", "--batch-size", "16", "--epochs", "2"),
    *("--width", "8", "--latent-dim", "4", "--threads", "1", "--precision", "fp32"),
    *("--likelihood", "gaussian", "--flip", "True", "--free-bits", "0.05", "--device", "cpu"),
]


def torchrun(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    command = [*launch, str(Path(__file__).parent / "quick_cli.py"), *arguments]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # its processes too
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def curves(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    return [{k: v for k, v in json.loads(x).items() if k != "images_per_s"} for x in lines]


def assert_equal_curves(found: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> None:
    assert [(x.pop("split"), x.pop("step")) for x in found] == [
        (x.pop("split"), x.pop("step")) for x in wanted
    ]
    for there, here in zip(found, wanted, strict=True):
        assert there == pytest.approx(here, rel=1e-5)


def assert_equal_runs(found: Path, wanted: Path) -> None:
    assert {path.name for path in found.iterdir()} == set(FILES)
    assert len(curves(found)) == 8
    assert_equal_curves(curves(found), curves(wanted))
    weights, others = (read_arrays(folder / "model.safetensors") for folder in (found, wanted))
    for name, array in weights.items():
        # The files hold float16: a difference in the seventh digit may round the other way.
        np.testing.assert_allclose(array, others[name], rtol=1e-3, atol=1e-5, err_msg=name)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a single process makes of two epochs: the whole, and a run stopped in between."""
    out = tmp_path_factory.mktemp("one")
    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        from tests.training.quick_cli import flat_map

        patch.setattr("explorer.latent.fit_umap", flat_map)
        assert train_cli.main(["train", *TINY, "--out", str(out), "--name", "whole"]) == 0
        run_epoch = Trainer.run_epoch

        def first_only(self: Trainer, *given: Any) -> None:
            if self.epoch == 1:
                raise KeyboardInterrupt
            run_epoch(self, *given)

        patch.setattr(Trainer, "run_epoch", first_only)
        assert train_cli.main(["train", *TINY, "--out", str(out), "--name", "half"]) == 130
    torch.set_num_threads(threads)
    return out


# Real processes.


def test_two_processes_equal_one_and_one_of_them_speaks(one: Path, tmp_path: Path) -> None:
    done = torchrun("train", *TINY, "--out", str(tmp_path), "--name", "two")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(tmp_path / "two")]
    assert done.stderr.count("for training;") == done.stderr.count("is ready") == 1
    assert "× 2 processes" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["two"]
    assert_equal_runs(tmp_path / "two", one / "whole")


def test_two_go_on_with_what_one_began_and_ctrl_c_on_one_ends_both(one: Path) -> None:
    stopped = torchrun("resume", str(one / "half"), STOP_RANK="1")
    assert stopped.returncode == 1  # torchrun's own
    assert "(exitcode: 130) local_rank: 1" in stopped.stderr
    sentence = f"Interrupted; go on with: python train_cli.py resume {one / 'half'}"
    assert stopped.stderr.count(sentence) == 1
    assert "lost another process" not in stopped.stderr
    assert [path.name for path in (one / "half").iterdir()] == [".resume"]
    # The first step after the one process's epoch: three steps and a validation.
    found = curves(one / "half" / ".resume")
    assert found[-1]["step"] == 4
    assert_equal_curves(found, curves(one / "whole")[:5])


# Parts.


def test_without_torchrun_nothing_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(torch.distributed, "init_process_group", refuse)
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    with joined() as group:
        assert group is ALONE
    monkeypatch.setenv("WORLD_SIZE", "1")
    monkeypatch.setenv("RANK", "0")
    with joined() as group:
        assert (group.is_main, group.world) == (True, 1)


def test_one_process_keeps_everything_as_it_is() -> None:
    rows = torch.arange(5)
    assert ALONE.share(rows) is rows
    assert torch.equal(ALONE.mean(rows), rows)
    assert ALONE.from_main(lambda: b"text") == b"text"
    assert ALONE.agree(dict) is None
    ALONE.require_shares(17)


def test_shares_make_up_the_batch() -> None:
    rows = torch.randperm(12)
    shares = [Group(rank, 3).share(rows) for rank in range(3)]
    assert [len(share) for share in shares] == [4, 4, 4]
    assert sorted(torch.cat(shares).tolist()) == list(range(12))


@pytest.mark.parametrize(("batch_size", "world", "remedy"), [(33, 2, 32), (64, 6, 60), (3, 4, 4)])
def test_a_batch_that_cannot_be_shared(batch_size: int, world: int, remedy: int) -> None:
    message = (
        f"batch_size is {batch_size}, which {world} processes cannot share equally; choose "
        f"--batch-size {remedy} or another"
    )
    with pytest.raises(ConfigError, match=message):
        Group(0, world).require_shares(batch_size)
    Group(0, world).require_shares(remedy)


def test_a_lost_process_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object, **__: object) -> None:
        raise RuntimeError("Connection closed by peer")

    monkeypatch.setattr(torch.distributed, "all_reduce", lost)
    with pytest.raises(TrainingError, match=r"rank 1 lost another process .* resume\."):
        Group(1, 2).wait()


def test_who_cannot_ask_speaks() -> None:
    class Gone:
        def add(self, *_: object) -> int:
            raise RuntimeError

    assert distributed._is_first(Gone())


def test_free_bits_are_of_the_whole_batch() -> None:
    whole = torch.tensor([[0.1, 0.9], [0.2, 0.1], [0.9, 0.0], [0.8, 0.2]], requires_grad=True)
    # Neither half's own means lie on the same side of the threshold as those of the whole.
    wanted = free_bits_rate(whole, 0.4)
    (gradient,) = torch.autograd.grad(wanted, whole)
    found = torch.zeros_like(whole)
    for rank in range(2):
        part = Group(rank, 2).share(whole)
        rate = free_bits_rate(part, 0.4, lambda _: whole.detach().mean(0))
        torch.testing.assert_close(rate, wanted)
        found += torch.autograd.grad(rate, whole)[0] / 2
    torch.testing.assert_close(found, gradient)
