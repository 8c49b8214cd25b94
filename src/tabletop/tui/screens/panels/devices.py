"""Who is at a device: each terminal and browser with its seat and whether it is there; a browser can be sent out."""

from __future__ import annotations

from textual import events
from textual.content import Content

from tabletop.engine.joining import VIEWER

from ...crowd import Device
from ...in_sight import still_at
from ...look import apart, column, number_key, plain
from ...seat_names import device_title, named_by_seat, seat_and_name
from ...two_digits import TwoDigits
from ...widgets.room_rows import AWAY, HERE, NO_DEVICE, wall_time
from .frame import Box, Choice, digit_of


class DevicesPanel(Box[None]):
    """All devices, those that are there first."""

    BINDINGS = [("up", "move(-1)", "up"), ("down", "move(1)", "down"), ("enter", "take", "take")]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.cursor = 0
        """Where the cursor stood last."""
        self._on = ""
        """The place of the device it stood on: devices come and go while the panel is open."""
        self._number = TwoDigits()

    @property
    def devices(self) -> list[Device]:
        return sorted(self.desk.crowd.devices, key=lambda device: (not device.here, device.gone))

    def heading(self) -> Content:
        return plain(self.words("door.devices-title", n=len(self.desk.crowd.here)) + self._number.shown(), "bold")

    def rows(self) -> list[Content]:
        devices = self.devices
        if not devices:
            return [Content.styled(self.words("door.devices-none"), "$text-muted")]
        self._stand_on(still_at([device.place for device in devices], self._on, self.cursor), devices)
        row = lambda index: self._row(index, devices[index]).truncate(self.inner, ellipsis=True)  # noqa: E731
        return self.listed(len(devices), row, self.cursor, self.most_rows)

    def _row(self, index: int, device: Device) -> Content:
        words = self.words
        sign = HERE if device.here else NO_DEVICE if device.gone else AWAY
        if device.here:
            state = words("door.typing" if device.typing else "door.now-here")
        elif device.gone:
            state = words("door.left")
        else:
            state = words("door.away", time=wall_time(device.away_ms or 0))
        return Content.assemble(
            column(number_key(index + 1), 4, "bold $text-accent"),
            apart(f"{sign} {device_title(self.desk.plan, device.seat, words)}", 34, "bold"),
            apart("" if named_by_seat(device.seat, device.name) else device.name, 16),
            apart(words(f"door.kind-{device.kind}") if device.kind in ("terminal", "browser") else plain(device.kind).plain, 10),
            plain(state),
        )

    def keys(self) -> str:
        return self.words("door.devices-keys")

    def action_move(self, by: int) -> None:
        devices = self.devices
        if devices:
            at = still_at([device.place for device in devices], self._on, self.cursor)
            self._stand_on((at + by) % len(devices), devices)
        self.draw()

    def _stand_on(self, at: int, devices: list[Device]) -> None:
        self.cursor, self._on = at, devices[at].place

    def action_take(self) -> None:
        found = next((device for device in self.devices if device.place == self._on), None)
        if found is None:
            self.draw()
        else:
            self._ask(found)

    def _ask(self, device: Device) -> None:
        words = self.words
        if not device.pass_id:
            self.app.refuse("door.kick-not")
            return
        who = seat_and_name(self.desk.plan, device.seat, device.name, words)

        def chosen(at: int | None) -> None:
            if at == 1:
                self.desk.at_door(lambda door: door.kick(device.pass_id), done, self.app.say)

        def done(_: object) -> None:
            self.app.tell("door.kicked", who=who)
            self.draw()

        # Its code is for the whole room: it is used up by nobody.
        wall = device.actor is not None and device.actor.kind == VIEWER
        title = plain(words("door.kick-wall-title" if wall else "door.kick-title", who=who), "bold")
        self.app.push_screen(Choice(title, [plain(words("door.kick-no")), plain(words("door.kick-yes"))]), chosen)

    def on_key(self, event: events.Key) -> None:
        digit = digit_of(event.character)
        if digit is None:
            return
        event.stop()
        number = self._number.take(digit)
        devices = self.devices
        if number is not None and number <= len(devices):
            self._stand_on(number - 1, devices)
            self._ask(devices[self.cursor])
        self.draw()
