"""Mathematics on codes: maps, directions, samplers, neighbours, measures. numpy in, numpy out."""

from explorer.latent.codes import LatentError, as_codes
from explorer.latent.directions import (
    Direction,
    Directions,
    attribute_directions,
    label_directions,
    mean_difference,
)
from explorer.latent.plane import OffData, PlaneMap
from explorer.latent.projection import PcaMap, UmapMap, fit_pca, fit_umap
from explorer.latent.sampling import Mixture, fit_mixture, sample_prior

__all__ = [
    "Direction",
    "Directions",
    "LatentError",
    "Mixture",
    "OffData",
    "PcaMap",
    "PlaneMap",
    "UmapMap",
    "as_codes",
    "attribute_directions",
    "fit_mixture",
    "fit_pca",
    "fit_umap",
    "label_directions",
    "mean_difference",
    "sample_prior",
]
