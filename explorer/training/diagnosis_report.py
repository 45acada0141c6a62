"""A bundle's diagnosis, as text and as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from explorer.bundle import load
from explorer.bundle.checkup import checkup
from explorer.latent.diagnosis import Figures
from explorer.latent.disentanglement import Score
from explorer.latent.verdicts import Verdict, judge
from explorer.training.progress import say

SEEDS = (0, 1, 2)


def diagnose_bundle(folder: Path, *, seed: int = 0) -> Figures:
    """The figures of a bundle with the disentanglement scores, telling what it does.

    Raises:
        BundleError: The bundle cannot be opened.
        LatentError: It has too few pictures.
    """
    opened = load(folder)
    say(f"Diagnosing {opened.name} …")
    return checkup(opened, seeds=SEEDS, seed=seed)


def diagnosis_text(figures: Figures) -> str:
    """Verdicts, their evidence and remedies, then the scores, for people."""
    parts = [_verdict_text(verdict) for verdict in judge(figures)]
    if figures.scores:
        seeds = len(figures.scores[0].seeds)
        lines = [f"Disentanglement, mean and deviation over {seeds} seeds:"]
        parts.append("\n".join(lines + [_score_text(score) for score in figures.scores]))
    return "\n\n".join(parts)


def diagnosis_json(figures: Figures) -> str:
    """The same with the figures, for machines; null where there is no number."""
    setup = asdict(figures.setup)
    told = {
        "verdicts": [asdict(verdict) for verdict in judge(figures)],
        "setup": {name: _number(value) for name, value in setup.items()},
        "figures": {name: _number(value) for name, value in _figures(figures).items()},
        "scores": [
            {"name": score.name, "value": score.value, "std": _number(score.std)}
            for score in figures.scores
        ],
    }
    return json.dumps(told, indent=2)


def _verdict_text(verdict: Verdict) -> str:
    lines = [f"{verdict.kind}: {verdict.text}"]
    lines += [f"  - {sentence}" for sentence in verdict.evidence]
    for remedy in verdict.remedies:
        lines.append(f"  Try: {remedy.text}" + (f" {remedy.flags}" if remedy.flags else ""))
    return "\n".join(lines)


def _score_text(score: Score) -> str:
    return f"  {score.title:<22} {score.value:.3f} ± {score.std:.3f}"


def _figures(found: Figures) -> dict[str, Any]:
    return {
        "num_images": found.count,
        "active_units": found.active,
        "kl": found.kl.tolist(),
        "rate": float(found.kl.sum()),
        "information": found.parts.information,
        "information_ceiling": found.parts.ceiling,
        "marginal_kl": found.parts.marginal,
        "moment_gap": found.moment_gap.tolist(),
        "noise_share": found.noise_share.tolist(),
        "sensitivity": found.sensitivity.tolist(),
        "unexplained": found.unexplained,
        "change_on_the_way": found.way.change,
        "largest_jump": found.way.jump,
        "radius_mean": float(found.radii.mean()),
        "radius_gap": found.radius_gap,
        "prior_near": found.prior.near,
        "prior_drift": found.prior.drift,
        "data_near": found.data.near,
        "data_drift": found.data.drift,
        "copied": found.copied,
        "likeness": found.likeness,
        "psnr_gap": found.setup.psnr_gap,
    }


def _number(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
