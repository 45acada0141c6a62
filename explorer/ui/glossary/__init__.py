"""The glossary: what the app's words mean, their formulas, and where to see them."""
