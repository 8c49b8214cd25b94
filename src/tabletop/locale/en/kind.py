"""Inject kinds, as lists and cards name them."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "situation": "situation",
    "alarm": "alarm",
    "call": "phone call",
    "radio": "radio",
    "message": "message",
    "demand": "demand",
    "order": "order",
    "inquiry": "inquiry",
    "intel": "information",
    "decision": "decision",
    "facility": "facility",
    "casualty": "casualty",
    "family": "family",
    "media": "media inquiry",
    "social": "social media",
    "rumour": "rumour",
    "resource": "resources",
    "recovery": "recovery",
}
