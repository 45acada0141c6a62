"""The Interpolate page: a route over pictures, the ways along it, and what to look at on them."""
