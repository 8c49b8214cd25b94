"""What commands say about runs in the store."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "none": "Nothing was played here yet. tabletop run EXERCISE begins a run.",
    "column.run": "run",
    "column.status": "state",
    "column.kind": "kind",
    "column.made": "made",
    "column.clock": "clock",
    "column.title": "exercise",
    "where": " ({site})",
    "status.open": "open",
    "status.ended": "ended",
    "status.draft": "draft",
    "status.final": "final",
    "kind.live": "live",
    "kind.practice": "practice",
    "kind.rehearsal": "rehearsal",
    "kind.collected": "collected",
    "rehearsed": "Played with no people: {events} events. Next: tabletop debrief {run} --format md",
    "document-written": "Written: {path}",
    "no-format": "There is no document format {name!r}.",
    "no-format.hint": "Formats: {known}.",
    "no-format-near": "There is no document format {name!r}.",
    "no-format-near.hint": "Did you mean {near!r}? Formats: {known}.",
}
