"""The folder that training leaves and the app opens: its format, reading, writing, listing.

Importing this package loads no torch; only encoding and decoding do.
"""

from explorer.bundle.bundle import Bundle, load
from explorer.bundle.catalogue import Catalogue, Entry, Problem, catalogue
from explorer.bundle.errors import BundleError
from explorer.bundle.format import FILES, RESUME
from explorer.bundle.parts import Latents, Prior
from explorer.bundle.sections import (
    FORMAT_VERSION,
    Config,
    DataSection,
    ObjectiveSection,
    SplitSizes,
    TrainingSection,
    Versions,
)
from explorer.bundle.write import BundleContents, update_directions, write_bundle

__all__ = [
    "FILES",
    "FORMAT_VERSION",
    "RESUME",
    "Bundle",
    "BundleContents",
    "BundleError",
    "Catalogue",
    "Config",
    "DataSection",
    "Entry",
    "Latents",
    "ObjectiveSection",
    "Prior",
    "Problem",
    "SplitSizes",
    "TrainingSection",
    "Versions",
    "catalogue",
    "load",
    "update_directions",
    "write_bundle",
]
