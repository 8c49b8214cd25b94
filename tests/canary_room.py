"""The exercise of the canary's whole room: two sites, a link that is cut, every sort of ask, and every text that a file can hold.

In the order in which it is played: the knife to everybody; an envelope to some; the watch, which the controller of the branch releases;
the line goes dead; what happens meanwhile, to everybody and to some; the line comes back; reports; the all-clear. Three texts are never
released, because a path is not taken or nobody wants them.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from .builders import ExerciseDraft
from .canary import Canary, canary_of

BRANCH, HEAD = "branch", "headquarters"

SITE_OF = {
    "manager": BRANCH,
    "security": HEAD,
    "teller": BRANCH,
    "clerk": HEAD,
    "guard": BRANCH,
    "spokesman": HEAD,
    "family": HEAD,
    "operations": HEAD,
    "police": "",
}
"""Each role and the place it plays at, in the order of the name tents; the police are played by control."""

NEVER = ("wrong-path", "branch-alone", "kept-back")
"""What is never released."""


def _text(english: str) -> dict[str, str]:
    return {"en": english, "zh-Hans": f"{english}（中）"}


def _options(*names: str) -> list[dict[str, object]]:
    return [{"id": name, "text": _text(f"Option {name}")} for name in names]


def whole_room() -> Canary:
    """The exercise with a token in the place of every text; made anew, because what is typed in play is added to it."""
    return canary_of(_exercise_text())


@cache
def _exercise_text() -> str:
    draft = _people()
    _before_the_cut(draft)
    _behind_the_cut(draft)
    _afterwards(draft)
    return json.dumps(draft.data, sort_keys=True)


def _people() -> ExerciseDraft:
    draft = ExerciseDraft(
        "whole-room",
        duration="3h",
        handling=_text("For training"),
        alert="blue",
        real_emergency={"number": "a number", "muster": _text("the yard")},
        plan={"title": _text("Plan"), "version": "v7", "clauses": {"4.2": _text("Clause four two")}},
        parameters={"street": {"title": _text("Street"), "default": _text("Long Street")}},
        sites=[{"id": BRANCH, "title": _text("Branch")}, {"id": HEAD, "title": _text("Head office"), "level": "head-office"}],
        phases=[{"id": "first-phase", "title": _text("First")}],
        indicators=[{"id": "minutes-lost", "title": _text("Minutes lost"), "unit": "minutes"}],
        prohibited=[{"id": "chase", "title": _text("Chases him"), "safety_critical": True}],
        cadence=[{"id": "hourly", "by": "operations", "every": "1h", "title": _text("Hourly report")}],
    )
    for number, (role, site) in enumerate(SITE_OF.items(), start=1):
        place = {"site": site} if site else {"simulated": True}
        short = {"short": _text(f"R{number}")} if role in ("teller", "clerk") else {}
        meanwhile = {"meanwhile": _text(f"{role} meanwhile")} if role == "family" else {}
        draft.role(role, number=number, title=_text(f"The {role}"), duty=_text(f"Duty of {role}"), **place, **short, **meanwhile)
    draft.objective("alarm-raised", title=_text("Alarm"), core=True, lines=[{"id": "look-calm", "title": _text("Calm")}])
    return draft


def _before_the_cut(draft: ExerciseDraft) -> None:
    behind: dict[str, Any] = {"notes": _text("Watch the teller"), "probes": [_text("What now?")], "hints": [_text("There is a button")]}
    told: dict[str, Any] = {
        "phase": "first-phase",
        "alert": "orange",
        "core": True,
        "from": _text("A voice"),
        "props": [_text("A paper knife")],
    }
    draft.inject("knife", kind="situation", title=_text("A knife"), text=_text("A man with a knife."), **told, **behind)
    draft.asks("first-move", to=["teller", "guard", "manager", "clerk"], rationale="required", within="20m", question=_text("What first?"))
    first, second = _options("do-press", "do-chase")
    draft.data["injects"][-1]["asks"][-1]["options"] = [{**first, "does": ["press-button"]}, {**second, "breaks": ["chase"]}]
    draft.asks("in-turn", to=["spokesman"], answer="order", options=_options("say-one", "say-two", "say-three"), question=_text("In turn?"))
    draft.expects(
        "press-button", by="teller", objective="alarm-raised", criticality="critical", title=_text("Presses"), within="10m", clause="4.2",
        measure="time-to-alarm", live_standard=_text("Within ten seconds"),
    )  # fmt: skip
    draft.expects("count-heads", by="clerk", objective="alarm-raised", title=_text("Counts heads"))
    draft.inject(
        "envelope", at="15m", kind="message", title=_text("An envelope"), text=_text("For some alone."),
        to=["security", "family", "police"], acknowledge=True, notes=_text("Hand it over"), deliver="card",
    )  # fmt: skip
    draft.asks("in-words", answer="text", to=["family", "police"], question=_text("In words?"))
    draft.expects("send-liaison", by="security", objective="alarm-raised", title=_text("Sends a liaison"))
    draft.inject(
        "watch", at="30m", kind="order", title=_text("The watch"), text=_text("For the branch."), to=["guard", "teller"],
        notes=_text("At the door"), probes=[_text("Who has the keys?")], hints=[_text("The blue ones")], props=[_text("A bunch of keys")],
    )  # fmt: skip
    draft.asks("keys-how-many", answer="number", to=["guard"], rationale="none", question=_text("How many keys?"))
    draft.expects("lock-door", by="guard", objective="alarm-raised", title=_text("Locks the door"))


def _behind_the_cut(draft: ExerciseDraft) -> None:
    draft.inject("line-dead", at="45m", kind="facility", title=_text("Dead line"), text=_text("The line is dead."), cut={"site": BRANCH})
    draft.inject("outside", at="60m", kind="media", title=_text("Outside"), text=_text("Cameras outside."), alert="red")
    draft.asks("who-speaks", to=["manager", "security", "operations"], options=_options("speak-one", "speak-all"), question=_text("Who?"))
    draft.inject("upstairs", at="75m", kind="call", title=_text("Upstairs"), text=_text("Somebody calls."), to=["teller", "clerk"])
    draft.asks("what-heard", answer="choices", to=["clerk"], options=_options("heard-steps", "heard-voices"), question=_text("Heard?"))
    draft.inject("line-back", at="90m", kind="facility", title=_text("The line"), text=_text("It works again."), restore={"site": BRANCH})


def _afterwards(draft: ExerciseDraft) -> None:
    draft.inject(
        "reports", at="105m", kind="inquiry", title=_text("Reports"), text=_text("Report now."), to=["manager", "operations"],
        acknowledge={"within": "5m"},
    )  # fmt: skip
    elements = [{"id": "facts", "title": _text("Facts")}, {"id": "needs", "title": _text("Needs")}]
    draft.asks("written", answer="report", elements=elements, question=_text("Written report?"))
    draft.asks("sure-of-it", answer="confirm", to=["operations"], rationale="none", question=_text("Sure?"))
    draft.inject("all-clear", at="120m", kind="recovery", title=_text("All clear"), text=_text("It is over."))
    left_open = {"action": "lock-door", "state": "missed"}
    draft.inject("wrong-path", at="2h5m", title=_text("Wrong path"), text=_text("He runs."), when=left_open)
    alone = {"to": ["guard"], "when": left_open, "notes": _text("Alone")}
    draft.inject("branch-alone", at="2h6m", title=_text("Branch alone"), text=_text("Alone."), **alone)
    draft.inject("kept-back", at="hold", title=_text("Kept back"), text=_text("Nobody wants it."), cue=left_open, notes=_text("If wanted"))
