"""From one picture to another, step by step."""

from explorer.ui.frame import headline, pick_bundle
from explorer.ui.interpolate import page

opened = pick_bundle()
headline("Interpolate", "Choose two pictures and walk from one to the other: drag, or press play.")
page.show(opened)
