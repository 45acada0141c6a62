from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.bundle import BundleError
from explorer.latent.diagnosis import Figures
from explorer.latent.verdicts import judge
from explorer.training.diagnosis_report import diagnose_bundle, diagnosis_json, diagnosis_text
from tests.bundles import make_bundle


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    return diagnose_bundle(make_bundle(tmp_path_factory.mktemp("report") / "b", num_images=60))


def test_the_text_has_verdict_evidence_remedies_and_scores(found: Figures) -> None:
    text = diagnosis_text(found)
    (first, *_) = judge(found)
    assert text.startswith(f"{first.kind}: {first.text}\n  - {first.evidence[0]}\n")
    for remedy in first.remedies:
        assert f"  Try: {remedy.text} {remedy.flags}".rstrip() + "\n" in text
    assert "Disentanglement, mean and deviation over 3 seeds:\n  MIG  " in text


def test_the_json_has_all_figures(found: Figures) -> None:
    told = json.loads(diagnosis_json(found))
    assert told["verdicts"][0]["kind"] == judge(found)[0].kind
    assert told["figures"]["active_units"] == found.active
    assert told["figures"]["kl"] == pytest.approx(found.kl.tolist())
    assert told["setup"]["latent_dim"] == 8
    assert told["setup"]["train_psnr"] is told["figures"]["psnr_gap"] is None
    assert [score["name"] for score in told["scores"]][:2] == ["mig", "dci-d"]


def test_without_factors_there_are_no_scores(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "b", num_images=60, factor_names=())
    assert "Disentanglement" not in diagnosis_text(diagnose_bundle(bundle))


def test_what_it_does_is_told_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    diagnose_bundle(make_bundle(tmp_path / "b", num_images=60, factor_names=()))
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "Diagnosing tiny …\n"


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no such folder"):
        diagnose_bundle(tmp_path / "none")
