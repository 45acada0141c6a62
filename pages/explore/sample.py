"""New pictures from the prior, the mixture or a class."""

from explorer.ui.frame import headline, pick_bundle
from explorer.ui.sample import page

opened = pick_bundle()
headline(
    "Sample",
    "Pictures the model makes up. Click one to see it large, beside the training pictures nearest "
    "to it.",
)
page.draw(opened)
