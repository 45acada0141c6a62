"""Start a run, watch it learn, stop it, go on with it."""

from explorer.ui.frame import headline
from explorer.ui.train import page

headline(
    "Train",
    "Start a model and watch it learn. It goes on when you close this page, and a stopped one can "
    "go on where it was.",
)
page.draw()
