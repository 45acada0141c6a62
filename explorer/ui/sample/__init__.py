"""The sample page: new pictures from a sampler or a region, and how they compare with the data."""
