"""What is wrong with a model, what shows it, and what to try."""

from explorer.ui.diagnose import page
from explorer.ui.frame import headline, pick_bundle

opened = pick_bundle()
headline(
    "Diagnose",
    "Is the model healthy? The verdict in words, what to try, and the evidence to judge for "
    "yourself.",
)
page.draw(opened)
