"""The shelf: exercises and decks of injects, near ones before far ones."""

from .library import DeckEntry, Entry, Library
from .shelves import Origin, Shelf, standard_shelves

__all__ = ["DeckEntry", "Entry", "Library", "Origin", "Shelf", "standard_shelves"]
