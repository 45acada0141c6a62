"""What edits do to pictures, as an independent judge of pictures sees it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.latent.codes import Doubles, Floats, LatentError

# Half-way between guessing (0.5) and always right: below it, a verdict that changes says more
# about the judge than about the picture.
RELIABLE = 0.75


@dataclass(frozen=True, eq=False)
class Effects:
    """How often edits took, and what else they changed, for E edited things by M methods.

    Measured on held-out pictures whose decoded code ("reconstruction") the judge sees as their
    label says, so that an edit is credited only with what it changes itself.

    Attributes:
        names: E edited attributes and classes.
        methods: M methods of the directions.
        judged: J attributes and classes that the judge tells, the edited ones among them.
        alphas: (K,) ascending, 0 among them.
        success: (M, E, K). alpha > 0: share of the pictures without it on which the judge sees
            it after the edit. alpha < 0: share of those with it on which it no longer does.
            alpha = 0: share of the reconstructions of pictures labelled without it in which the
            judge saw it all the same; those took no part. NaN where there was no picture.
        flips: (M, E, K, J) share of the same pictures on which the verdict on j changed against
            alpha = 0; NaN for the edited thing itself. Classes of one label exclude each other:
            if a class is edited, another one counts where the picture has *become* it, and is
            NaN for alpha < 0, where becoming another class is the success.
        counts: (E, 2) pictures without and with it that were used.
        agreement: (E, 2) share of the pictures labelled without and with it whose
            reconstruction the judge sees so; ``counts`` are drawn from those. NaN without any.
        accuracy: (J,) balanced accuracy of the judge on held-out original pictures; 0.5 is
            chance.
    """

    names: tuple[str, ...]
    methods: tuple[str, ...]
    judged: tuple[str, ...]
    alphas: Floats
    success: Floats
    flips: Floats
    counts: NDArray[np.int32]
    agreement: Floats
    accuracy: Floats

    def __post_init__(self) -> None:
        edits = (len(self.methods), len(self.names), len(self.alphas))
        sides = (len(self.names), 2)
        shapes = {
            "success": edits,
            "flips": (*edits, len(self.judged)),
            "counts": sides,
            "agreement": sides,
            "accuracy": (len(self.judged),),
        }
        for field, shape in shapes.items():
            if (found := np.shape(getattr(self, field))) != shape:
                raise LatentError(f"effects: {field} has shape {found}; {shape} is needed.")
        if not (np.diff(self.alphas) > 0).all() or 0 not in self.alphas:
            raise LatentError(
                f"effects: alphas are {self.alphas.tolist()}; they must ascend and hold 0."
            )

    @property
    def reliable(self) -> NDArray[np.bool]:
        """(J,) whether the judge's balanced accuracy is at least 0.75."""
        return np.asarray(self.accuracy >= RELIABLE)

    def accuracy_of(self, name: str) -> float:
        """The judge's balanced accuracy on an attribute or class.

        Raises:
            LatentError: It is none of the judged ones.
        """
        return float(self.accuracy[_place(name, self.judged, kind="judged")])

    def success_of(self, name: str, method: str) -> Floats:
        """(K,) success at each of ``alphas``.

        Raises:
            LatentError: No such edit was measured.
        """
        return np.asarray(self.success[self._edit(name, method)])

    def leakage(self) -> Floats:
        """(M, E, K) mean share of verdicts on other things that changed; NaN without any.

        Over those the judge tells reliably, see :attr:`reliable`.
        """
        flips = self.flips[..., self.reliable].astype(np.float64)
        known = np.isfinite(flips)
        count = known.sum(axis=-1)
        total = np.where(known, flips, 0).sum(axis=-1)
        mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
        return np.asarray(mean, np.float32)

    def leakage_of(self, name: str, method: str) -> Floats:
        """(K,) leakage at each of ``alphas``.

        Raises:
            LatentError: No such edit was measured.
        """
        return np.asarray(self.leakage()[self._edit(name, method)])

    def alpha_for(self, name: str, method: str, *, success: float) -> float:
        """The smallest alpha > 0 whose success is at least this share, interpolated linearly.

        NaN if no measured alpha reaches it. Leakage can be compared fairly between methods at
        equal success only: an edit that does less changes less of anything.

        Raises:
            LatentError: No such edit was measured.
        """
        alphas, shares = self._rising(self.success_of(name, method))
        reached = np.flatnonzero(shares >= success)
        if not reached.size:
            return float("nan")
        end = int(reached[0])
        if end == 0:
            return 0.0
        low, high = shares[end - 1], shares[end]
        part = (success - low) / (high - low)
        return float(alphas[end - 1] + part * (alphas[end] - alphas[end - 1]))

    def leakage_at(self, name: str, method: str, *, alpha: float) -> float:
        """Leakage at an alpha >= 0, interpolated linearly; NaN outside of what was measured.

        Raises:
            LatentError: No such edit was measured.
        """
        alphas, shares = self._rising(self.leakage_of(name, method))
        return float(np.interp(alpha, alphas, shares, left=np.nan, right=np.nan))

    def worst_flips(
        self, name: str, method: str, alpha: float, k: int = 3
    ) -> tuple[tuple[str, float], ...]:
        """The other things whose verdict changed most often: at most k names with their share.

        Of those the judge tells reliably, at the measured alpha nearest to ``alpha``; the
        highest share first, none without any change.

        Raises:
            LatentError: No such edit was measured.
        """
        nearest = int(np.abs(self.alphas - alpha).argmin())
        shares = self.flips[(*self._edit(name, method), nearest)]
        usable = np.where(self.reliable & (shares > 0), shares, -1)
        order = np.argsort(-usable, kind="stable")[:k]
        return tuple((self.judged[j], float(shares[j])) for j in order if usable[j] > 0)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Everything as arrays, for the bundle; shares as float16, the texts as JSON bytes."""
        texts = {"names": self.names, "methods": self.methods, "judged": self.judged}
        return {
            "meta": np.frombuffer(json.dumps(texts).encode(), np.uint8),
            "alphas": np.asarray(self.alphas, np.float32),
            "success": np.asarray(self.success, np.float16),
            "flips": np.asarray(self.flips, np.float16),
            "counts": np.asarray(self.counts, np.int32),
            "agreement": np.asarray(self.agreement, np.float32),
            "accuracy": np.asarray(self.accuracy, np.float32),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Effects:
        """The inverse of :meth:`to_arrays`, up to the rounding of float16.

        Raises:
            LatentError: The arrays do not fit together.
            KeyError: One is missing.
        """
        texts = json.loads(arrays["meta"].tobytes())
        floats = ("alphas", "success", "flips", "agreement", "accuracy")
        return cls(
            names=tuple(texts["names"]),
            methods=tuple(texts["methods"]),
            judged=tuple(texts["judged"]),
            counts=np.asarray(arrays["counts"], np.int32),
            **{name: np.asarray(arrays[name], np.float32) for name in floats},
        )

    def _edit(self, name: str, method: str) -> tuple[int, int]:
        edited = _place(name, self.names, kind="edited")
        return _place(method, self.methods, kind="methods"), edited

    def _rising(self, values: Floats) -> tuple[Doubles, Doubles]:
        """Alphas from 0 on with their values; at 0 nothing has been done yet."""
        rows = np.flatnonzero(self.alphas >= 0)
        shares = values[rows].astype(np.float64)
        shares[0] = 0.0
        return self.alphas[rows].astype(np.float64), shares


def _place(name: str, names: tuple[str, ...], *, kind: str) -> int:
    if name in names:
        return names.index(name)
    raise LatentError(f"effects: no {name!r} among the {kind}: {', '.join(names) or 'none'}.")
