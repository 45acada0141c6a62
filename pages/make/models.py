"""Home: the models that can be explored, and why a folder cannot."""

from explorer.ui import gallery
from explorer.ui.frame import invite_to_train
from explorer.ui.resources import find_bundles

found = find_bundles()
gallery.welcome(len(found.bundles))
if found.bundles:
    gallery.show_cards(found)
else:
    invite_to_train()
gallery.show_problems(found)
