"""One row of pictures for each number of a code."""

from explorer.ui.frame import headline, pick_bundle

opened = pick_bundle()
headline("Traverse", "Change one number of the code at a time.")
