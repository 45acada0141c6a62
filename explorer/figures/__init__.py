"""Pictures and colours from arrays, without streamlit."""

from explorer.figures.palette import (
    CATEGORICAL,
    MISSING,
    categorical,
    categorical_rgb,
    ramp,
    ramp_rgb,
    to_rgb,
)
from explorer.figures.sheet import contact_sheet

__all__ = [
    "CATEGORICAL",
    "MISSING",
    "categorical",
    "categorical_rgb",
    "contact_sheet",
    "ramp",
    "ramp_rgb",
    "to_rgb",
]
