"""The theory one can touch: nine experiments."""

from explorer.ui.frame import headline
from explorer.ui.lab import page

headline(
    "Lab",
    "Choose an experiment, move its controls, and see what the theory says. "
    "The address keeps what you set: share it, project it, come back to it.",
)
page.draw()
