"""New pictures from the prior, the mixture or a class."""

from explorer.ui.frame import headline, pick_bundle

opened = pick_bundle()
headline("Sample", "Draw new pictures and see where they come from.")
