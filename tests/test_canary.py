"""The canary exercise itself: what `engine.seats` gives out, held against who may see each token by its place in the file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tabletop.engine import commands as c
from tabletop.engine.seats import seat_view, wall_view
from tabletop.engine.standing import open_asks
from tabletop.exercise.loading import load_exercise
from tests.builders import Play
from tests.canary import TOKEN, Canary, Leak, Right, Watched, canary, everybody

EXERCISES = Path(__file__).parents[1] / "exercises"


@cache
def hostage() -> Canary:
    return canary(EXERCISES / "armed-hostage.yaml")


def test_every_text_and_every_id_is_a_token_of_its_own() -> None:
    made = hostage()
    original = load_exercise(EXERCISES / "armed-hostage.yaml").exercise
    exercise = made.exercise
    texts = [role.duty for role in exercise.roles] + [inject.text for inject in exercise.injects] + [exercise.title, exercise.setting]
    said = [said for text in texts if isinstance(text, dict) for said in text.values()]
    assert len(said) == len(set(said)) == 2 * len(texts)
    assert all(TOKEN.fullmatch(token) and token in made.rights for token in said)
    assert [inject.id for inject in exercise.injects] == [made.ids[inject.id] for inject in original.injects]
    assert all(TOKEN.fullmatch(option.id) for inject in exercise.injects for ask in inject.asks for option in ask.options)


def test_a_token_of_nobody_and_one_too_early_are_leaks() -> None:
    made = hostage()
    inject = next(inject for inject in made.exercise.injects if inject.notes and not inject.to)
    assert isinstance(inject.title, dict)
    assert isinstance(inject.notes, dict)
    shown = b""
    wall = Watched("wall", frozenset(), lambda: shown)
    shown = f"<h1>{inject.title['en']}</h1>".encode()
    with pytest.raises(Leak, match="title"):
        wall.check(made, set())
    assert wall.check(made, {f"released:{inject.id}"}) == {inject.title["en"]}
    shown = inject.notes["zh-Hans"].encode()
    with pytest.raises(Leak, match="notes"):
        wall.check(made, {f"released:{inject.id}"})


class Room:
    """The canary exercise played with everybody watched through the one door."""

    def __init__(self, made: Canary) -> None:
        self.made = made
        self.play = Play(made.exercise, pace="timed")
        self.happened: set[str] = set()
        self.roles = [role.id for role in made.exercise.roles]
        self.everybody = [Watched(role, frozenset({role}), lambda role=role: self._seat(role)) for role in self.roles]  # type: ignore[misc]
        self.everybody.append(Watched("wall", frozenset(), self._wall))
        self.seen: dict[str, set[str]] = {one.name: set() for one in self.everybody}

    def _seat(self, role: str) -> bytes:
        return repr(seat_view(self.play.plan, self.play.state, (role,), self.play.now_ms)).encode()

    def _wall(self) -> bytes:
        return repr(wall_view(self.play.plan, self.play.state, self.play.now_ms)).encode()

    def look(self) -> None:
        for one in self.everybody:
            self.seen[one.name] |= one.check(self.made, self.happened)

    def answer(self, ask_id: str) -> None:
        inject, ask = self.play.plan.asks[ask_id]
        for role in self.play.plan.addressees(self.play.state, inject, ask):
            reason = self.made.typed(f"reason of {role}", Right(frozenset({role})))
            value: object = tuple(option.id for option in ask.options)
            if ask.answer in ("choice", "choices"):
                value = (ask.options[0].id,)
            elif ask.answer == "report":
                value = {ask.elements[0].id: self.made.typed(f"report of {role}", Right(frozenset({role})), everybody(f"named:{ask_id}"))}
            elif ask.answer == "text":
                value = self.made.typed(f"words of {role}", Right(frozenset({role})), everybody(f"named:{ask_id}"))
            self.play.do(c.GiveAnswer(ask_id, role, value, rationale=reason))  # type: ignore[arg-type]


def test_seats_and_wall_give_each_token_to_whom_it_belongs_when_it_does() -> None:
    room = Room(canary(EXERCISES / "armed-hostage.yaml"))
    play = room.play
    room.look()
    play.start()
    room.look()
    nobody = room.made.typed("note of the facilitator")
    play.note("observation", nobody)
    for inject in play.plan.order:
        play.wait("20s").release(inject.id, reason="canary")
        room.happened.add(f"released:{inject.id}")
        room.look()
        for ask_id in [ask for ask in open_asks(play.plan, play.state) if ask in {one.id for one in inject.asks}]:
            room.answer(ask_id)
            room.look()
            for names, what in ((False, "revealed"), (True, "named")):
                play.do(c.RevealAnswers(ask_id, names))
                if not inject.to:
                    play.do(c.TurnWall("answers", ask=ask_id))
                room.happened.add(f"{what}:{ask_id}")
                room.look()
            play.do(c.TurnWall("inject"))
    play.do(c.TurnWall("timeline"))
    room.look()
    play.do(c.PressEmergency("seat:x")).do(c.PressEmergency("seat:x"))
    room.happened.add("emergency")
    room.look()
    seen = set().union(*room.seen.values())
    players = frozenset(room.roles)
    theirs = (token for token, rights in room.made.rights.items() if any(right.gives(players) for right in rights))
    unseen = {token: room.made.places[token][0] for token in theirs if token not in seen}
    assert sorted(unseen.values()) == []
