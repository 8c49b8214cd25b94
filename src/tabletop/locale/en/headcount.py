"""The head count of a real emergency, and that one is over: the same words on every screen."""

WORDS = {
    "title": "Head count: {n} of {of}",
    "title-page": "Head count: {n} of {of} · page {page}/{pages}",
    "nobody": "Nobody gave a name: count everybody in the room.",
    "named": "{name} · {what}",
    "no-name": "(no name)",
    "namesakes": "{name} (at {n} places: maybe {n} people)",
    "between": ", ",
    "post-evaluator": "evaluator",
    "post-lead": "lead evaluator",
    "post-recorder": "recorder",
    "post-site": "site controller",
    "post-viewer": "observer",
    "counted": "accounted for",
    "missing": "not yet accounted for",
    # As they are told one after the other.
    "told-counted": "Accounted for: {who}. {n} of {of}.",
    "told-missing": "Not accounted for after all: {who}. {n} of {of}.",
    # Afterwards.
    "over-running": "The real emergency is over. EXERCISE: the exercise goes on.",
    "over-paused": "The real emergency is over. EXERCISE: the exercise stands paused.",
    "over-briefing": "The real emergency is over. EXERCISE: the exercise has not begun.",
    "over-ended": "The real emergency is over. EXERCISE: the exercise has ended.",
}
