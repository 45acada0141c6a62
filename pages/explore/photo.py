"""A photo of one's own: aligned, encoded, decoded."""

from explorer.ui.frame import headline, pick_bundle

opened = pick_bundle()
headline("Photo", "Give the model a picture of your own.")
