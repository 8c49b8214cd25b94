"""tabletop runs tabletop exercises: one facilitator, one room, one sealed record."""

__version__ = "0.1.0"
