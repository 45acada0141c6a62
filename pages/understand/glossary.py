"""The glossary: what the words mean, and where to see it."""

from explorer.ui.frame import headline
from explorer.ui.glossary import page

headline(
    "Glossary",
    "What the words of this app mean: search for one, read its formula, and follow the link to "
    "see it.",
)
page.show()
