"""One row of pictures for each number of a code."""

from explorer.ui import face_picker, traverse_page
from explorer.ui.frame import headline, pick_bundle

opened = pick_bundle()
headline(
    "Traverse",
    "Drag the handle of a row: one number of the code changes, and the picture follows.",
)
face = traverse_page.choose_start(opened)
traverse_page.draw(opened, face)
face_picker.show_kept(opened)
