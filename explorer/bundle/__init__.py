"""The folder that training leaves and the app opens: its format, reading, writing, listing.

Importing this package loads no torch; only encoding and decoding do.
"""

from explorer.bundle.bundle import Bundle, load
from explorer.bundle.catalogue import Catalogue, Entry, Problem, catalogue
from explorer.bundle.errors import BundleError
from explorer.bundle.format import FILES, RESUME
from explorer.bundle.own_directions import (
    OwnDirections,
    delete_own,
    load_own,
    own_folder,
    pack_own,
    save_own,
    unpack_own,
)
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
    "OwnDirections",
    "Prior",
    "Problem",
    "SplitSizes",
    "TrainingSection",
    "Versions",
    "catalogue",
    "delete_own",
    "load",
    "load_own",
    "own_folder",
    "pack_own",
    "save_own",
    "unpack_own",
    "update_directions",
    "write_bundle",
]
