"""Injects taken from decks: `use`, `with`, `overlays`, put into an exercise's data before anything else looks at it.

Owns: what is copied, what it is called then, what stands in its slots. Refuses to own: where decks lie (a `DeckFinder`
says) and whether what was copied is right. A copy keeps the places of its deck; what the exercise says beside `use`
keeps its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tabletop.errors import NotFound

from .durations import seconds_of, written
from .nodes import Loc, Map, Mark, Origin, Place, Seq
from .parameters import placeholders_in
from .problems import Problems, near
from .references import maps_in
from .source import read_source

MOST_CHARACTERS = 8 * 1024 * 1024
"""Of all that is taken from decks together: a thousand uses of a large inject must not fill the memory."""

DeckFinder = Callable[[str], Path | None]
"""The file of a deck, by the deck's id."""

_USE = re.compile(r"([a-z0-9][a-z0-9-]*)/([a-z0-9][a-z0-9-]*)")
_BESIDE_USE = ("use", "with", "id")
_OVERLAY = ("use", "at", "with", "id")


@dataclass
class Renaming:
    """What stands in place of a deck's names, by kind."""

    names: dict[str, dict[str, tuple[str, Mark | Place] | None]]
    """A new name and where it was written; None for a slot nobody filled."""
    unfilled: set[str] = field(default_factory=set)

    def inject(self, inject: Map, origin: Origin) -> Map:
        """A copy of a deck's inject under its new names."""
        copy = inject.copied(origin)
        self._one(copy, "id", "inject")
        self._each(copy, "to", "role")
        self._inside(copy, "after", self._after)
        self._inside(copy, "when", self._condition)
        self._inside(copy, "cue", self._condition)
        self._inside(copy, "asks", self._ask)
        self._inside(copy, "expects", self._action)
        return copy

    def _ask(self, ask: Map) -> None:
        self._one(ask, "id", "ask")
        self._each(ask, "to", "role")
        self._inside(ask, "options", self._option)

    def _option(self, option: Map) -> None:
        self._one(option, "for", "role")
        self._each(option, "does", "action")
        self._each(option, "misses", "action")

    def _action(self, action: Map) -> None:
        self._one(action, "id", "action")
        self._one(action, "by", "role")
        self._one(action, "objective", "objective")
        self._inside(action, "done_by", self._released)

    def _after(self, after: Map) -> None:
        self._one(after, "inject", "inject")

    def _released(self, condition: Map) -> None:
        self._one(condition, "released", "inject")

    def _condition(self, condition: Map) -> None:
        self._released(condition)
        self._one(condition, "answer", "ask")
        self._one(condition, "action", "action")
        for part in ("all", "any", "not"):
            self._inside(condition, part, self._condition)

    def _inside(self, parent: Map, key: str, rename: Callable[[Map], None]) -> None:
        """Copies the map at `key`, or the maps of the list at it, and renames what is in the copies."""
        value = parent.get(key)
        if isinstance(value, Map):
            parent[key] = copy = value.copied()
            rename(copy)
        elif isinstance(value, Seq):
            copies = Seq.begun(value.origin, value.at)
            for item, at in zip(value, value.items_at, strict=True):
                if isinstance(item, Map):
                    item = item.copied()
                    rename(item)
                copies.put(item, at)
            parent[key] = copies

    def _one(self, parent: Map, key: str, kind: str) -> None:
        renamed = self._renamed(parent.get(key), kind)
        if renamed is not None:
            parent[key], parent.values_at[key] = renamed

    def _each(self, parent: Map, key: str, kind: str) -> None:
        names = parent.get(key)
        if isinstance(names, Seq):
            copy = Seq.begun(names.origin, names.at)
            for name, at in zip(names, names.items_at, strict=True):
                copy.put(*(self._renamed(name, kind) or (name, at)))
            parent[key] = copy

    def _renamed(self, name: object, kind: str) -> tuple[str, Mark | Place] | None:
        if not isinstance(name, str) or name not in self.names.get(kind, ()):
            return None
        renamed = self.names[kind][name]
        if renamed is None:
            self.unfilled.add(name)
        return renamed


@dataclass
class Expansion:
    """One exercise file with what it takes from decks."""

    root: Map
    find: DeckFinder | None
    problems: Problems
    overlays_too: bool = False
    """Whether single injects may be taken from overlays, too: somebody adds them one by one."""
    failed: set[int] = field(default_factory=set)
    """Places in the list of injects that could not be taken from their deck."""
    overlays_failed: bool = False
    filled: dict[Place, str] = field(default_factory=dict)
    """Where slots were filled, with the path of keys there."""
    untranslated: set[Path] = field(default_factory=set)
    """Decks that lack a language of the exercise; told once, at the first use."""
    _decks: dict[str, Map | None] = field(default_factory=dict)
    _broken: set[str] = field(default_factory=set)
    _taken: dict[tuple[str, str, str], Place] = field(default_factory=dict)
    _parameters: Map | None = None
    _characters: int = 0

    def expanded(self) -> Map:
        """The data with every inject in place; the data itself where it takes nothing."""
        injects = self.root.get("injects")
        uses = isinstance(injects, Seq) and any(isinstance(item, Map) and "use" in item for item in injects)
        if not uses and "overlays" not in self.root:
            return self.root
        data = self.root.copied()
        parameters = self.root.get("parameters")
        self._parameters = parameters.copied() if isinstance(parameters, Map) else None
        if isinstance(injects, Seq):
            copies = Seq.begun(injects.origin, injects.at)
            for index, (item, at) in enumerate(zip(injects, injects.items_at, strict=True)):
                copies.put(self._used(item, index) if isinstance(item, Map) and "use" in item else item, at)
            self._lay_over(copies)
            data["injects"] = copies
        data.pop("overlays", None)
        if self._parameters is not None:
            place = self.root.place("parameters")
            data.put("parameters", self._parameters, self.root.place_of_key("parameters"), place)
        return data

    def _used(self, item: Map, index: int) -> Map:
        """The inject that an item with `use` takes; the item itself where it cannot be had."""
        loc = ("injects", index)
        use = item["use"]
        match = _USE.fullmatch(use) if isinstance(use, str) else None
        if match is None:
            self._problem((*loc, "use"), "problems.use-form", given=use if isinstance(use, str) else "")
        deck = None if match is None else self._deck(match[1], (*loc, "use"), overlay=False)
        inject = None if deck is None or match is None else self._in_deck(deck, match[2], (*loc, "use"))
        if inject is None or deck is None or match is None:
            self.failed.add(index)
            return item
        number, found = inject
        own = found.copied()
        for key in item:
            replaced = ("at", "after") if key in ("at", "after") else (key,)
            for gone in () if key in _BESIDE_USE else replaced:
                own.pop(gone, None)
        renaming = self._slots(deck, item, loc)
        if isinstance(name := item.get("id"), str):
            self._rename(renaming, [found], name, item.place("id"), whole=True)
        copy = renaming.inject(own, Origin(deck.origin.path, f"injects.{number}", item.place("use")))
        copy.at = item.place("use")
        for key, value in item.items():
            if key not in _BESIDE_USE:
                copy.put(key, value, item.place_of_key(key), item.place(key))
        if "id" in item and not isinstance(item["id"], str):
            copy.put("id", item["id"], item.place_of_key("id"), item.place("id"))
        kept = self._kept(copy, deck, renaming, match[1], match[2], item.place("use"), loc)
        if kept is None:
            self.failed.add(index)
        return item if kept is None else kept

    def _kept(self, copy: Map, deck: Map, renaming: Renaming, deck_id: str, inject_id: str, place: Place, loc: Loc) -> Map | None:
        """The copy, once its slots are filled and it is here for the first time."""
        if renaming.unfilled:
            self._problem((*loc, "use"), "problems.slot-unfilled", slots=sorted(renaming.unfilled))
            return None
        taken = (deck_id, inject_id, str(copy.get("id")))
        if taken in self._taken:
            self._problem((*loc, "use"), "problems.use-again", given=f"{deck_id}/{inject_id}", first=self._taken[taken].line)
            return None
        self._taken[taken] = place
        self._characters += sum(len(text) for text in _texts_in(copy))
        if self._characters > MOST_CHARACTERS:
            self._problem((*loc, "use"), "problems.decks-too-large", limit=MOST_CHARACTERS // 1024 // 1024)
            return None
        self._take_parameters(copy, deck)
        return copy

    def _lay_over(self, injects: Seq) -> None:
        """Appends the injects of every overlay."""
        overlays = self.root.get("overlays")
        if overlays is not None and not isinstance(overlays, Seq):
            self._problem(("overlays",), "problems.list")
        for index, overlay in enumerate(overlays if isinstance(overlays, Seq) else ()):
            loc = ("overlays", index)
            if not isinstance(overlay, Map):
                self._problem(loc, "problems.map")
            elif self._overlay_is_odd(overlay, loc) or (deck := self._deck(str(overlay["use"]), (*loc, "use"), overlay=True)) is None:
                self.overlays_failed = True
            else:
                for inject in self._laid(deck, overlay, loc):
                    injects.put(inject, overlay.place("use"))

    def _overlay_is_odd(self, overlay: Map, loc: Loc) -> bool:
        """Whether an overlay is written in a way that nothing can be taken; the problems are told."""
        odd = False
        for key in overlay:
            if key not in _OVERLAY:
                odd = True
                self._problem((*loc, key), "problems.unknown-key", of_key=True, given=key, known=_OVERLAY, **near(key, _OVERLAY))
        for key in ("use", "at"):
            if key not in overlay:
                odd = True
                self._problem((*loc, key), "problems.missing-key")
        for key in ("use", "at", "id"):
            if key in overlay and not isinstance(overlay[key], str):
                odd = True
                self._problem((*loc, key), "problems.duration" if key == "at" else "problems.string", given="")
        at = overlay.get("at")
        if isinstance(at, str) and seconds_of(at) is None:
            odd = True
            self._problem((*loc, "at"), "problems.duration", given=at)
        return odd

    def _laid(self, deck: Map, overlay: Map, loc: Loc) -> Iterator[Map]:
        """The injects of one overlay, each later by the overlay's `at`."""
        offset = seconds_of(str(overlay["at"])) or 0
        renaming = self._slots(deck, overlay, loc)
        if isinstance(name := overlay.get("id"), str):
            self._rename(renaming, [inject for _, inject in maps_in(deck, "injects")], name, overlay.place("id"), whole=False)
        unfilled: set[str] = set()
        for number, inject in maps_in(deck, "injects"):
            copy = renaming.inject(inject, Origin(deck.origin.path, f"injects.{number}", overlay.place("use")))
            if renaming.unfilled:
                unfilled |= renaming.unfilled
                renaming.unfilled = set()
                continue
            at = copy.get("at")
            seconds = seconds_of(at) if isinstance(at, str) else None
            if seconds is not None:
                copy["at"] = written(seconds + offset)
            elif at is not None and at != "hold":
                self._problem((*loc, "at"), "problems.overlay-at", given=at)
            kept = self._kept(copy, deck, renaming, str(overlay["use"]), str(inject.get("id")), overlay.place("use"), loc)
            if kept is not None:
                yield kept
        if unfilled:
            self.overlays_failed = True
            self._problem((*loc, "use"), "problems.slot-unfilled", slots=sorted(unfilled))

    def _rename(self, renaming: Renaming, injects: list[Map], name: str, place: Place, *, whole: bool) -> None:
        """Puts `name` before the ids of asks and actions, and before the injects' own, or (`whole`) in place of it."""
        for inject in injects:
            if isinstance(old := inject.get("id"), str):
                renaming.names["inject"][old] = (name if whole else f"{name}-{old}", place)
            for key, kind in (("asks", "ask"), ("expects", "action")):
                for _, part in maps_in(inject, key):
                    if isinstance(old := part.get("id"), str):
                        renaming.names[kind][old] = (f"{name}-{old}", part.place("id"))

    def _slots(self, deck: Map, item: Map, loc: Loc) -> Renaming:
        """What the item puts into the deck's slots."""
        renaming = Renaming({"role": {}, "objective": {}, "inject": {}, "ask": {}, "action": {}})
        slots = deck.get("slots")
        slots = slots if isinstance(slots, Map) else Map()
        given = item.get("with", {})
        if not isinstance(given, Map) and "with" in item:
            self._problem((*loc, "with"), "problems.map")
        for slot, kind in slots.items():
            if kind in ("role", "objective"):
                renaming.names[str(kind)][slot] = None
        for slot, name in given.items() if isinstance(given, Map) else ():
            if slot not in slots:
                self._problem((*loc, "with", slot), "problems.no-slot", of_key=True, given=slot, known=list(slots), **near(slot, slots))
            elif not isinstance(name, str):
                self._problem((*loc, "with", slot), "problems.string")
            elif slots[slot] in ("role", "objective"):
                assert isinstance(given, Map)
                kind = str(slots[slot])
                renaming.names[kind][slot] = (name, given.place(slot))
                known = self._own(kind)
                if known and name not in known:
                    self._problem((*loc, "with", slot), f"problems.no-{kind}", given=name, known=known, **near(name, known))
                self.filled[given.place(slot)] = ".".join(map(str, (*loc, "with", slot)))
        return renaming

    def _own(self, kind: str) -> list[str]:
        """The ids of the exercise's roles or objectives."""
        return list(dict.fromkeys(str(part["id"]) for _, part in maps_in(self.root, f"{kind}s") if "id" in part))

    def _deck(self, name: str, loc: Loc, *, overlay: bool) -> Map | None:
        """The data of a deck; None, and a problem, where there is none to take from in this way."""
        if name not in self._decks:
            self._decks[name] = self._read(name)
        deck = self._decks[name]
        if deck is None:
            self._problem(loc, "problems.broken-deck" if name in self._broken else "problems.no-deck", given=name)
            return None
        if (deck.get("overlay") is True) is not overlay and not self.overlays_too:
            self._problem(loc, "problems.not-an-overlay" if overlay else "problems.is-an-overlay", given=name)
            return None
        own, theirs = self.root.get("languages"), deck.get("languages")
        if isinstance(own, Seq) and isinstance(theirs, Seq) and deck.origin.path not in self.untranslated:
            missing = [language for language in own if language not in theirs]
            if missing:
                self.untranslated.add(deck.origin.path)
                self._problem(loc, "problems.deck-languages", given=name, missing=missing)
        return deck

    def _read(self, name: str) -> Map | None:
        path = self.find(name) if self.find is not None else None
        if path is None:
            return None
        try:
            source = read_source(path)
        except NotFound:
            return None
        self.problems.extend(source.problems)
        if source.data is None:
            self._broken.add(name)
        return source.data

    def _in_deck(self, deck: Map, name: str, loc: Loc) -> tuple[int, Map] | None:
        """An inject of a deck by its id, with its place there."""
        known = []
        for number, inject in maps_in(deck, "injects"):
            if inject.get("id") == name:
                return number, inject
            known.append(str(inject.get("id")))
        self._problem(loc, "problems.no-deck-inject", given=name, known=known, **near(name, known))
        return None

    def _take_parameters(self, copy: Map, deck: Map) -> None:
        """Adds the deck's parameters that the copy names; the exercise's own of the same name stand."""
        theirs = deck.get("parameters")
        if not isinstance(theirs, Map):
            return
        named = {name for text in _texts_in(copy) for name in placeholders_in(text)}
        for name in theirs:
            if name in named and name not in (self._parameters or ()):
                if self._parameters is None:
                    self._parameters = Map.begun(deck.origin, theirs.at)
                self._parameters.put(name, theirs[name], theirs.place_of_key(name), theirs.place(name))

    def _problem(self, loc: Loc, code: str, *, of_key: bool = False, **values: object) -> None:
        self.problems.add_at(self.root, loc, code, of_key=of_key, **values)


def _texts_in(data: Map) -> Iterator[str]:
    """Every text anywhere in the data; of conditions on a parameter, its name as a placeholder."""
    waiting: list[object] = [data]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Map):
            if isinstance(name := part.get("parameter"), str):
                yield f"{{{name}}}"
            waiting.extend(part.values())
        elif isinstance(part, Seq):
            waiting.extend(part)
        elif isinstance(part, str):
            yield part
