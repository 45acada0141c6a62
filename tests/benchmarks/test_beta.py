from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.beta import TITLES, aggregate, figures_of, main, markdown
from explorer.bundle import BundleError, write_bundle
from explorer.bundle.sweeps import SweepIndex, place_of, read_sweep, write_index
from tests.bundles import make_contents

RESULTS = {"rate": 10.0, "distortion": -900.0, "elbo": 890.0, "psnr": 20.0, "active_units": 7.0}


def put_sweep(folder: Path, *, betas: tuple[float, ...], rate: float) -> Path:
    """A sweep of tiny models of latent_dim 4."""
    cells = []
    for beta in betas:
        contents = make_contents(
            num_images=60, beta=beta, latent_dim=4, architecture="mlp", image_size=28, channels=1
        )
        results = RESULTS | {"rate": rate}
        config = replace(contents.config, results=results)
        name = f"beta-{beta:g}"
        write_bundle(folder / name, replace(contents, config=config))
        cells.append(place_of(config, name=name))
    write_index(folder, SweepIndex("python train_cli.py sweep", tuple(cells)))
    return folder


def test_mean_and_spread_are_over_the_sweeps() -> None:
    rows = [{1.0: dict.fromkeys(TITLES, value)} for value in (1.0, 2.0, 6.0)]
    mean, spread = aggregate(rows)[1.0]["mig"]
    assert mean == 3
    assert spread == pytest.approx(math.sqrt(7))  # (4 + 1 + 9) / 2
    alone = aggregate(rows[:1])[1.0]["mig"]
    assert alone[0] == 1
    assert math.isnan(alone[1])


def test_the_table_has_a_row_per_beta_in_order() -> None:
    figures = dict.fromkeys(TITLES, (1.0, 0.25))
    text = markdown({4.0: figures, 0.075: figures | {"rate": (153.26, math.nan)}})
    head, rule, first, second = text.splitlines()
    assert head.startswith("| β | Rate (nats) | Distortion (nats) |")
    assert rule.count("---") == head.count("|") - 1
    assert first.startswith("| 0.075 | 153.3 | 1 ± 0 | ")
    assert second.startswith("| 4 | 1.0 ± 0.2 | ")
    assert second.endswith("| 1.000 ± 0.250 |")


def test_sweeps_are_read_and_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [put_sweep(tmp_path / str(rate), betas=(0.5, 4), rate=rate) for rate in (10.0, 12.0)]
    found = figures_of(read_sweep(paths[0]), latent_dim=4)
    assert list(found) == [0.5, 4]
    assert found[4]["rate"] == 10
    assert 0 <= found[4]["mig"] <= 1
    main([*map(str, paths), "--latent-dim", "4"])
    assert "| 0.5 | 11.0 ± 1.4 | -900 ± 0 | 890 ± 0 | 20.0 ± 0.0 | 7.0 ± 0.0 |" in (
        capsys.readouterr().out
    )


def test_what_cannot_be_compared_is_a_sentence(tmp_path: Path) -> None:
    one = put_sweep(tmp_path / "one", betas=(1,), rate=1.0)
    other = put_sweep(tmp_path / "other", betas=(4,), rate=1.0)
    with pytest.raises(SystemExit, match="no VAE of latent_dim 16"):
        main([str(one)])
    with pytest.raises(SystemExit, match=r"different betas: \[\[1.0\], \[4.0\]\]"):
        main([str(one), str(other), "--latent-dim", "4"])
    (one / "beta-1" / "config.json").unlink()
    with pytest.raises(BundleError, match="has not been trained yet"):
        figures_of(read_sweep(one), latent_dim=4)
