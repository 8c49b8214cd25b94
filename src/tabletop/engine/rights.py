"""Who may append what (semantics: the table of that name). Asked by `decide`, never by a screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from tabletop.errors import Refused
from tabletop.exercise.injects import Inject

from . import commands as c
from .events import Noted
from .links import cut_off_since
from .plan import Plan
from .roles import roles_at_seat
from .state import State, same_person
from .stopped import stopped

ActorKind = Literal["driver", "seat", "control", "site", "evaluator", "lead", "recorder", "wall", "viewer", "practice"]

OF_ROLES: Final = ("seat", "control", "practice")
"""Kinds of actors that are named by their roles."""

PRACTICE: Final = "practice"
"""The simulated people of a practice run: `practice:security` in the log."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: the console that drives, a seat of roles, a site controller, an evaluator, a recorder, a display."""

    kind: ActorKind
    name: str = ""
    """An evaluator's or recorder's name, a site's id."""
    roles: tuple[str, ...] = field(default=())
    person: str = field(default="", compare=False)
    """Who says to be at the device of a seat; empty: nobody said. The log names roles."""

    def __str__(self) -> str:
        """As the log writes it: `driver`, `seat:teller-1+teller-2`, `evaluator:E1`."""
        name = "+".join(self.roles) if self.roles else self.name
        return f"{self.kind}:{name}" if name else self.kind

    @classmethod
    def parse(cls, text: str) -> Actor:
        """The actor that `str` wrote. Raises ValueError where it is none."""
        kind, _, name = text.partition(":")
        for known in get_args(ActorKind):
            if kind == known:
                return cls(known, roles=tuple(filter(None, name.split("+")))) if kind in OF_ROLES else cls(known, name)
        raise ValueError(text)


DRIVER = Actor("driver")

OF_SEATS = c.GiveAnswer | c.AcknowledgeInject | c.RecordDecision | c.SendMessage | c.AcknowledgeMessage
"""What the people at a role do in play."""
OF_EVALUATORS = c.MarkAction | c.AddNote | c.RecordBreach | c.HearRole
"""What everybody who evaluates may record; ratings and behaviour besides, in one's own name."""
OF_RECORDERS = c.MarkAction | c.RecordDecision | c.AddNote | c.HearRole
OF_SITES = (
    c.ReleaseInject | c.SkipInject | c.DelayInject | c.KeepInjectBack | c.MarkAction | c.RecordDecision | c.HearRole | c.AddNote
    | c.Pause | c.ExplainPause
)  # fmt: skip
OF_INJECTS: Final = (c.ReleaseInject, c.SkipInject, c.DelayInject, c.KeepInjectBack)
"""What a site controller decides of an inject of its site."""


def require(plan: Plan, state: State, command: c.Command, actor: Actor) -> None:
    """Let the command pass, or raise Refused because this actor may not ask for it.

    A seat is told no more of what it was not told than that there is no such thing.
    """
    if isinstance(command, c.PressEmergency) or actor.kind == "driver":
        return
    if not _may(plan, state, command, actor):
        raise Refused("refused.not-yours", actor=str(actor))
    if actor.kind in OF_ROLES and isinstance(command, OF_SEATS):
        _require_played(plan, state, command.role, actor)
        _require_link(plan, state, command.role)
        _require_told(plan, state, command)


def _may(plan: Plan, state: State, command: c.Command, actor: Actor) -> bool:
    match actor.kind:
        case "seat":
            return _of_own_roles(state, command, _own(plan, state, actor)) or _unsays(state, command, actor)
        case "control":
            own = _own(plan, state, actor)
            plays = any(_by_control(plan, state, role) for role in actor.roles) and _of_own_roles(state, command, own)
            return (plays and _of_control(plan, state, command)) or _unsays(state, command, actor)
        case "practice":
            own = _own(plan, state, actor)
            return _at_own_roles(command, own) or _says(command, own)
        case "site":
            return (isinstance(command, OF_SITES) and _of_site(plan, state, command, actor.name)) or _takes_back_own(command, actor)
        case "evaluator" | "lead":
            return _of_evaluator(state, command, actor) or _takes_back_own(command, actor)
        case "recorder":
            records = isinstance(command, OF_RECORDERS) and _in_own_name(command, "") and not _rules(command)
            return records or _takes_back_own(command, actor)
        case _:
            return False


def _own(plan: Plan, state: State, actor: Actor) -> frozenset[str]:
    """The roles whose part a seat sees and plays: those it was opened for, and those that are played with them now."""
    return frozenset(roles_at_seat(state, plan, actor.roles))


def _of_own_roles(state: State, command: c.Command, own: frozenset[str]) -> bool:
    """What people at a role may do: play it, say who they are, and leave a word of feedback after ENDEX.

    They say a thing when they send it: an earlier time is the facilitator's to set.
    """
    match command:
        case c.GiveAnswer(said_ms=said_ms) | c.RecordDecision(said_ms=said_ms) | c.SendMessage(said_ms=said_ms):
            return said_ms is None and _at_own_roles(command, own)
        case c.SeatPerson(role=role) | c.PersonLeaves(role=role):
            return role in own
        case c.AddNote(category="strength" | "gap", role=role, objective="", said_ms=None):
            return role in own and state.phase == "ended" and _in_own_name(command, "")
        case _:
            return _at_own_roles(command, own)


def _at_own_roles(command: c.Command, own: frozenset[str]) -> bool:
    return isinstance(command, OF_SEATS) and command.role in own


def _by_control(plan: Plan, state: State, role: str) -> bool:
    """Whether control plays a role: a simulated one, one that was given to it, or one played with such a one."""
    return role in plan.exercise.role_by_id and plan.staffed_by(state, plan.played_with(state, role)[-1]) == "control"


def _of_control(plan: Plan, state: State, command: c.Command) -> bool:
    """Whether a command is about a role that control plays; of what people do in play, `_require_played` says who plays it instead."""
    match command:
        case c.SeatPerson(role=role) | c.PersonLeaves(role=role) | c.AddNote(role=role):
            return _by_control(plan, state, role)
        case _:
            return isinstance(command, OF_SEATS)


def _says(command: c.Command, own: frozenset[str]) -> bool:
    """Whether somebody only talks: a plain note in the name of an own role, which marks and scores nothing."""
    return isinstance(command, c.AddNote) and command.category == "note" and not command.objective and command.role in own


def _in_own_name(command: c.Command, name: str) -> bool:
    """Whether a note, if it is one, is nobody else's observation."""
    return not isinstance(command, c.AddNote) or command.evaluator in ("", name)


def _rules(command: c.Command) -> bool:
    """Whether a note is a ruling: that goes to the wall, and is made by those who run the exercise."""
    return isinstance(command, c.AddNote) and command.category == "ruling"


def _of_evaluator(state: State, command: c.Command, actor: Actor) -> bool:
    match command:
        case c.Rate(evaluator=name) | c.ScoreBehaviour(evaluator=name):
            return name == actor.name
        case c.LockRatings():
            return actor.kind == "lead" or _leads(state, actor)
        case _:
            return isinstance(command, OF_EVALUATORS) and _in_own_name(command, actor.name) and not _rules(command)


def _leads(state: State, actor: Actor) -> bool:
    """Whether an evaluator leads because nobody was named to: the first one to have judged (semantics: the table).

    Somebody was named where a lead has recorded anything at all.
    """
    marks = (mark.actor for marks in state.marks.values() for mark in marks)
    recorded = (*marks, *(note.actor for note in state.notes), *(breach.actor for breach in state.breaches))
    rated = [(rating.seq, rating.actor) for rating in state.ratings.values()]
    scored = [(score.seq, score.actor) for score in state.behaviour.values()]
    judges = [judge for _, judge in sorted(rated + scored) if judge.startswith(("evaluator", "lead"))]
    return not any(who.startswith("lead") for who in (*judges, *recorded)) and judges[:1] == [str(actor)]


def _of_site(plan: Plan, state: State, command: c.Command, site: str) -> bool:
    if isinstance(command, OF_INJECTS):
        inject = plan.inject_by_id.get(command.inject)
        return inject is not None and decided_at(plan, inject, site)
    match command:
        case c.MarkAction(action=action_id, other_role=other):
            own = action_id in plan.actions and _plays_at(plan, plan.actions[action_id][1].by, site)
            return own and (not other or _plays_at(plan, other, site))
        case c.RecordDecision(role=role, inject=inject_id) if inject_id:
            inject = plan.inject_by_id.get(inject_id)
            return inject is not None and told_at(plan, inject, site) and _plays_at(plan, role, site)
        case c.RecordDecision(role=role) | c.HearRole(role=role):
            return _plays_at(plan, role, site)
        case c.AddNote(role=role):
            return (not role or _plays_at(plan, role, site)) and _in_own_name(command, "") and not _rules(command)
        case c.Pause(site=paused):
            return paused == site
        case c.ExplainPause():
            return bool(state.pauses) and state.pauses[-1].site == site
        case _:
            return False


def _plays_at(plan: Plan, role: str, site: str) -> bool:
    return role in plan.exercise.role_by_id and plan.role(role).site == site


def told_at(plan: Plan, inject: Inject, site: str) -> bool:
    """Whether anybody at a site is told an inject: the whole room is, or a role there."""
    return not inject.private or any(_plays_at(plan, role, site) for role in inject.to)


def decided_at(plan: Plan, inject: Inject, site: str) -> bool:
    """Whether an inject is a site's to decide of: it, what it asks, and a link that it cuts or restores, are of that site alone."""
    named = (*inject.to, *(role for ask in inject.asks for role in ask.to))
    links = (link.site for link in (inject.cut, inject.restore) if link is not None)
    return bool(inject.to) and all(_plays_at(plan, role, site) for role in named) and all(other == site for other in links)


def _takes_back_own(command: c.Command, actor: Actor) -> bool:
    return isinstance(command, c.Retract) and command.entry.actor == str(actor)


def _unsays(state: State, command: c.Command, actor: Actor) -> bool:
    """Whether a seat takes back its own word of feedback, to say it in another way."""
    if not isinstance(command, c.Retract) or state.phase != "ended":
        return False
    event = command.entry.event
    if not isinstance(event, Noted) or event.category not in ("strength", "gap"):
        return False
    return command.entry.actor == str(actor) and own_words(event.person, actor)


def own_words(person: str, actor: Actor) -> bool:
    """Whether who is at a device now is who wrote something there: where a device gives no name, nobody can tell."""
    return bool(actor.person) and same_person(person) == same_person(actor.person)


def _require_played(plan: Plan, state: State, role: str, actor: Actor) -> None:
    """Nothing is taken for a role from a device whose person does not play it any more; raises Refused, saying who does."""
    found = stopped(plan, state, actor.kind, actor.roles, actor.person, role)
    if found is not None:
        raise Refused(f"refused.seat-{found.why}", role=role)


def _require_link(plan: Plan, state: State, role: str) -> None:
    """What is typed behind a cut link stays a draft (exercise-format: `cut`); raises Refused."""
    if role in plan.exercise.role_by_id and cut_off_since(plan, state, role) is not None:
        raise Refused("refused.no-link", role=role)


def _require_told(plan: Plan, state: State, command: OF_SEATS) -> None:
    """Whether a role knows of what it speaks of; raises Refused just as if there were no such thing."""
    match command:
        case c.GiveAnswer(ask=ask_id, role=role):
            asked = plan.asks.get(ask_id)
            if asked is None or state.inject(asked[0].id).released_ms is None or role not in plan.addressees(state, *asked):
                raise Refused("refused.no-ask", ask=ask_id)
        case c.AcknowledgeInject(inject=name, role=role) | c.RecordDecision(inject=str(name), role=role) if name:
            inject = plan.inject_by_id.get(name)
            if inject is None or state.inject(name).released_ms is None or (inject.private and role not in inject.to):
                raise Refused("refused.no-inject", inject=name)
        case _:
            pass
