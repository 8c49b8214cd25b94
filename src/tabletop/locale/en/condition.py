"""Conditions of paths and contingencies."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "released": "{inject} was released",
    "answered": "{ask} is answered {options}",
    "not-done-within": "{action} is not done within {time}",
    "action-is": "{action} is {state}",
    "breached": "{act} was done",
    "elapsed": "the clock has reached {time}",
    "parameter-is": "{parameter} is {values}",
    "and": " and ",
    "or": " or ",
    "not": "not: {condition}",
    "state.done": "done",
    "state.partial": "partly done",
    "state.missed": "missed",
    "state.not_observed": "not observed",
    "state.not_applicable": "not applicable",
}
