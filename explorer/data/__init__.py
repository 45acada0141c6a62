"""Pictures in: named sources, decoded once into a cache of uint8 arrays."""

from explorer.data.dataset import TEST, TRAIN, VALID, DataError, Dataset, DataSpec
from explorer.data.loading import load
from explorer.data.originals import original
from explorer.data.sources import SOURCES, SourceInfo

__all__ = [
    "SOURCES",
    "TEST",
    "TRAIN",
    "VALID",
    "DataError",
    "DataSpec",
    "Dataset",
    "SourceInfo",
    "load",
    "original",
]
