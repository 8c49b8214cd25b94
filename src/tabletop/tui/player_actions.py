"""What players can do at a station and in front of the wall: keys, footer and help read these tables. Nothing of the console's."""

from __future__ import annotations

from .actions import Action

EMERGENCY = Action("emergency", ("ctrl+g", "f12"), "station.emergency", priority=True, twice=True)
LEAVE = Action("leave", ("ctrl+q",), "station.leave", priority=True)
HELP = Action("help", ("f1", "question_mark"), "station.help", footer=6)

READ = Action("read", ("f8",), "station.read", footer=5)

OF_PLAYERS: tuple[Action, ...] = (EMERGENCY, LEAVE, Action("theme", ("f10",), "station.theme", priority=True))
"""On every screen of players."""

STATION_ACTIONS: tuple[Action, ...] = (
    Action("digit", tuple("1234567890"), "station.digit", footer=1, keyed=True),
    Action("send", ("enter",), "station.send", footer=2),
    Action("why", ("ctrl+r", "f4"), "station.why", footer=3, priority=True),
    Action("next_task", ("tab",), "station.next", footer=4),
    Action("previous_task", ("shift+tab",), "station.previous"),
    READ,
    Action("message", ("f2", "m"), "station.message", footer=5),
    Action("decision", ("f3", "d"), "station.decision"),
    Action("scroll(-1)", ("up",), "station.up"),
    Action("scroll(1)", ("down",), "station.down"),
    Action("scroll(-8)", ("pageup",), "station.page-up", priority=True),
    Action("scroll(8)", ("pagedown",), "station.page-down", priority=True),
    Action("back", ("escape",), "station.back"),
    HELP,
)

HIDE = Action("hide", ("f9", "h"), "station.hide", footer=4)
"""Only where a laptop goes from hand to hand."""

ROOM_ACTIONS: tuple[Action, ...] = (Action("theme", ("t",), "station.theme"),)
