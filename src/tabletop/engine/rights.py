"""Who may append what (semantics: the table of that name). Asked by `decide`, never by a screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from tabletop.errors import Refused
from tabletop.exercise.injects import Inject

from . import commands as c
from .plan import Plan

ActorKind = Literal["driver", "seat", "control", "site", "evaluator", "lead", "recorder", "wall", "viewer", "practice"]

PRACTICE: Final = "practice"
"""The simulated people of a practice run: `practice:security` in the log."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: the console that drives, a seat of roles, a site controller, an evaluator, a recorder, a display."""

    kind: ActorKind
    name: str = ""
    """An evaluator's or recorder's name, a site's id."""
    roles: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        """As the log writes it: `driver`, `seat:teller-1+teller-2`, `evaluator:E1`."""
        name = "+".join(self.roles) if self.roles else self.name
        return f"{self.kind}:{name}" if name else self.kind


DRIVER = Actor("driver")

OF_EVALUATORS = c.MarkAction | c.AddNote | c.RecordBreach | c.Rate | c.ScoreBehaviour
OF_RECORDERS = c.MarkAction | c.RecordDecision | c.AddNote | c.HearRole
OF_SITES = c.ReleaseInject | c.SkipInject | c.MarkAction | c.RecordDecision | c.AddNote | c.Pause | c.ExplainPause


def require(plan: Plan, command: c.Command, actor: Actor) -> None:
    """Let the command pass, or raise Refused because this actor may not ask for it."""
    if isinstance(command, c.PressEmergency) or _may(plan, command, actor):
        return
    raise Refused("refused.not-yours", actor=str(actor))


def _may(plan: Plan, command: c.Command, actor: Actor) -> bool:
    match actor.kind:
        case "driver":
            return True
        case "seat" | "control":
            return _of_own_roles(command, actor)
        case "site":
            return isinstance(command, OF_SITES) and _of_site(plan, command, actor.name)
        case "evaluator" | "lead":
            own = isinstance(command, c.Rate | c.ScoreBehaviour) and command.evaluator == actor.name
            other = isinstance(command, OF_EVALUATORS) and not isinstance(command, c.Rate | c.ScoreBehaviour)
            if isinstance(command, c.AddNote) and command.evaluator not in ("", actor.name):
                return False
            locking = actor.kind == "lead" and isinstance(command, c.LockRatings)
            return own or other or locking or _takes_back_own(command, actor)
        case "practice":
            return _of_own_roles(command, actor) or _says(command, actor)
        case "recorder":
            return isinstance(command, OF_RECORDERS) or _takes_back_own(command, actor)
        case _:
            return False


def _of_own_roles(command: c.Command, actor: Actor) -> bool:
    if isinstance(command, c.GiveAnswer | c.AcknowledgeInject | c.RecordDecision | c.SendMessage | c.AcknowledgeMessage):
        return command.role in actor.roles
    return False


def _says(command: c.Command, actor: Actor) -> bool:
    """Whether somebody only talks: a plain note in the name of an own role, which marks and scores nothing."""
    return isinstance(command, c.AddNote) and command.category == "note" and not command.objective and command.role in actor.roles


def _of_site(plan: Plan, command: c.Command, site: str) -> bool:
    match command:
        case c.ReleaseInject(inject=inject_id) | c.SkipInject(inject=inject_id):
            inject = plan.inject_by_id.get(inject_id)
            return inject is not None and _speaks_to_site(plan, inject, site)
        case c.MarkAction(action=action_id):
            return action_id in plan.actions and plan.role(plan.actions[action_id][1].by).site == site
        case c.RecordDecision(role=role):
            return role in plan.exercise.role_by_id and plan.role(role).site == site
        case c.AddNote(role=role):
            return not role or (role in plan.exercise.role_by_id and plan.role(role).site == site)
        case c.Pause(site=paused):
            return paused == site
        case _:
            return True


def _speaks_to_site(plan: Plan, inject: Inject, site: str) -> bool:
    return bool(inject.to) and all(plan.role(role).site == site for role in inject.to)


def _takes_back_own(command: c.Command, actor: Actor) -> bool:
    return isinstance(command, c.Retract) and command.entry.actor == str(actor)
