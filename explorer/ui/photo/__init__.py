"""The photo page: a picture of one's own, cut like the training pictures, encoded and shown."""
