"""The Attributes page: sliders that move a face while they are dragged, and their worth."""
