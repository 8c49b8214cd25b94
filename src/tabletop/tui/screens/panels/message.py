"""A message from a role to a role, in the name of who has no device: a simulated role, or somebody who says it aloud."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from tabletop.engine import commands as c

from ...look import clock_text, plain, role_title, spread
from .frame import Field, Recording
from .roles import RolePanel

if TYPE_CHECKING:
    from ..base import OfTheApp


class MessagePanel(Recording[bool]):
    """What a role tells another. Gives True once it is recorded.

    What people said is of the time of the key that began it; what control says for a role is said when it is sent.
    """

    DRAFT: ClassVar[str] = "message"
    AUTO_FOCUS = "Field"

    def __init__(self, role: str, to: str, said_ms: int, text: str = "") -> None:
        super().__init__()
        self.role = role
        self.to = to
        self.said_ms = said_ms
        self._text = text

    @property
    def draft(self) -> str:
        return f"{self.DRAFT}:{self.role}:{self.to}"

    def compose(self) -> ComposeResult:
        kept = self.kept()
        text, said_ms = kept.get("text"), kept.get("said_ms")
        if not self._text and isinstance(text, str) and text and isinstance(said_ms, int):
            self._text, self.said_ms = text, said_ms
        yield from super().compose()

    def fields(self) -> Iterable[Widget]:
        yield Field(value=self._text)

    def draft_values(self) -> dict[str, object]:
        text = self.query_one(Field).value
        return {"said_ms": self.said_ms, "text": text} if text.strip() else {}

    def heading(self) -> Content:
        title = self.words("door.message-text", role=self._title(self.role), to=self._title(self.to))
        return spread(plain(title, "bold"), plain("" if self._by_control else clock_text(self.said_ms)), self.inner)

    @property
    def _by_control(self) -> bool:
        return self.desk.plan.staffed_by(self.desk.state, self.role) == "control"

    def _title(self, role: str) -> str:
        return role_title(self.desk.exercise, role, self.language)

    def keys(self) -> str:
        return self.words("panel.type")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        if self.sending:
            return
        if not text:
            self.app.refuse("panel.needed")
            return
        self.sending = True
        said_ms = None if self._by_control else self.said_ms
        self.app.ask(c.SendMessage(self.role, self.to, text, said_ms), then=lambda _: self._done(), failed=self.failed)

    def _done(self) -> None:
        self.sent()
        self.app.tell("door.message-sent", role=self._title(self.role), to=self._title(self.to))
        self.dismiss(True)


def open_message(
    screen: OfTheApp[None], said_ms: int, sender: str | None = None, text: str = "", then: Callable[[], object] | None = None
) -> None:
    """Asks from whom and to whom by a digit each, then for the words; `then` is called once the message is recorded."""
    app, words = screen.app, screen.words

    def sent(done: bool | None) -> None:
        if done and then is not None:
            then()

    def from_whom(role: str | None) -> None:
        if role is None:
            return
        others = [other.id for other in screen.desk.exercise.roles if other.id != role]
        title = words("door.message-to", role=role_title(screen.desk.exercise, role, screen.language))

        def to_whom(to: str | None) -> None:
            if to is not None:
                app.push_screen(MessagePanel(role, to, said_ms, text), sent)

        app.push_screen(RolePanel(title, among=others), to_whom)

    if sender is None:
        app.push_screen(RolePanel(words("door.message-from")), from_whom)
    else:
        from_whom(sender)
