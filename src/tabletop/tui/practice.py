"""A practice run on the desk's thread: the simulated people do what it is time for, in the words of the run's language.

Owns: turning what they do into commands, and who they are by name. Refuses to own: who does what when (`rehearsal.people`).
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tabletop.engine import commands as c
from tabletop.engine.rights import PRACTICE, Actor
from tabletop.errors import Refused
from tabletop.rehearsal.casting import Cast, cast_of
from tabletop.rehearsal.people import due
from tabletop.text import clean
from tabletop.words import Words

from .look import line, role_name, role_title

if TYPE_CHECKING:
    from tabletop.conductor import Conductor
    from tabletop.engine.events import AnswerValue
    from tabletop.engine.plan import Plan
    from tabletop.engine.state import State
    from tabletop.exercise.model import Exercise
    from tabletop.rehearsal.deeds import Deed, Line

STOPS = " .。;；,，"
"""What a title may end with and a sentence made of it brings itself."""


BRACKETS = "(（"
"""Where the title of a role begins to explain itself: nobody says that aloud."""


def seed_of(state: State) -> int:
    """What the people of a run are drawn by: the seed in its first event."""
    return 0 if state.created is None else state.created.seed


def language_of(state: State) -> str:
    """The language people speak: that of the run."""
    return "en" if state.created is None else state.created.language


def name_of(cast: Cast, role: str, words: Words) -> str:
    """The name of the person at a role."""
    names = words("practice.names").split(words("practice.names-between"))
    return names[cast.people.index(role) % len(names)] if role in cast.people else ""


def act(conductor: Conductor) -> None:
    """Lets the people do what it is time for. Raises what the store raises."""
    state = conductor.state
    seed = seed_of(state)
    for deed in due(conductor.plan, state, conductor.entries, conductor.elapsed_ms(), seed):
        command = command_of(deed, conductor.plan, cast_of(conductor.plan, seed), Words(language_of(state)))
        # What somebody was too late for is not said.
        with suppress(Refused):
            conductor.dispatch(command, Actor(PRACTICE, roles=(deed.role,)))


def seat_people(conductor: Conductor) -> None:
    """Puts everybody who is there from the start on the roll. Raises what the store raises."""
    words = Words(language_of(conductor.state))
    cast = cast_of(conductor.plan, seed_of(conductor.state))
    for role in cast.people:
        if role != cast.late:
            conductor.dispatch(c.SeatPerson(role, name_of(cast, role, words)))


def command_of(deed: Deed, plan: Plan, cast: Cast, words: Words) -> c.Command:
    """What somebody does, as a command."""
    said = "" if deed.line is None else worded(deed.line, plan, cast, words)
    person = name_of(cast, deed.role, words)
    if deed.acknowledges:
        return c.AcknowledgeInject(deed.acknowledges, deed.role)
    if deed.ask:
        reason = "" if deed.value is None else said
        return c.GiveAnswer(deed.ask, deed.role, _answer(deed, plan, said, words), person, reason, said_ms=deed.at_ms)
    if deed.decides:
        return c.RecordDecision(deed.role, said, person=person, said_ms=deed.at_ms)
    return c.AddNote("note", said, deed.role, said_ms=deed.at_ms)


def _answer(deed: Deed, plan: Plan, said: str, words: Words) -> AnswerValue:
    if deed.value is None:
        return said
    ask = plan.asks[deed.ask][1]
    if ask.answer == "report" and isinstance(deed.value, tuple):
        titles = {element.id: line(element.title, words.language) for element in ask.elements}
        return {element: words("practice.element", element=titles[element]) for element in deed.value}
    return deed.value


def worded(said: Line, plan: Plan, cast: Cast, words: Words) -> str:
    """What somebody says, in the language of the run: its words come from the exercise's own text."""
    language = words.language
    action = line(plan.actions[said.action][1].title, language) if said.action else ""
    if not said.whole:
        action = first_clause(action, words("practice.clauses"))
    option = line(plan.asks[said.ask][1].option(said.option).text, language) if said.option else ""
    return words(
        f"practice.{said.code}",
        action=action.rstrip(STOPS),
        doing=inside(action.rstrip(STOPS)),
        option=option.rstrip(STOPS),
        picking=inside(option.rstrip(STOPS)),
        inject=line(plan.inject_by_id[said.inject].title, language) if said.inject else "",
        role=first_clause(role_title(plan.exercise, said.role, language), BRACKETS).strip() if said.role else "",
        name=name_of(cast, said.role, words),
    )


def inside(text: str) -> str:
    """A title within a sentence: a first word in ordinary letters begins small."""
    word = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if len(word) > 1 and word[1:].islower() else text


INNER = str.maketrans("“”", "‘’")
"""Quotation marks within quotation marks."""


def quoted(text: str) -> str:
    """Something said, on one line, fit to stand between quotation marks."""
    return " ".join(clean(text).split()).translate(INNER)


def first_clause(text: str, marks: str) -> str:
    """A text up to the first of `marks`; all of it where there is none."""
    ends = [at for at, character in enumerate(text) if character in marks and at]
    return text[: ends[0]] if ends else text


def who(exercise: Exercise, role: str, name: str, words: Words, language: str) -> str:
    """A person as the console names one: `保卫部（吴敏）`, `SEC Wu Min`."""
    return words("practice.who", role=role_name(exercise, role, language), name=name).strip()
