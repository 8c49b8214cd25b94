"""Cut links: what a site sees and may do until an inject restores it (exercise-format: `cut`)."""

from __future__ import annotations

from typing import Any

import pytest

from tabletop.engine import commands as c
from tabletop.engine.links import cut_now, cut_since, outages
from tabletop.engine.rights import Actor
from tabletop.engine.seats import seat_view, wall_view
from tabletop.engine.views import SeatView, WallView
from tests.engine.looks import code, inject, with_injects
from tests.engine.rooms import Room

GUARD, HEAD = Actor("seat", roles=("guard",)), Actor("seat", roles=("head",))


def linked(**more: Any) -> Room:
    """A room whose hall, where the guard stands, can be cut off."""
    down = inject("down", at="hold", cut={"site": "hall"})
    up = inject("up", at="hold", restore={"site": "hall"})
    both = inject("both", to=["guard", "head"], at="hold", acknowledge=True)
    room = Room(with_injects(down, up, inject("rope", to=["guard"], at="hold"), both, **more))
    room.ask(c.ReleaseInject("smoke"))
    room.ask(c.ReleaseInject("order"))
    room.ask(c.AddNote("ruling", "no camera"))
    room.wait(20)
    return room


def seat(room: Room, *roles: str) -> SeatView:
    return seat_view(room.conductor.plan, room.state, roles, room.now_ms)


def wall(room: Room, site: str = "") -> WallView:
    return wall_view(room.conductor.plan, room.state, room.now_ms, site)


def since(room: Room) -> int | None:
    return cut_since(room.conductor.plan, room.state, "hall")


def test_a_cut_stands_until_it_is_restored_or_taken_back_or_play_is_over() -> None:
    room = linked()
    assert since(room) is None
    (down,) = room.ask(c.ReleaseInject("down"))
    assert since(room) == down.seq
    assert [outage.site for outage in cut_now(room.conductor.plan, room.state)] == ["hall"]
    assert cut_since(room.conductor.plan, room.state, "") is None
    assert cut_since(room.conductor.plan, room.state, "elsewhere") is None
    (up,) = room.ask(c.ReleaseInject("up"))
    assert since(room) is None
    room.ask(c.Retract(up, "slip"))
    assert since(room) == down.seq
    room.ask(c.Pause())
    assert since(room) == down.seq
    room.ask(c.End())
    assert since(room) is None
    room.ask(c.Reopen())
    assert since(room) == down.seq
    room.ask(c.Retract(down, "slip"))
    assert since(room) is None


def test_what_is_cut_already_is_not_cut_anew() -> None:
    room = linked(sites=[{"id": "hall", "title": "Hall"}])
    room.ask(c.AddInject(inject("again", at="hold", cut={"site": "hall"})))
    (down,) = room.ask(c.ReleaseInject("down"))
    room.ask(c.ReleaseInject("again"))
    room.wait(30)
    (up,) = room.ask(c.ReleaseInject("up"))
    (one,) = outages(room.conductor.plan, room.state, "hall")
    assert (one.since_seq, one.since_ms, one.until_seq, one.until_ms) == (down.seq, 20_000, up.seq, 50_000)


def test_the_seat_holds_only_what_was_there_before_and_gets_the_rest_with_the_link() -> None:
    room = linked()
    room.ask(c.GiveAnswer("in-order", "guard", ("a", "b")), GUARD)
    room.ask(c.SendMessage("head", "guard", "early"), HEAD)
    before = seat(room, "guard")
    room.ask(c.ReleaseInject("down"))
    room.wait(5)
    room.ask(c.ReleaseInject("quiet"))
    room.ask(c.ReleaseInject("rope"))
    room.ask(c.AddNote("ruling", "the exit is open"))
    room.ask(c.SendMessage("head", "guard", "late"), HEAD)
    room.ask(c.GiveAnswer("in-order", "guard", ("b", "a")))
    room.ask(c.RevealAnswers("first"))
    room.ask(c.RevealAnswers("in-order", names=True))
    cut = seat(room, "guard")
    assert cut.no_link
    assert cut.roles[0].no_link
    for name in ("told", "rulings", "revealed"):
        assert getattr(cut, name) == getattr(before, name), name
    assert [(message.text, message.due_ms) for message in cut.messages] == [("early", None)], "nobody owes what cannot be sent"
    assert [(ask.id, [answer.value for answer in ask.mine]) for ask in cut.asks] == [("in-order", [("a", "b")]), ("why", [])]
    room.ask(c.ReleaseInject("up"))
    after = seat(room, "guard")
    assert not after.no_link
    assert [told.inject for told in after.told] == ["smoke", "order", "down", "quiet", "rope", "up"]
    assert [message.text for message in after.messages] == ["early", "late"]
    assert [item.text for item in after.rulings] == ["no camera", "the exit is open"]
    assert [shown.ask for shown in after.revealed] == ["first", "in-order"]
    assert after.asks[0].mine[0].value == ("b", "a")


def test_a_read_back_from_the_other_side_is_not_known_behind_the_cut() -> None:
    room = linked()
    (sent,) = room.ask(c.SendMessage("guard", "head", "door shut"), GUARD)
    room.ask(c.ReleaseInject("down"))
    room.ask(c.AcknowledgeMessage(sent.seq, "head", "door is shut"), HEAD)
    assert (seat(room, "guard").messages[0].read_back, seat(room, "guard").messages[0].words) == (False, "")
    assert (seat(room, "head").messages[0].read_back, seat(room, "head").messages[0].words) == (True, "door is shut")
    room.ask(c.ReleaseInject("up"))
    assert seat(room, "guard").messages[0].words == "door is shut"


def test_an_ask_stands_behind_the_cut_as_it_stood_before() -> None:
    timed = inject("count", to=["guard", "head"], at="hold", asks=[{"id": "heads", "question": "?", "answer": "number", "within": "60s"}])
    down, up = inject("down", at="hold", cut={"site": "hall"}), inject("up", at="hold", restore={"site": "hall"})
    room = Room(with_injects(down, up, timed))
    room.ask(c.ReleaseInject("count"))
    room.ask(c.ExtendAsks(("heads",), 60_000))
    room.ask(c.GiveAnswer("heads", "guard", 3), GUARD)

    def shown(*roles: str) -> tuple[bool, int | None, bool]:
        (ask,) = seat(room, *roles).asks
        return ask.open, ask.deadline_ms, ask.mine[0].fixed

    assert shown("guard") == (True, 120_000, False)
    room.ask(c.ReleaseInject("down"))
    room.ask(c.ExtendAsks(("heads",), 60_000))
    room.ask(c.CloseAsk("heads"))
    assert shown("guard") == (True, 120_000, False)
    assert shown("guard", "head") == (False, 180_000, True), "who has a link knows"
    room.ask(c.ReopenAsk("heads"))
    room.ask(c.RevealAnswers("heads"))
    assert shown("guard") == (True, 120_000, False)
    room.wait(121)
    assert shown("guard") == (True, 120_000, True), "its time passes all the same"
    room.ask(c.ReleaseInject("up"))
    assert shown("guard") == (False, 180_000, True)


def test_what_was_closed_before_the_cut_stays_closed_behind_it() -> None:
    room = linked()
    room.ask(c.CloseAsk("why"))
    room.ask(c.ReleaseInject("down"))
    room.ask(c.ReopenAsk("why"))
    assert [(ask.id, ask.open) for ask in seat(room, "guard").asks] == [("in-order", True), ("why", False)]
    room.ask(c.ReleaseInject("up"))
    assert [(ask.id, ask.open) for ask in seat(room, "guard").asks] == [("in-order", True), ("why", True)]


def test_everybody_else_and_the_room_go_on() -> None:
    room = linked()
    room.ask(c.ReleaseInject("down"))
    room.ask(c.ReleaseInject("quiet"))
    assert not seat(room, "head").no_link
    assert [told.inject for told in seat(room, "head").told] == ["smoke", "order", "down", "quiet"]
    shared = seat(room, "head", "guard")
    assert (shared.no_link, [role.no_link for role in shared.roles]) == (False, [False, True])
    assert [told.inject for told in shared.told] == ["smoke", "order", "down", "quiet"]
    room.ask(c.ReleaseInject("rope"))
    room.ask(c.ReleaseInject("both"))
    shared = seat(room, "head", "guard")
    assert [told.inject for told in shared.told] == ["smoke", "order", "down", "quiet", "both"], "the rope goes to the guard alone"
    assert [(receipt.inject, receipt.role) for receipt in shared.receipts][2:] == [("both", "head")]
    assert shared.told[-1].roles == ("head",)
    assert wall(room).inject is not None
    assert not wall(room).no_link
    assert room.ask(c.RecordDecision("head", "go"), HEAD)


def test_nothing_gets_out_but_the_emergency_and_who_is_there() -> None:
    room = linked()
    (sent,) = room.ask(c.SendMessage("head", "guard", "early"), HEAD)
    room.ask(c.ReleaseInject("down"))
    refused: tuple[c.Command, ...] = (
        c.GiveAnswer("in-order", "guard", ("a", "b")),
        c.AcknowledgeInject("order", "guard"),
        c.RecordDecision("guard", "go"),
        c.SendMessage("guard", "head", "x"),
        c.AcknowledgeMessage(sent.seq, "guard"),
    )
    for command in refused:
        assert code(room, command, GUARD) == "refused.no-link"
        assert code(room, command, Actor("seat", roles=("head", "guard"))) == "refused.no-link"
    assert code(room, c.GiveAnswer("in-order", "guard", ("a", "b")), Actor("practice", roles=("guard",))) == "refused.no-link"
    assert room.ask(c.SeatPerson("guard", "Wu Min"), GUARD)
    assert room.ask(c.RecordDecision("guard", "heard through the door")), "the facilitator hears them"
    assert room.ask(c.MarkAction("go", "done"), Actor("site", "hall"))
    room.ask(c.PressEmergency(str(GUARD), "hall"), GUARD)
    room.ask(c.PressEmergency(str(GUARD), "hall"), GUARD)
    for shown in (seat(room, "guard").shared, wall(room, "hall").shared, seat(room, "head").shared):
        assert shown.emergency is not None
        assert shown.emergency.confirmed
        assert [who.name for who in shown.emergency.roll if who.seats == ("Guard",)] == ["Wu Min"]


@pytest.mark.parametrize("view", ["rulings", "parked", "timeline", "timer"])
def test_the_wall_of_the_site_holds_only_what_was_there_before(view: Any) -> None:
    room = linked()
    room.ask(c.AddNote("parked", "who pays"))
    room.ask(c.TurnWall(view, span_ms=60_000))
    before = wall(room, "hall")
    room.ask(c.ReleaseInject("down"))
    room.ask(c.ReleaseInject("quiet"))
    room.ask(c.AddNote("parked", "later"))
    room.ask(c.AddNote("ruling", "later"))
    room.ask(c.TurnWall(view, span_ms=30_000))
    cut = wall(room, "hall")
    assert (cut.no_link, wall(room).no_link) == (True, False)
    assert cut.inject == before.inject
    assert (cut.view, cut.rulings, cut.parked, cut.answers, cut.awaited) == ("inject", before.rulings, (), None, ())
    room.ask(c.ReleaseInject("up"))
    room.ask(c.TurnWall(view, span_ms=30_000))
    assert wall(room, "hall") == wall(room)


def test_a_wall_turned_before_the_cut_stays_as_it_was() -> None:
    room = linked()
    room.ask(c.TurnWall("timeline"))
    before = wall(room, "hall")
    room.ask(c.ReleaseInject("rope"))
    room.ask(c.AddInject(inject("aside", at="hold", to=["head"], cut={"site": "hall"})))
    room.ask(c.ReleaseInject("aside"))
    room.ask(c.AddNote("ruling", "later"))
    cut = wall(room, "hall")
    assert (cut.view, cut.timeline) == ("timeline", before.timeline)


def test_what_control_plays_has_no_link_to_lose() -> None:
    room = linked()
    room.ask(c.ReleaseInject("down"))
    room.ask(c.StaffRole("guard", "control"))
    assert not seat(room, "guard").no_link
    assert room.ask(c.RecordDecision("guard", "go"), Actor("control", roles=("guard",)))
