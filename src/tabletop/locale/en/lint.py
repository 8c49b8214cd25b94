"""What looks wrong in a file that can be played."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "after-end": "'{on}' falls due after the end of the exercise.",
    "comment": "a comment stands right behind the text and is not part of it.",
    "comment.hint": "Put quotes around the text if it is, or the comment on a line of its own.",
    "core-objective": "'{on}' is a core objective, and no core inject expects an action for it.",
    "core-objective.hint": "The discussion pace plays the core injects alone.",
    "cue-without-hold": "'{on}' has a cue and is not held back: the cue means nothing.",
    "cue-without-hold.hint": "Write at: hold, or when in place of cue.",
    "idle-role": "the role '{on}' is never addressed and has nothing to do meanwhile.",
    "idle-role.hint": "Write meanwhile, or give it something to do.",
    "long-text": "the text of '{on}' is too long to be read aloud: over {words} words or {han} characters.",
    "many-asks": "{n} asks; more than {limit} wear a room out.",
    "many-asks-of-inject": "{n} asks on '{on}'; more than {limit} are too many at once.",
    "many-critical": "{n} of {total} actions are critical.",
    "many-critical.hint": "At most {limit}, and at most {percent} %, else the word means nothing.",
    "many-objectives": "{n} objectives; more than {limit} cannot be evaluated.",
    "many-open": "the role '{on}' has {n} open asks at once; more than {limit} are too many.",
    "no-deadline": "'{on}' is critical and has no deadline.",
    "no-deadline.hint": "Write within.",
    "no-hold": "no contingency inject is kept for a critical action that is not done.",
    "no-hold.hint": "Write an inject with at: hold and a cue that names a critical action.",
    "no-recovery": "no inject of kind recovery: nobody practises getting back to normal.",
    "phase-without-core": "the phase '{on}' has injects, and none of them is core: the discussion pace leaves it out.",
    "single-action": "the objective '{on}' rests on {n} actions and has no rating line.",
    "single-action#one": "the objective '{on}' rests on a single action and has no rating line.",
    "single-action.hint": "Write lines, or expect more.",
    "unreached": "no path reaches '{on}'.",
    "unused-accept": "accepts '{given}' on '{on}', which is not found there.",
}
