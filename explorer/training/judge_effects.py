"""What a bundle's directions do to pictures, measured with a judge of pictures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer import bundle, data
from explorer.data import TRAIN, Dataset
from explorer.latent import METHODS, Direction, Effects
from explorer.latent.codes import Doubles, Floats
from explorer.training.errors import TrainingError
from explorer.training.judge import Judge, Targets, find_judge, targets
from explorer.training.judge_training import JudgeSettings
from explorer.training.progress import counting, say
from explorer.training.report import spec_of

# Finer where edits are compared, which is where they add something.
ALPHAS = (-2.0, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0)
PER_SIDE = 100
SCREENED = 3000  # held-out pictures whose reconstructions are judged, at most
BATCH = 128
SEED = 0

Verdicts = NDArray[np.bool]
Progress = Callable[[int], object]
Edits = Mapping[str, Mapping[str, Direction]]  # by name, then by method


def judge_bundle(
    folder: Path, *, root: Path | None, per_side: int = PER_SIDE
) -> tuple[bundle.Bundle, Effects]:
    """Measure the effects of all directions of a bundle and write them into it.

    Args:
        folder: The bundle.
        root: Folder or zip with the pictures it was trained on.
        per_side: Held-out pictures without, and with, each edited thing, at most.

    Returns:
        The bundle, and what it now holds.

    Raises:
        BundleError: The bundle cannot be opened or written.
        DataError: The pictures cannot be used.
        TrainingError: They are not those of the bundle, or there is nothing to judge.
    """
    opened = bundle.load(folder)
    effects = effects_of(opened, root=root, per_side=per_side)
    bundle.update_directions(
        folder, directions=opened.directions, clouds=opened.clouds, effects=effects
    )
    return opened, effects


def effects_of(
    opened: bundle.Bundle,
    *,
    root: Path | None,
    per_side: int = PER_SIDE,
    alphas: Sequence[float] = ALPHAS,
    names: Collection[str] | None = None,
) -> Effects:
    """Measure without writing; see :func:`measure_effects` and, for errors, the above."""
    _require_edits(opened, per_side=per_side)
    dataset = _pictures_of(opened, root=root)
    judge = find_judge(dataset, JudgeSettings(mirror=opened.config.training.flip))
    return measure_effects(opened, judge, dataset, per_side=per_side, alphas=alphas, names=names)


def measure_effects(
    opened: bundle.Bundle,
    judge: Judge,
    dataset: Dataset,
    *,
    per_side: int = PER_SIDE,
    alphas: Sequence[float] = ALPHAS,
    names: Collection[str] | None = None,
) -> Effects:
    """Edit held-out codes, decode them and ask the judge; see :class:`Effects`.

    The codes are the posterior means of the validation and test pictures. A picture is used for
    an edit if its label says it is without (or with) the thing and the judge says so of its
    reconstruction: what the judge sees before the edit is no merit of the edit. All methods and
    alphas see the same pictures.

    Args:
        opened: The bundle.
        judge: Of its data.
        dataset: Its data, a picture per code.
        per_side: Pictures without, and with, each edited thing, at most.
        alphas: Ascending, with 0.
        names: Only these edits; by default all.

    Raises:
        TrainingError: There is no direction of these names.
    """
    edits = _edits(opened.directions, names)
    methods = tuple(next(iter(edits.values())))
    steps = np.array(alphas)
    bench = _Bench(opened, judge, dataset, names=tuple(edits), per_side=per_side)
    with counting(len(methods) * bench.num_pictures(steps), "judging edits") as done:
        found = [
            [bench.effect(edits[name][method], steps, done) for name in edits]
            for method in methods
        ]
    return Effects(
        names=tuple(edits),
        methods=methods,
        judged=judge.names,
        alphas=steps.astype(np.float32),
        success=np.array([[success for success, _ in row] for row in found], np.float32),
        flips=np.array([[flips for _, flips in row] for row in found], np.float32),
        counts=bench.counts,
        agreement=bench.agreement,
        accuracy=judge.accuracy,
    )


@dataclass(frozen=True, eq=False)
class _Side:
    """Held-out codes without, or with, a thing.

    Attributes:
        mu: (n, D).
        before: (n, J) the judge's verdicts on their reconstructions.
        agreement: Share of those labelled so whose reconstruction the judge sees so.
    """

    mu: Floats
    before: Verdicts
    agreement: float


class _Bench:
    """Held-out codes to try edits on, and the judge's verdicts on their reconstructions."""

    def __init__(
        self,
        opened: bundle.Bundle,
        judge: Judge,
        dataset: Dataset,
        *,
        names: Sequence[str],
        per_side: int,
    ) -> None:
        self._opened, self._judge, self._per_side = opened, judge, per_side
        self._is_class = np.isin(judge.names, dataset.label_names)
        self._rng = np.random.default_rng(SEED)
        rows = np.flatnonzero(dataset.split != TRAIN)
        rows = np.sort(self._rng.permutation(rows)[:SCREENED])
        self._mu, known = opened.latents.mu[rows], targets(dataset)[rows]
        with counting(len(rows), "judging reconstructions") as done:
            self._before = self._look(self._mu, done)
        self._sides = {
            name: (self._side(name, known, has=False), self._side(name, known, has=True))
            for name in names
        }

    @property
    def counts(self) -> NDArray[np.int32]:
        """(E, 2) codes without and with each thing."""
        pairs = self._sides.values()
        return np.array([[len(side.mu) for side in pair] for pair in pairs], np.int32)

    @property
    def agreement(self) -> Floats:
        """(E, 2) how often the judge agreed with the labels, without and with each thing."""
        pairs = self._sides.values()
        return np.array([[side.agreement for side in pair] for pair in pairs], np.float32)

    def num_pictures(self, alphas: Doubles) -> int:
        """How many pictures one method's edits of all things make."""
        without, with_ = self.counts.sum(axis=0)
        return int((alphas > 0).sum() * without + (alphas < 0).sum() * with_)

    def effect(
        self, direction: Direction, alphas: Doubles, done: Progress
    ) -> tuple[Doubles, Doubles]:
        """Success (K,) and flips (K, J) of one direction's edits by ascending ``alphas``."""
        without, with_ = self._sides[direction.name]
        taken = self._try(direction, with_, alphas[alphas < 0], done)
        added = self._try(direction, without, alphas[alphas > 0], done)
        base = np.array([1 - without.agreement]), np.zeros((1, len(self._judge.names)))
        success, flips = (np.concatenate(parts) for parts in zip(taken, base, added, strict=True))
        flips[:, self._judge.names.index(direction.name)] = np.nan
        return success, flips

    def _try(
        self, direction: Direction, side: _Side, alphas: Doubles, done: Progress
    ) -> tuple[Doubles, Doubles]:
        own, count = self._judge.names.index(direction.name), len(self._judge.names)
        if not (len(alphas) and len(side.mu)):
            return np.full(len(alphas), np.nan), np.full((len(alphas), count), np.nan)
        edited = np.concatenate([direction.apply(side.mu, alpha=alpha) for alpha in alphas])
        after = self._look(edited, done).reshape(len(alphas), -1, count)
        flips = (after != side.before).mean(axis=1)
        if direction.kind == "label":
            became = (after & ~side.before).mean(axis=1)
            became[alphas < 0] = np.nan
            flips[:, self._is_class] = became[:, self._is_class]
        return (after[:, :, own] == (alphas > 0)[:, None]).mean(axis=1), flips

    def _side(self, name: str, known: Targets, *, has: bool) -> _Side:
        number = self._judge.names.index(name)
        labelled = np.flatnonzero(known[:, number] == has)
        agreed = labelled[self._before[labelled, number] == has]
        chosen = np.sort(self._rng.permutation(agreed)[: self._per_side])
        agreement = len(agreed) / len(labelled) if len(labelled) else np.nan
        return _Side(self._mu[chosen], self._before[chosen], agreement)

    def _look(self, z: Floats, done: Progress) -> Verdicts:
        """The judge's verdicts (n, J) on the pictures of codes (n, D)."""
        seen = []
        for start in range(0, len(z), BATCH):
            part = z[start : start + BATCH]
            seen.append(self._judge.verdicts(self._opened.decode(part)))
            done(len(part))
        return np.concatenate(seen)


def _edits(directions: Sequence[Direction], names: Collection[str] | None) -> Edits:
    """Directions by name and method; names that lack a method others have are left out."""
    found: dict[str, dict[str, Direction]] = {}
    for method in METHODS:
        for direction in directions:
            wanted = names is None or direction.name in names
            if wanted and direction.method == method and direction.kind != "own":
                found.setdefault(direction.name, {}).setdefault(method, direction)
    if not found:
        raise TrainingError("There is no direction to judge; compute some, or name others.")
    most = max(map(len, found.values()))
    for name in [name for name, by_method in found.items() if len(by_method) < most]:
        say(f"{name} is not judged: it has directions by {', '.join(found.pop(name))} alone.")
    return found


def _require_edits(opened: bundle.Bundle, *, per_side: int) -> None:
    if per_side < 1:
        raise TrainingError(f"per_side is {per_side}; choose a number at least 1.")
    section = opened.config.data
    if not section.attribute_names + section.label_names:
        raise TrainingError(
            f"{opened.path}: its pictures have neither attributes nor labels, so no edit can be "
            "judged; train it on pictures in a folder for each class, or with --attributes."
        )
    if not opened.directions:
        raise TrainingError(
            f"{opened.path}: it holds no direction to judge, as every attribute and class has "
            "fewer than 20 examples on a side."
        )
    if (opened.latents.split == TRAIN).all():
        raise TrainingError(
            f"{opened.path}: all its pictures were trained on, and edits are judged on others."
        )


def _pictures_of(opened: bundle.Bundle, *, root: Path | None) -> Dataset:
    """The pictures of a bundle's codes, with what the bundle knows of them.

    A judge learns from the bundle's own table: a CSV that lay beside the pictures may be gone.
    """
    dataset = data.load(spec_of(opened.config.data, root=root))
    ids = opened.items["id"].to_numpy(dtype=str)
    if not np.array_equal(dataset.ids, ids):
        there = int(np.isin(ids, dataset.ids).sum())
        raise TrainingError(
            f"{opened.path} was trained on {len(ids):,} pictures, and {there:,} of them are "
            f"among the {len(dataset):,} found; give the same pictures with --root."
        )
    known = opened.known
    return replace(
        dataset,
        split=np.asarray(known.split, np.uint8),
        attribute_names=known.attribute_names,
        attributes=np.asarray(known.attributes, np.int8),
        label_names=known.label_names,
        labels=np.asarray(known.labels, np.int16),
    )
