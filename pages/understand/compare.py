"""Several models on the same pictures."""

from explorer.ui.compare import page
from explorer.ui.frame import headline

headline(
    "Compare",
    "The same pictures in several models: drag one slider, and watch what each of them makes of "
    "it.",
)
page.draw()
