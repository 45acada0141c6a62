"""From one picture to another, step by step."""

from explorer.ui.frame import headline, pick_bundle

opened = pick_bundle()
headline("Interpolate", "Choose two pictures and walk from one to the other.")
