"""What the directions of a bundle do to pictures it has not seen, by the verdicts of a judge.

    python -m benchmarks.directions                       # pretrained/faces, as stored
    python -m benchmarks.directions --root DIR            # anew, on all held-out faces
    python -m benchmarks.directions checkpoints/NAME Smiling Male

What is stored was measured by ``python train_cli.py judge BUNDLE --root DIR``, on 100 pictures a
side; all of them take minutes more.

Goal: Smiling and Eyeglasses take on at least 90 % of the faces at alpha <= 2, and the conditional
direction leaks less than the plain one. Leakage grows with whatever an edit does, so it is
compared where both methods take on equally many faces.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import explorer
from explorer.latent import Effects
from explorer.training.judge_effects import effects_of
from explorer.training.judge_report import REACHED, effects_rows, effects_table

NAMES = ("Smiling", "Eyeglasses", "Male", "Young", "Blond_Hair", "Bangs", "Mustache")
AIMED = ("Smiling", "Eyeglasses")
FURTHEST = 2.0
WORST = 3
ALPHAS = (0.0, 0.5, 1.0, 1.5, 2.0)
ALL = 1_000_000  # pictures a side


def leaks(effects: Effects, names: Sequence[str]) -> list[str]:
    """What else changes most at the alpha where the edit takes on 90 %, or at 2 if nowhere."""
    lines = []
    for name in names:
        for method in effects.methods:
            reached = effects.alpha_for(name, method, success=REACHED)
            alpha = FURTHEST if np.isnan(reached) else reached
            worst = effects.worst_flips(name, method, alpha, WORST)
            text = ", ".join(f"{other} {share:.0%}" for other, share in worst) or "nothing"
            lines.append(f"{name:<12} {method:<12} {text}")
    return lines


def verdicts(effects: Effects, names: Sequence[str]) -> list[str]:
    """Whether the goal is met, for each name, in words."""
    lines = []
    for name in names:
        for method in effects.methods:
            alpha = effects.alpha_for(name, method, success=REACHED)
            leak = effects.leakage_at(name, method, alpha=alpha)
            plain = effects.leakage_at(
                name, "mean", alpha=effects.alpha_for(name, "mean", success=REACHED)
            )
            took = f"90 % at alpha {alpha:.2f}" if alpha <= FURTHEST else "90 % not reached by 2"
            line = f"{name:<12} {method:<12} {took}"
            if method == "conditional" and np.isfinite(leak - plain):
                line += f", leaks {leak:.3f} there; plain {plain:.3f}"
            lines.append(line)
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", type=Path, nargs="?", default=Path("pretrained/faces"))
    parser.add_argument("names", nargs="*", default=NAMES)
    parser.add_argument(
        "--root", type=Path, help="pictures to train the judge on, to measure anew"
    )
    arguments = parser.parse_args()
    opened = explorer.load(arguments.bundle)
    effects = opened.effects
    if arguments.root:
        effects = effects_of(
            opened, root=arguments.root, per_side=ALL, alphas=ALPHAS, names=arguments.names
        )
    if effects is None:
        sys.exit(f"{arguments.bundle}: not judged yet; run: python train_cli.py judge ...")
    names = [name for name in arguments.names if name in effects.names] or list(effects.names)
    print(effects_table(effects_rows(opened, effects, names)))
    print("\nWhat else changed most where the edit took on 90 % (or at 2):")
    print("\n".join(leaks(effects, names)))
    print("\nPictures used (without, with), and how often the judge agreed before any edit:")
    for name in names:
        place = effects.names.index(name)
        counts, agreement = effects.counts[place], effects.agreement[place]
        print(f"{name:<12} {counts[0]}, {counts[1]}; {agreement[0]:.0%}, {agreement[1]:.0%}")
    told = int(effects.reliable.sum())
    print(
        f"\nLeakage is over the {told} of {len(effects.judged)} things the judge tells reliably."
    )
    print("\n".join(verdicts(effects, [name for name in AIMED if name in names])))


if __name__ == "__main__":
    main()
