"""Who took part: how many people a run had."""

from __future__ import annotations

from tabletop.engine.plan import Plan
from tabletop.engine.state import State


def people_count(plan: Plan, state: State) -> int:
    """Everybody who was seated by name, and one for each role that people play and nobody is named for."""
    names = {person.name for person in state.people}
    named_roles = {person.role for person in state.people}
    unnamed = [role.id for role in plan.exercise.roles if role.id not in named_roles and plan.staffed_by(state, role.id) == "people"]
    return len(names) + len(unnamed)
