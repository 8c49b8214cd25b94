"""What somebody recorded at a browser seat, in one line of words."""

from __future__ import annotations

from tabletop.engine import events as e
from tabletop.engine.events import AnyEvent
from tabletop.engine.plan import Plan
from tabletop.words import Words

from .phrases import Phrases


def own_text(event: AnyEvent, plan: Plan, words: Words) -> str:
    """The line of an entry, for the one who made it. Names of what is no longer in the plan are shown as they are."""
    line, exercise = Phrases(words.language).line, plan.exercise

    def role(role_id: str) -> str:
        known = exercise.role_by_id.get(role_id)
        return role_id if known is None else line(known.short or known.title)

    def inject(inject_id: str) -> str:
        known = plan.inject_by_id.get(inject_id)
        return inject_id if known is None else line(known.title)

    match event:
        case e.ActionMarked(action=action, state=state):
            title = line(plan.actions[action][1].title) if action in plan.actions else action
            return words("judged.own-mark", action=title, state=words(f"judged.{state}"))
        case e.Noted(category=category, text=text):
            named = words("judged.plain" if category == "note" else f"judged.{category}")
            return words("judged.own-note", category=named, text=line(text))
        case e.BreachRecorded(prohibited=act):
            known = exercise.prohibited_by_id.get(act)
            return words("judged.own-breach", act=act if known is None else line(known.title))
        case e.Rated(objective=objective, rating=rating):
            aim = exercise.objective_by_id.get(objective)
            return words("judged.own-rating", objective=objective if aim is None else line(aim.title), rating=rating)
        case e.BehaviourScored(line=behaviour, score=score):
            return words("judged.own-behaviour", line=words(f"evaluation.behaviour.{behaviour}"), score=score)
        case e.DecisionMade(role=role_id, text=text):
            return words("judged.own-decision", role=role(role_id), text=line(text))
        case e.RoleHeard(role=role_id):
            return words("judged.own-heard", role=role(role_id))
        case e.InjectReleased(inject=inject_id):
            return words("judged.own-release", inject=inject(inject_id))
        case e.InjectSkipped(inject=inject_id):
            return words("judged.own-skip", inject=inject(inject_id))
        case e.InjectKeptBack(inject=inject_id):
            return words("judged.own-keep-back", inject=inject(inject_id))
        case e.InjectDelayed(inject=inject_id, by_ms=by_ms):
            return words("judged.own-delay", inject=inject(inject_id), minutes=round(by_ms / 60_000))
        case e.ClockPaused():
            return words("judged.own-pause")
        case e.PauseExplained(reason=reason):
            return words("judged.own-pause-why", reason=Phrases(words.language).why(reason) or line(reason))
        case e.RatingsLocked():
            return words("judged.own-lock")
        case _:
            return words("judged.own-other")
