"""A whole run as plain lines one after the other, for a facilitator's screen reader or a log: one line an entry, and what falls due.

Owns: what a line holds beside the words of the log page. Refuses to own: those words (`widgets.log_rows`), and where lines go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tabletop.conductor import Conductor
from tabletop.engine import events as e
from tabletop.engine.around import AtDevice
from tabletop.engine.emergency import emergency_over
from tabletop.engine.events import Entry
from tabletop.engine.rights import Actor
from tabletop.engine.roll import roll
from tabletop.exercise.injects import Inject
from tabletop.text import Text
from tabletop.words import Words

from .look import line, seat_named
from .pages.alarm import on_roll
from .scene import Scene
from .told_seat import Said, joined
from .widgets.log_rows import entry_text, overruled_text, said_text

SERIOUS = (e.EmergencyRaised, e.EmergencyConfirmed)
AMONG_OTHERS = (e.ClockPaused, e.ExerciseEnded, e.ExerciseReopened, e.EmergencyStoodDown, e.Retracted)


class RunTeller:
    """Tells everything of a run that was not told yet."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._told = 0
        """How many entries were told."""
        self._calling: frozenset[str] = frozenset()
        """The injects that were called due or wanted and are so still."""
        self._devices: tuple[AtDevice, ...] = ()
        self._driven = True

    def told(self, conductor: Conductor) -> list[tuple[Said, Entry | None]]:
        """What came in, each line with its entry; a line without one says what it is time for."""
        entries, scene = conductor.entries, self._scene(conductor)
        fresh, self._told = entries[self._told :], len(entries)
        around = conductor.around
        self._devices = around.devices
        by_itself = (*self._called(scene), *self._driver(scene, around.driven))
        return [*((self._entry(scene, entry), entry) for entry in fresh), *((said, None) for said in by_itself)]

    def _scene(self, conductor: Conductor) -> Scene:
        state, plan = conductor.state, conductor.plan
        return Scene(conductor.exercise, plan, state, conductor.elapsed_ms(), self.words, self.words.language)

    def _joined(self, parts: Sequence[str]) -> str:
        return joined(parts, self.words)

    def _line(self, text: Text | None) -> str:
        return line(text, self.words.language)

    # Entries of the log.

    def _entry(self, scene: Scene, entry: Entry) -> Said:
        event = entry.event
        text = said_text(scene, entry) or entry_text(scene, event)
        by = "" if isinstance(event, e.Rated | e.BehaviourScored) else self._by(scene, entry.actor)
        gone = self.words("follow.taken-back") if entry.seq in scene.state.retracted else ""
        head = " ".join(part for part in (text, by, gone) if part)
        style = "bad" if isinstance(event, SERIOUS) else "warn" if isinstance(event, AMONG_OTHERS) else ""
        if isinstance(event, e.InjectReleased):
            style = "strong"
        return Said(entry.exercise_ms, event.kind, self._joined((head, overruled_text(scene, entry), *self._more(scene, entry))), style)

    def _by(self, scene: Scene, actor: str) -> str:
        """Who had it recorded, where that was not the console; what simulated people do says so by itself."""
        try:
            who = Actor.parse(actor)
        except ValueError:
            return self.words("follow.by", who=actor)
        if who.kind in ("driver", "practice"):
            return ""
        if who.roles:
            return self.words("follow.by", who=scene.roles(who.roles))
        site = next((self._line(site.title) for site in scene.exercise.sites if who.kind == "site" and site.id == who.name), "")
        return self.words("follow.by", who=site or who.name or seat_named(actor, self.words))

    def _more(self, scene: Scene, entry: Entry) -> Iterator[str]:
        """What the log page leaves out because a screen shows it elsewhere."""
        event, plan = entry.event, scene.plan
        match event:
            case e.InjectReleased() if event.inject in plan.inject_by_id:
                yield from self._released(scene, plan.inject_by_id[event.inject])
            case e.ProbeShown() if event.inject in plan.inject_by_id:
                yield self.words("follow.probe", text=self._line(plan.inject_by_id[event.inject].probes[event.index]))
            case e.HintShown() if event.inject in plan.inject_by_id:
                yield self.words("follow.hint", text=self._line(plan.inject_by_id[event.inject].hints[event.index]))
            case e.AnswerGiven() if event.ask in plan.asks:
                yield self.words("follow.to-question", question=self._line(plan.asks[event.ask][1].question))
            case e.ActionMarked() | e.BreachRecorded() | e.Rated():
                yield " ".join(event.note.split())
            case e.ClockPaused() if event.site:
                yield self.words("follow.at-site", site=self._site(scene, event.site))
            case e.EmergencyRaised() | e.EmergencyConfirmed():
                yield self._site(scene, event.site)
                if isinstance(event, e.EmergencyConfirmed):
                    yield from self._help(scene)
            case e.EmergencyStoodDown() if (over := emergency_over(scene.state)) is not None:
                yield self.words(f"headcount.over-{over.exercise}")
            case _:
                return

    def _site(self, scene: Scene, site_id: str) -> str:
        known = next((site for site in scene.exercise.sites if site.id == site_id), None)
        return " ".join(site_id.split()) if known is None else self._line(known.title)

    def _released(self, scene: Scene, inject: Inject) -> Iterator[str]:
        """To whom, the text, what only the facilitator sees."""
        words = self.words
        yield words("follow.released-to", roles=scene.roles(inject.to)) if inject.private else words("follow.released-all")
        yield "" if inject.sender is None else words("console.from", sender=self._line(inject.sender))
        yield self._line(inject.text)
        yield "" if inject.notes is None else words("follow.notes", text=self._line(inject.notes))
        for ask in inject.asks:
            asked = scene.plan.addressees(scene.state, inject, ask)
            yield words("follow.question", roles=scene.roles(asked), text=self._line(ask.question))
        for action in inject.expects:
            yield words("follow.expected", role=scene.role(action.by), text=self._line(action.title))
        if inject.cut is not None:
            yield words("follow.cut", site=self._site(scene, inject.cut.site))
        if inject.restore is not None:
            yield words("follow.restored", site=self._site(scene, inject.restore.site))

    def _help(self, scene: Scene) -> Iterator[str]:
        real = scene.exercise.real_emergency
        if real is not None:
            yield self.words("panel.emergency-number", number=real.number)
            yield "" if real.muster is None else self.words("panel.emergency-muster", place=self._line(real.muster))
        present = [on_roll(one, self.words, self.words.language) for one in roll(scene.plan, scene.state, self._devices)]
        yield self.words("follow.roll", names=self.words("follow.and").join(present)) if present else self.words("headcount.nobody")

    def _driver(self, scene: Scene, driven: bool) -> Iterator[Said]:
        """That nobody drives any more, or somebody does again."""
        if driven != self._driven and scene.state.phase == "running":
            self._driven = driven
            code = "driven-again" if driven else "not-driven"
            yield Said(scene.now_ms, code, self.words(f"follow.{code}"), "" if driven else "warn")

    # What it is time for.

    def _called(self, scene: Scene) -> Iterator[Said]:
        """What falls due, and what is held back and now wanted: no entry says so, and a screen would only show it."""
        running = scene.state.phase == "running" and scene.state.emergency is None
        calls = {row.inject.id: "due" for row in scene.due()} if running else {}
        calls |= {row.inject.id: "wanted" for row in scene.wanted()} if running else {}
        for inject_id, code in calls.items():
            if inject_id not in self._calling:
                text = self.words(f"follow.{code}", inject=scene.title(inject_id))
                yield Said(scene.now_ms, code, text, "warn", {"inject": inject_id})
        self._calling = frozenset(calls)
