"""Mathematics on codes: maps, directions, samplers, neighbours, measures. numpy in, numpy out."""

from explorer.latent.clouds import (
    Cloud,
    Clouds,
    all_clouds,
    attribute_clouds,
    cloud,
    label_clouds,
)
from explorer.latent.codes import LatentError, as_codes
from explorer.latent.directions import METHODS, Direction, Directions
from explorer.latent.effects import Effects
from explorer.latent.fitting import (
    all_directions,
    attribute_directions,
    label_directions,
    logistic_normal,
    mean_difference,
)
from explorer.latent.groups import MIN_EXAMPLES, Kind, Known
from explorer.latent.locks import conditional, cosines, default_locks, entanglement
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
from explorer.latent.own import from_groups, from_marks, marks
from explorer.latent.own_labels import OwnLabels, read_labels
from explorer.latent.places import Place, describe_place
from explorer.latent.plane import PlaneMap
from explorer.latent.projection import PcaMap, UmapMap, fit_pca, fit_umap
from explorer.latent.sampling import Mixture, fit_mixture, sample_prior

__all__ = [
    "METHODS",
    "MIN_EXAMPLES",
    "Aggregate",
    "Cloud",
    "Clouds",
    "CodeIndex",
    "Direction",
    "Directions",
    "Effects",
    "Kind",
    "Known",
    "LatentError",
    "Mixture",
    "Neighbours",
    "OffData",
    "OwnLabels",
    "PcaMap",
    "Place",
    "PlaneMap",
    "UmapMap",
    "active_units",
    "aggregate",
    "all_clouds",
    "all_directions",
    "as_codes",
    "attribute_clouds",
    "attribute_directions",
    "cloud",
    "conditional",
    "cosines",
    "default_locks",
    "describe_place",
    "entanglement",
    "fit_mixture",
    "fit_pca",
    "fit_umap",
    "from_groups",
    "from_marks",
    "label_clouds",
    "label_directions",
    "logistic_normal",
    "marks",
    "mean_difference",
    "prior_radius",
    "psnr",
    "radius",
    "read_labels",
    "sample_prior",
    "unit_variances",
]
