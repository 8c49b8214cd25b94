"""The shelf: exercises and decks of injects, near ones before far ones."""

from .library import Entry, Library
from .shelves import Origin, Shelf, standard_shelves

__all__ = ["Entry", "Library", "Origin", "Shelf", "standard_shelves"]
