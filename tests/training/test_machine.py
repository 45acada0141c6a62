from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
import torch

from explorer.training import TrainingError
from explorer.training.machine import find_machine
from tests.training.runs import make_settings


@pytest.fixture
def _no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


@pytest.mark.usefixtures("_no_gpu")
def test_cuda_without_a_gpu_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="sees no CUDA GPU here; choose --device cpu"):
        find_machine(make_settings(tmp_path, device="cuda"))


@pytest.mark.usefixtures("_no_gpu")
def test_auto_is_the_cpu_where_there_is_no_gpu(tmp_path: Path) -> None:
    machine = find_machine(make_settings(tmp_path, device="auto", threads=2))
    assert machine.device.type == "cpu"
    assert not machine.compile
    assert machine.title == "CPU, 2 threads"
    assert torch.get_num_threads() == 2


@pytest.mark.usefixtures("_no_gpu")
@pytest.mark.parametrize(("is_fast", "precision"), [(True, "bf16"), (False, "fp32")])
def test_auto_precision_is_what_the_processor_is_good_at(
    is_fast: bool, precision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.training.machine._cpu_multiplies_bf16", lambda: is_fast)
    assert find_machine(make_settings(tmp_path, precision="auto")).precision == precision


def test_what_is_asked_for_is_done(tmp_path: Path) -> None:
    machine = find_machine(make_settings(tmp_path, precision="bf16", device="cpu", compile=True))
    assert (machine.device.type, machine.precision, machine.compile) == ("cpu", "bf16", True)


def test_bf16_means_autocast(tmp_path: Path) -> None:
    layer, x = torch.nn.Linear(2, 2), torch.ones(1, 2)
    with find_machine(make_settings(tmp_path, precision="bf16")).autocast():
        assert layer(x).dtype == torch.bfloat16
    plain = find_machine(make_settings(tmp_path, precision="fp32")).autocast()
    assert isinstance(plain, nullcontext)
