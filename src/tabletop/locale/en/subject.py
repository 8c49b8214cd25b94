"""Drill subjects, as lists and programme statistics name them."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "hostage": "Hostage-taking",
    "robbery": "Robbery",
    "disorder": "Disorder",
    "fraud": "Fraud",
    "explosive": "Explosives",
    "attack": "Attack on people",
    "biochemical": "Biological or chemical",
    "fire": "Fire",
    "burglary": "Burglary",
    "disaster": "Natural disaster",
    "network": "Network and information",
    "other": "Other",
}
