from __future__ import annotations

from pathlib import Path

import pytest
import torch

from explorer.data import DataError
from explorer.training.judge_network import JudgeNetwork
from explorer.training.judge_store import Facts, judge_file, read_judge, write_judge

FACTS = Facts(("left",), ("upper", "lower"), (0.5, -0.7, -0.7), (0.9, None, 0.8))


def network(seed: int = 0, outputs: int = 3) -> JudgeNetwork:
    torch.manual_seed(seed)
    return JudgeNetwork(image_size=28, channels=1, outputs=outputs)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "judges" / "digits-1.safetensors"
    written, other = network(0), network(1)
    write_judge(path, written, FACTS)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert read_judge(path, other) == FACTS
    for name, value in other.state_dict().items():
        assert torch.equal(value, written.state_dict()[name]), name


def test_it_is_kept_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path))
    assert judge_file("celeba", key="ab") == tmp_path / "judges" / "celeba-ab.safetensors"


def test_what_is_absent_damaged_or_of_another_network_is_none(tmp_path: Path) -> None:
    path = tmp_path / "judge.safetensors"
    assert read_judge(path, network()) is None
    write_judge(path, network(), FACTS)
    assert read_judge(path, network(outputs=4)) is None
    path.write_bytes(path.read_bytes()[:-100])
    assert read_judge(path, network()) is None
    path.write_bytes(b"")
    assert read_judge(path, network()) is None


def test_a_cache_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(DataError, match=r"The judge cannot be kept at .*LATENT_EXPLORER_CACHE"):
        write_judge(tmp_path / "file" / "judge.safetensors", network(), FACTS)
