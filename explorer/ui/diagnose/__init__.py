"""The diagnose page: what is wrong with a model, what shows it, what to try."""
