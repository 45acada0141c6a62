"""The derived parts of a bundle, to and from arrays: codes, maps, directions, samplers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.bundle.arrays import Arrays, read_arrays
from explorer.bundle.errors import BundleError
from explorer.latent import Cloud, Direction, Effects, Mixture, PcaMap, UmapMap

Floats = NDArray[np.float32]
Map = PcaMap | UmapMap
MAP_KINDS: dict[str, type[PcaMap] | type[UmapMap]] = {"pca": PcaMap, "umap": UmapMap}
FLOAT16_MAX = float(np.finfo(np.float16).max)


@dataclass(frozen=True, eq=False)
class Latents:
    """The codes of all pictures, in the order of the table.

    Attributes:
        mu: (N, D) float32, means of the posteriors.
        logvar: (N, D) float32, their log-variances.
        split: (N,) uint8: 0 train, 1 valid, 2 test.
    """

    mu: Floats
    logvar: Floats
    split: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.mu)


@dataclass(frozen=True, eq=False)
class Prior:
    """The aggregate posterior beside the prior N(0, I) it was pulled towards.

    Attributes:
        mean: (D,) of the aggregate posterior; the prior's is 0.
        std: (D,) of the aggregate posterior, spread of the means and of each posterior together;
            the prior's is 1.
        norm: Mean length of the codes mu; of draws from the prior it is about sqrt(D).
    """

    mean: Floats
    std: Floats
    norm: float


def latents_arrays(latents: Latents) -> Arrays:
    """Codes as float16, halving the file: their error is far below the posterior's sigma.

    Raises:
        BundleError: NaN, infinity, or numbers that float16 cannot hold.
    """
    for name in ("mu", "logvar"):
        largest = float(np.abs(getattr(latents, name)).max(initial=0.0))
        if not largest <= FLOAT16_MAX:  # NaN fails every comparison
            raise BundleError(
                f"latents: {name} reaches {largest:g}, more than float16 holds "
                f"({FLOAT16_MAX:g}); the model has diverged: train it with a lower learning rate "
                "or a larger beta."
            )
    return {
        "mu": np.asarray(latents.mu, np.float16),
        "logvar": np.asarray(latents.logvar, np.float16),
        "split": np.asarray(latents.split, np.uint8),
    }


def read_latents(path: Path) -> Latents:
    """The codes, read-only: a bundle is shared by all users of the app."""
    arrays = read_arrays(path)
    return Latents(
        _frozen(arrays["mu"].astype(np.float32)),
        _frozen(arrays["logvar"].astype(np.float32)),
        _frozen(arrays["split"]),
    )


def maps_arrays(maps: Mapping[str, Map]) -> Arrays:
    """All maps' arrays under ``<map>.<array>``.

    Raises:
        BundleError: A map is missing or unknown.
    """
    if set(maps) != set(MAP_KINDS):
        raise BundleError(f"maps are {sorted(maps)}; exactly {sorted(MAP_KINDS)} are needed.")
    return {
        f"{name}.{key}": array
        for name, item in maps.items()
        for key, array in item.to_arrays().items()
    }


def read_maps(path: Path, *, codes: Floats) -> dict[str, Map]:
    """The maps by name."""
    arrays = read_arrays(path)
    with _naming(path):
        return {
            name: kind.from_arrays(_under(name, arrays), codes=codes)
            for name, kind in MAP_KINDS.items()
        }


@dataclass(frozen=True, eq=False)
class Edits:
    """What ``directions.safetensors`` holds.

    Attributes:
        directions: By every method, in the order they were written in.
        clouds: Of attributes and classes; None in a file of before there were any.
        effects: What a judge of pictures saw of the directions; None if none has been asked.
    """

    directions: tuple[Direction, ...]
    clouds: tuple[Cloud, ...] | None = None
    effects: Effects | None = None


def directions_arrays(edits: Edits) -> Arrays:
    """Directions under ``<number>.<array>``, their texts as JSON in ``meta``, and the rest.

    Clouds are under ``clouds.<array>``, effects under ``effects.<array>``, if there are any.
    """
    arrays = {"meta": _as_json([direction.meta for direction in edits.directions])}
    for number, direction in enumerate(edits.directions):
        arrays |= _over(str(number), direction.to_arrays())
    if edits.clouds is not None:
        arrays |= _over("clouds", clouds_arrays(edits.clouds))
    if edits.effects is not None:
        arrays |= _over("effects", edits.effects.to_arrays())
    return arrays


def read_edits(path: Path, *, dim: int) -> Edits:
    """Directions, clouds and effects, the last two as far as they are in the file."""
    arrays = read_arrays(path)
    with _naming(path):
        clouds, effects = _under("clouds", arrays), _under("effects", arrays)
        return Edits(
            directions=directions_from(arrays, dim=dim),
            clouds=clouds_from(clouds, dim=dim) if clouds else None,
            effects=Effects.from_arrays(effects) if effects else None,
        )


def directions_from(arrays: Arrays, *, dim: int) -> tuple[Direction, ...]:
    """The directions among arrays, in the order they were written in.

    Raises:
        ValueError: A vector or normal is not of ``dim`` numbers.
        KeyError: Something is missing.
    """
    found = tuple(
        Direction.from_arrays(_under(str(number), arrays), meta=meta)
        for number, meta in enumerate(json.loads(arrays["meta"].tobytes()))
    )
    for direction in found:
        for array in (direction.vector, direction.normal):
            if array is not None and array.shape != (dim,):
                raise ValueError(f"{direction.name!r} has shape {array.shape}")
    return found


def clouds_arrays(clouds: Sequence[Cloud]) -> Arrays:
    """``mean`` and ``std`` (C, D), ``count`` (C,), and names and kinds as JSON in ``meta``."""
    return {
        "meta": _as_json([{"name": cloud.name, "kind": cloud.kind} for cloud in clouds]),
        "count": np.array([cloud.count for cloud in clouds], np.int64),
        "mean": np.array([cloud.mean for cloud in clouds], np.float32),
        "std": np.array([cloud.std for cloud in clouds], np.float32),
    }


def clouds_from(arrays: Arrays, *, dim: int) -> tuple[Cloud, ...]:
    """The inverse of :func:`clouds_arrays`.

    Raises:
        ValueError: The arrays do not fit together or are not of ``dim`` numbers.
        KeyError: One is missing.
    """
    metas = json.loads(arrays["meta"].tobytes())
    for name in ("mean", "std"):
        if metas and arrays[name].shape != (len(metas), dim):
            raise ValueError(f"clouds.{name} has shape {arrays[name].shape}")
    return tuple(
        Cloud(meta["name"], meta["kind"], mean, std, int(count))
        for meta, mean, std, count in zip(
            metas, arrays["mean"], arrays["std"], arrays["count"], strict=True
        )
    )


def samplers_arrays(mixture: Mixture, *, latents: Latents) -> Arrays:
    """The mixture, and the aggregate posterior's statistics."""
    mean = latents.mu.mean(0, dtype=np.float64)
    # Law of total variance over the pictures.
    variance = latents.mu.var(0, dtype=np.float64) + np.exp(latents.logvar).mean(0)
    prior = {
        "prior.mean": mean.astype(np.float32),
        "prior.std": np.sqrt(variance).astype(np.float32),
        "prior.norm": np.linalg.norm(latents.mu, axis=1).mean(keepdims=True, dtype=np.float64),
    }
    return prior | {f"mixture.{key}": array for key, array in mixture.to_arrays().items()}


def read_mixture(path: Path) -> Mixture:
    """The mixture fitted to the codes."""
    arrays = read_arrays(path)
    with _naming(path):
        return Mixture.from_arrays(_under("mixture", arrays))


def read_prior(path: Path) -> Prior:
    """The aggregate posterior's statistics."""
    arrays = read_arrays(path)
    with _naming(path):
        prior = _under("prior", arrays)
        return Prior(prior["mean"], prior["std"], float(prior["norm"][0]))


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turn whatever the parts object to into a sentence on the file."""
    try:
        yield
    except (KeyError, ValueError, TypeError, IndexError) as error:
        if isinstance(error, BundleError):
            raise
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise BundleError(
            f"{path}: damaged ({reason}); restore the file from where the bundle came from."
        ) from error


def _under(prefix: str, arrays: Mapping[str, np.ndarray]) -> Arrays:
    start = f"{prefix}."
    return {
        name.removeprefix(start): _frozen(array)
        for name, array in arrays.items()
        if name.startswith(start)
    }


def _over(prefix: str, arrays: Mapping[str, np.ndarray]) -> Arrays:
    return {f"{prefix}.{name}": array for name, array in arrays.items()}


def _as_json(value: object) -> np.ndarray:
    return np.frombuffer(json.dumps(value).encode(), np.uint8)


def _frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
