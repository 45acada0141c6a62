"""The train page: choose, start, watch, stop, go on."""
