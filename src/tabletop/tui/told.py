"""A whole run as plain lines one after the other, for a facilitator's screen reader or a log: one line an entry, and what falls due.

Owns: what a line holds beside the words of the log page. Refuses to own: those words (`widgets.log_rows`), and where lines go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tabletop.conductor import Conductor
from tabletop.engine import events as e
from tabletop.engine.around import AtDevice
from tabletop.engine.emergency import emergency_over, place_told, pressed_at
from tabletop.engine.events import Entry
from tabletop.engine.moments import Course, Moment
from tabletop.engine.owing import receipt_window
from tabletop.engine.rights import Actor
from tabletop.engine.roll import roll
from tabletop.engine.shuffle import seed_of, shuffled
from tabletop.engine.standing import next_deadline
from tabletop.engine.state import State, same_person
from tabletop.engine.state_emergency import Emergency
from tabletop.exercise.asks import Ask
from tabletop.exercise.injects import Inject
from tabletop.text import Text
from tabletop.words import Words

from .look import clock_text, line
from .pages.alarm import on_roll
from .scene import Scene
from .seat_names import person_named, seat_title, site_title
from .told_seat import Said, joined
from .widgets.log_rows import entry_text, overruled_text, said_text

SERIOUS = (e.EmergencyRaised, e.EmergencyConfirmed)
Late = tuple[str, str, str]
"""Something overdue: the kind of its line, its id, the role that owes it."""

AMONG_OTHERS = (e.ClockPaused, e.ExerciseEnded, e.ExerciseReopened, e.EmergencyStoodDown, e.Retracted)


class RunTeller:
    """Tells everything of a run that was not told yet."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._course: Course | None = None
        """How the run went, as far as it was told: a line says what was so then, whoever reads it later."""
        self._calling: frozenset[str] = frozenset()
        """The injects that were called due or wanted and are so still."""
        self._late: frozenset[Late] = frozenset()
        """What was said to be overdue and is so still."""
        self._devices: tuple[AtDevice, ...] = ()
        self._driven = True

    def told(self, conductor: Conductor) -> list[tuple[Said, Entry | None]]:
        """What came in, each line with its entry; a line without one says what it is time for."""
        if self._course is None:
            self._course = Course(conductor.exercise)
        around, now_ms = conductor.around, conductor.elapsed_ms()
        self._devices = around.devices
        found: list[tuple[Said, Entry | None]] = []
        for moment in self._course.moments(conductor.entries, now_ms, self._timely):
            scene = self._scene(moment)
            if moment.entry is not None:
                then = replace(scene, now_ms=moment.entry.exercise_ms)
                found.append((self._entry(then, moment.entry, conductor.state), moment.entry))
            found += [(said, None) for said in (*self._called(scene), *self._overdue(scene))]
        now = self._scene(Moment(conductor.plan, conductor.state, now_ms))
        return [*found, *((said, None) for said in self._driver(now, around.driven))]

    def _scene(self, moment: Moment) -> Scene:
        return Scene(moment.plan.exercise, moment.plan, moment.state, moment.now_ms, self.words, self.words.language)

    def _timely(self, moment: Moment) -> Iterator[object]:
        """What time alone brings: what falls due or is wanted, and what is overdue."""
        scene = self._scene(moment)
        yield from _calls(scene).items()
        yield from _late(scene)

    def _joined(self, parts: Sequence[str]) -> str:
        return joined(parts, self.words)

    def _line(self, text: Text | None) -> str:
        return line(text, self.words.language)

    # Entries of the log.

    def _entry(self, scene: Scene, entry: Entry, now: State) -> Said:
        """The line of an entry; `scene`: the run as it was after it, `now`: as it is."""
        event = entry.event
        text = said_text(scene, entry) or entry_text(scene, event, entry.seq)
        by_site = isinstance(event, e.ClockPaused) and bool(event.site)
        says_who = isinstance(event, e.Rated | e.BehaviourScored) or by_site or (isinstance(event, SERIOUS) and event.seat == entry.actor)
        by = "" if says_who else self._by(scene, entry.actor)
        gone = self.words("follow.taken-back") if entry.seq in now.retracted else ""
        head = " ".join(part for part in (text, by, gone) if part)
        style = "bad" if isinstance(event, SERIOUS) else "warn" if isinstance(event, AMONG_OTHERS) else ""
        if isinstance(event, e.InjectReleased):
            style = "strong"
        about: dict[str, object] = {}
        if isinstance(event, SERIOUS):
            about = {"place": self._pressed(scene)}
        more = (*self._more(scene, entry), *self._help(scene, entry, now))
        return Said(entry.counts_ms, event.kind, self._joined((head, overruled_text(scene, entry), *more)), style, about)

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
        name = site_title(scene.plan, who.name, scene.language) if who.kind == "site" else self._line(who.name)
        return self.words("follow.by", who=name or seat_title(scene.plan, actor, self.words))

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
            case e.EmergencyRaised() | e.EmergencyConfirmed() if (place := self._pressed(scene)) != self._line(pressed_at(plan, event)):
                yield self.words("follow.at-site", site=place)
            case e.EmergencyStoodDown() if (over := emergency_over(scene.state)) is not None:
                yield self.words(f"headcount.over-{over.exercise}")
            case _:
                return

    def _pressed(self, scene: Scene) -> str:
        """The place of the emergency that stands, as every screen names it: not only that of the newest press."""
        raised = scene.state.emergency
        return "" if raised is None else self._line(place_told(scene.plan, scene.state, raised))

    def _released(self, scene: Scene, inject: Inject) -> Iterator[str]:
        """To whom, the text, what only the facilitator sees."""
        words = self.words
        yield words("follow.released-to", roles=scene.roles(inject.to)) if inject.private else words("follow.released-all")
        yield "" if inject.sender is None else words("console.from", sender=self._line(inject.sender))
        yield self._line(inject.text)
        yield "" if inject.notes is None else words("follow.notes", text=self._line(inject.notes))
        yield self._receipt(scene, inject)
        for ask in inject.asks:
            asked = scene.plan.addressees(scene.state, inject, ask)
            yield words("follow.question", roles=scene.roles(asked), text=self._question(scene, ask))
        for action in inject.expects:
            yield words("follow.expected", role=scene.role(action.by), text=self._line(action.title))
        if inject.cut is not None:
            yield words("follow.cut", site=site_title(scene.plan, inject.cut.site, scene.language))
        if inject.restore is not None:
            yield words("follow.restored", site=site_title(scene.plan, inject.restore.site, scene.language))

    def _receipt(self, scene: Scene, inject: Inject) -> str:
        """Who is to confirm an inject, and by when; empty where nobody is."""
        roles = () if inject.acknowledge is None else scene.plan.addressees(scene.state, inject)
        windows = [window for role in roles if (window := receipt_window(scene.plan, scene.state, inject, role)) is not None]
        due_ms = next((window.due_ms for window in windows if window.due_ms is not None), None)
        due = "" if due_ms is None else self.words("follow.by-time", time=clock_text(due_ms))
        return self.words("follow.receipt", roles=scene.roles(roles), due=due) if roles else ""

    def _question(self, scene: Scene, ask: Ask) -> str:
        """What is asked, with the numbers of the options as every screen and card has them, and until when it may be answered."""
        words = self.words
        how = words(f"seat.how-{ask.answer}", elements=words("follow.and").join(self._line(one.title) for one in ask.elements))
        options = [f"{n} {self._line(option.text)}" for n, option in enumerate(shuffled(ask, seed_of(scene.state)), start=1)]
        due_ms = next_deadline(scene.plan, scene.state, ask.id, scene.now_ms)
        until = "" if due_ms is None else words("follow.answer-until", time=clock_text(due_ms))
        return words("follow.question-how", question=self._line(ask.question), how=self._joined((how, self._joined(options), until)))

    def _help(self, scene: Scene, entry: Entry, now: State) -> Iterator[str]:
        """What everybody needs in an emergency: number, muster point, who is to be counted; of one that is over, who was."""
        if not isinstance(entry.event, e.EmergencyConfirmed):
            return
        words, real = self.words, scene.exercise.real_emergency
        yield words("panel.emergency-number", number=words("panel.emergency-no-number") if real is None else real.number)
        yield "" if real is None or real.muster is None else words("panel.emergency-muster", place=self._line(real.muster))
        over = _over(scene.state, now)
        everybody = roll(scene.plan, now if over is None else scene.state, self._devices if over is None else ())
        present = [on_roll(one, words, words.language) for one in everybody]
        if over is not None:
            people = {same_person(one): one for one in (*(one.person for one in over.counted), *over.missing)}
            known = {same_person(one.person): text for one, text in zip(everybody, present, strict=True)}
            present = [text for one, text in known.items() if one in people]
            present += [person_named(scene.plan, name, words) for one, name in people.items() if one not in known]
        if present:
            yield words("follow.roll", names=words("follow.and").join(present))
        elif over is None:
            yield words("headcount.nobody")

    def _driver(self, scene: Scene, driven: bool) -> Iterator[Said]:
        """That nobody drives any more, or somebody does again."""
        if driven != self._driven and scene.state.phase == "running":
            self._driven = driven
            code = "driven-again" if driven else "not-driven"
            yield Said(scene.now_ms, code, self.words(f"follow.{code}"), "" if driven else "warn")

    # What it is time for.

    def _called(self, scene: Scene) -> Iterator[Said]:
        """What falls due, and what is held back and now wanted: no entry says so, and a screen would only show it."""
        if scene.state.emergency is not None:
            # What was said before it stands; nothing falls due meanwhile.
            return
        calls = _calls(scene)
        for inject_id, code in calls.items():
            if inject_id not in self._calling:
                text = self.words(f"follow.{code}", inject=scene.title(inject_id))
                yield Said(scene.now_ms, code, text, "warn", {"inject": inject_id})
        self._calling = frozenset(calls)

    def _overdue(self, scene: Scene) -> Iterator[Said]:
        """What somebody owes and did not give in time: questions, receipts of injects and messages, reports. Each is said once."""
        if scene.state.emergency is not None:
            return
        if scene.state.phase != "running":
            self._late = frozenset()
            return
        late = tuple(_late(scene))
        for code, name in dict.fromkeys((code, name) for code, name, _ in late):
            roles = tuple(role for of, called, role in late if (of, called) == (code, name))
            if any((code, name, role) not in self._late for role in roles):
                yield self._late_said(scene, code, name, roles)
        self._late = frozenset(late)

    def _late_said(self, scene: Scene, code: str, name: str, roles: tuple[str, ...]) -> Said:
        """The line of one thing that is overdue, with who owes it."""
        plan, values, about = scene.plan, {"roles": scene.roles(roles)}, dict[str, object]()
        match code:
            case "overdue-question":
                values, about = {**values, "question": self._line(plan.asks[name][1].question)}, {"ask": name}
            case "overdue-receipt":
                values, about = {**values, "inject": scene.title(name)}, {"inject": name}
            case "overdue-read-back":
                message = next(one for one in scene.state.messages if str(one.seq) == name)
                values = {**values, "sender": scene.role(message.role), "text": " ".join(message.text.split())}
                about = {"message": message.seq}
            case _:
                title = next((self._line(one.title) for one in scene.exercise.cadence if one.id == name), "")
                values, about = {**values, "report": title or self.words("door.own-report")}, {"cadence": name}
        return Said(scene.now_ms, code, self.words(f"follow.{code}", **values), "warn", {**about, "roles": list(roles)})


def _calls(scene: Scene) -> dict[str, str]:
    """What is due, and what is held back and wanted."""
    if scene.state.phase != "running":
        return {}
    calls = {row.inject.id: "due" for row in scene.due()}
    return calls | {row.inject.id: "wanted" for row in scene.wanted()}


def _late(scene: Scene) -> Iterator[Late]:
    """All that is overdue."""
    for ask in scene.owed_asks():
        over = ask.deadline_ms is not None and ask.deadline_ms < scene.now_ms
        for role in ask.over or (ask.roles if over else ()):
            yield "overdue-question", ask.id, role
    for one in (*scene.unconfirmed(), *scene.told_control()):
        if one.overdue:
            yield ("overdue-receipt", one.inject, one.role) if one.inject else ("overdue-read-back", str(one.message), one.role)
    for report in scene.reports_due():
        if report.overdue:
            yield "overdue-report", report.cadence, report.role


def _over(then: State, now: State) -> Emergency | None:
    """What was recorded of the emergency that stood `then`, where it is over by now."""
    if then.emergency is None:
        return None
    index = len(then.emergencies)
    return now.emergencies[index] if index < len(now.emergencies) else None
