"""Join cards for paper: one for each seat, eight on a sheet of A4, in both languages. Pure.

Owns: what stands on a card. A card lies on a table where anybody may read it: it says who one is and how to join, and nothing of what
will happen (T11). Refuses to own: making codes and keeping them, which file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tabletop.codes import join_link, qr_svg
from tabletop.engine.joining import NAMED, VIEWER
from tabletop.engine.plan import Plan
from tabletop.engine.rights import Actor
from tabletop.engine.state import State
from tabletop.text import Text, localise
from tabletop.words import LANGUAGES, Words

if TYPE_CHECKING:
    from jinja2 import Template

CARDS_A_PAGE = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card, in one language."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """All that stands on one card."""

    seat: str
    number: str
    """The digit on the name tent; empty for who has none."""
    titles: tuple[Line, ...]
    person: str
    """Who holds the seat; empty: a line to write the name on."""
    for_all: bool
    """Whether it is for the whole room: then it may be shown, and has no line for a name."""
    code: str
    address: str
    qr: str
    """An SVG element of our own making."""
    how: tuple[Line, ...]


def cards_page(plan: Plan, state: State, codes: Mapping[str, str], address: str) -> str:
    """A printable page with a card for each seat of `codes` (seat to the code as it is shown). Raises TabletopError without segno."""
    language = plan.language
    cards = [card_of(plan, state, seat, code, address) for seat, code in codes.items()]
    sheets = [cards[first : first + CARDS_A_PAGE] for first in range(0, len(cards), CARDS_A_PAGE)]
    in_each = [Words(name) for name in _languages(language)]
    handling = " ".join(dict.fromkeys(localise(plan.exercise.handling, words.language) for words in in_each))
    return _template().render(language=language, sheets=sheets, words=in_each, handling=handling)


def card_of(plan: Plan, state: State, seat: str, code: str, address: str) -> Card:
    """The card of one seat."""
    actor = Actor.parse(seat)
    return Card(
        seat=seat,
        number="+".join(str(plan.exercise.number_of_role[role]) for role in actor.roles if actor.kind == "seat"),
        titles=tuple(_titles(plan, actor)),
        person=_person(state, actor),
        for_all=seat == VIEWER,
        code=code,
        address=address,
        qr=qr_svg(join_link(address, code)),
        how=tuple(Line(words.language, words("codes.card.how-all" if seat == VIEWER else "codes.card.how")) for words in _words(plan)),
    )


def _titles(plan: Plan, actor: Actor) -> Iterator[Line]:
    """What one is called, in each language; one line where both say the same."""
    seen = set()
    for words in _words(plan):
        title = title_of(plan, actor, words)
        if title not in seen:
            seen.add(title)
            yield Line(words.language, title)


def title_of(plan: Plan, actor: Actor, words: Words) -> str:
    """What a seat is called where people join: a role's title, or what one is there for."""
    if actor.kind in ("seat", "control"):
        titles = " + ".join(_one_line(plan.role(role).title, words.language) for role in actor.roles)
        return titles if actor.kind == "seat" else words("codes.title.control", role=titles)
    if actor.kind == "site":
        site = next(site for site in plan.exercise.sites if site.id == actor.name)
        return words("codes.title.site", site=_one_line(site.title, words.language))
    if actor.kind in NAMED:
        return words(f"codes.title.{actor.kind}", name=actor.name)
    return words("codes.title.viewer")


def _one_line(text: Text, language: str) -> str:
    return " ".join(localise(text, language).split())


def _person(state: State, actor: Actor) -> str:
    """Who is signed in at the roles of a seat; an evaluator's name stands in the title."""
    people = (person.name for role in actor.roles for person in state.people_at(role))
    return " / ".join(dict.fromkeys(people))


def _languages(first: str) -> tuple[str, ...]:
    """Both languages, that of the run before the other."""
    return (first, *(name for name in LANGUAGES if name != first)) if first in LANGUAGES else LANGUAGES


def _words(plan: Plan) -> list[Words]:
    return [Words(name) for name in _languages(plan.language)]


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(loader=PackageLoader("tabletop.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("cards.html")
