"""Mathematics on codes: maps, directions, samplers, neighbours, measures. numpy in, numpy out."""

from explorer.latent.codes import LatentError, as_codes
from explorer.latent.directions import (
    Direction,
    Directions,
    attribute_directions,
    label_directions,
    mean_difference,
)
from explorer.latent.effects import Effects
from explorer.latent.measures import (
    Aggregate,
    active_units,
    aggregate,
    prior_radius,
    psnr,
    radius,
    unit_variances,
)
from explorer.latent.neighbours import CodeIndex, Neighbours
from explorer.latent.offdata import OffData
from explorer.latent.places import Place, describe_place
from explorer.latent.plane import PlaneMap
from explorer.latent.projection import PcaMap, UmapMap, fit_pca, fit_umap
from explorer.latent.sampling import Mixture, fit_mixture, sample_prior

__all__ = [
    "Aggregate",
    "CodeIndex",
    "Direction",
    "Directions",
    "Effects",
    "LatentError",
    "Mixture",
    "Neighbours",
    "OffData",
    "PcaMap",
    "Place",
    "PlaneMap",
    "UmapMap",
    "active_units",
    "aggregate",
    "as_codes",
    "attribute_directions",
    "describe_place",
    "fit_mixture",
    "fit_pca",
    "fit_umap",
    "label_directions",
    "mean_difference",
    "prior_radius",
    "psnr",
    "radius",
    "sample_prior",
    "unit_variances",
]
