"""A photo of one's own: aligned, encoded, decoded."""

from explorer.ui.frame import pick_bundle
from explorer.ui.photo import page

opened = pick_bundle()
page.introduce(opened)
page.show(opened)
