"""Drag a slider and the face follows."""

from explorer.ui.frame import headline, pick_bundle

opened = pick_bundle()
headline("Attributes", "Drag a slider: the picture follows your hand.")
