"""The app as far as it deals with keys: each is handed out once the one before it has done its work, and keeps the time of its press.

Three voices in ten seconds are twenty keys or so, some of them pressed before a panel is there, some while the disk is still busy with
the last mark. None may be lost, none may land in the wrong panel, and what was said is timed when the key was pressed.

Owns: the order of keys, their times, and what an input method commits where no text is taken. Refuses to own: what a key does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import ClassVar, Protocol, runtime_checkable

from textual import events, on
from textual._time import get_time
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.timer import Timer
from textual.widgets import Input, TextArea

from tabletop.words import Words

from .input_method import COMMIT_S, INPUT_METHOD_S, apart, renewed, tell_esc_apart, understood

tell_esc_apart()

AT_ONCE = frozenset({"ctrl+g", "f12", "ctrl+q", "ctrl+c"})
"""Keys that wait for nothing: the emergency, and leaving."""

STUCK_S = 0.5
"""Seconds after which the next key no longer waits for one whose screen is gone."""

HELD_S = 4.0
"""Seconds after which keys are handed out again though nobody let them go on: what they waited for on the screen has gone."""

ROUNDS = 2
"""A key makes a message of its field, and that message makes a command: the mark that follows a key goes round twice."""


HELD = events.Key("", None)
"""Stands for the key at work while the next one has to wait."""

RECORDING = events.Key("", None)
"""Stands for it while the next one has to wait for the store, which says yes or no in the end, however long it takes."""


Typed = events.Key | events.Paste


@runtime_checkable
class LeftAtOnce(Protocol):
    """A screen that may be left while the store is busy."""

    @property
    def at_once(self) -> frozenset[str]:
        """Keys that wait for no store."""
        ...

    def keep_typed(self, typed: Sequence[Typed]) -> None:
        """Keeps what was typed on meanwhile; it is handed out no more."""
        ...


class Settled(Message, bubble=True):
    """Follows a key through the same queues: where it arrives, the key has done its work."""

    def __init__(self, target: MessagePump, rounds: int, key: Typed) -> None:
        super().__init__()
        self.target = target
        self.rounds = rounds
        self.key = key


class KeyedApp(App[None], inherit_bindings=False):
    """An app that hands out keys one at a time."""

    words: Words
    INPUT_METHOD_HINT: ClassVar = "console.input-method"
    """Word code of what to press while an input method is on."""

    def __init__(self) -> None:
        super().__init__()
        self.key_clock: Callable[[], float] = get_time
        """Seconds on the clock that dates keys; a test with a clock of its own sets one that stands."""
        self._waiting: deque[Typed] = deque()
        self._out: Typed | None = None
        """The key that is at work."""
        self._out_since = 0.0
        self._watch: Timer | None = None
        self._acting: events.Key | None = None
        """The key whose binding is being followed just now."""
        self._commit_until = float("-inf")
        """Until when a key still belongs to what an input method has committed."""

    @property
    def key_age_ms(self) -> int:
        """Milliseconds since the key was pressed that is being followed; 0 where no key is."""
        return 0 if self._acting is None else self.age_ms(self._acting)

    def age_ms(self, key: events.Key) -> int:
        """Milliseconds since `key` was pressed."""
        return max(0, round(1000 * (self.key_clock() - key.time)))

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Paste) and not event.is_forwarded:
            self._waiting.append(event)
            await self._next_key()
        elif not isinstance(event, events.Key):
            await super().on_event(event)
        elif event.is_forwarded:
            await self._follow(event)
        elif event.key in AT_ONCE:
            await self._hand_out_at_once(event)
        else:
            self._waiting.extend(apart(event))
            await self._next_key()

    async def _follow(self, event: events.Key) -> None:
        """What no widget took: the bindings may have it."""
        key = self._sorted(event)
        if key is None:
            return
        self._acting = key
        try:
            await super().on_event(key)
        finally:
            self._acting = None

    async def _next_key(self) -> None:
        if self._out is RECORDING:
            await self._let_by()
        while self._waiting and self._out is None:
            await self._hand_out(self._waiting.popleft())
        if self._waiting and self._watch is None:
            self._watch = self.set_timer(STUCK_S, self._unstick)

    async def _let_by(self) -> None:
        """A key of the screen that no store holds up comes before those that wait; what was typed before it is kept."""
        screen = self.screen
        keys = screen.at_once if isinstance(screen, LeftAtOnce) else frozenset()
        at = next((n for n, event in enumerate(self._waiting) if isinstance(event, events.Key) and event.key in keys), None)
        if at is not None:
            self.keep_waiting(at)
            await self._hand_out(self._waiting.popleft())

    def keep_waiting(self, number: int | None = None) -> None:
        """The screen is being left: it keeps the first `number` of what waits, all where that is None."""
        screen = self.screen
        if isinstance(screen, LeftAtOnce):
            screen.keep_typed([self._waiting.popleft() for _ in range(len(self._waiting) if number is None else number)])

    async def _hand_out_at_once(self, event: events.Key) -> None:
        """What is held goes on being held."""
        held = self._out if self._out in (HELD, RECORDING) else None
        await self._hand_out(event)
        if held is not None and self._out is not None:
            self._out = held

    async def _paste(self, event: events.Paste) -> None:
        keep_pasted = getattr(self.screen, "keep_pasted", None)
        if keep_pasted is not None and keep_pasted(event):
            return
        target = self.focused or self.screen
        self._out, self._out_since = event, get_time()
        await super().on_event(event)
        self._send_after(target, ROUNDS, event)

    async def _hand_out(self, event: Typed) -> None:
        if isinstance(event, events.Paste):
            await self._paste(event)
            return
        key = self._sorted(event)
        if key is None:
            return
        target = self.focused or self.screen
        only_text = isinstance(target, Input) and target.value != "" and key.is_printable
        self._out = self._acting = key
        self._out_since = get_time()
        try:
            await super().on_event(key)
        finally:
            self._acting = None
        if only_text:
            # One more letter of a text changes nothing for the next key.
            self._out = None
        else:
            self._send_after(target, ROUNDS, key)

    def _send_after(self, target: MessagePump, rounds: int, key: Typed) -> None:
        if not target.post_message(Settled(target, rounds, key)) and self._out is key:
            self._out = None

    @on(Settled)
    async def _settled(self, message: Settled) -> None:
        message.stop()
        if message.key is not self._out:
            return
        if message.rounds > 1:
            self._send_after(message.target, message.rounds - 1, message.key)
        else:
            self._out = None
        await self._next_key()

    async def _unstick(self) -> None:
        self._watch = None
        longest = HELD_S if self._out is HELD else STUCK_S / 2
        if self._out not in (None, RECORDING) and get_time() - self._out_since >= longest:
            self._out = None
        await self._next_key()

    def go_on_with_keys(self) -> None:
        """The screen that had the last key is gone: the next one need not wait for it."""
        self._out = None
        self.call_later(self._next_key)

    def hold_keys(self) -> None:
        """Nothing more is handed out until `go_on_with_keys`: what comes next decides whose the next key is."""
        self._out, self._out_since = HELD, get_time()

    def hold_until_recorded(self) -> None:
        """The same while the store is asked, for as long as it takes; keys that the screen names `at_once` are not held up."""
        self._out = RECORDING
        self.call_later(self._next_key)

    def hand_again(self, typed: Sequence[Typed]) -> None:
        """Hands out what a panel kept: before anything that was typed later, to whatever stands on top then."""
        self._waiting.extendleft(renewed(event) if isinstance(event, events.Key) else event for event in reversed(typed))
        self.call_later(self._next_key)

    def _sorted(self, event: events.Key) -> events.Key | None:
        """The key as it is meant, for the screen that stands on top now; None where a panel keeps it, or an input method meant text."""
        if event.is_forwarded:
            meant = getattr(event, "meant_for", None)
            if meant is self.screen or meant not in self.screen_stack:
                return event
            # A panel has opened since the key was pressed: it is the panel's.
            event = renewed(event)
        event.meant_for = self.screen  # type: ignore[attr-defined]  # where it was sent first
        keep_early = getattr(self.screen, "keep_early", None)
        if keep_early is not None and keep_early(event):
            return None
        if self.takes_text():
            return event
        if event.is_printable and event.time <= self._commit_until:
            # The rest of a text that was committed where none is taken: its digits and question marks are no commands.
            self._commit_until = event.time + COMMIT_S
            return None
        key, strange = understood(event)
        if strange:
            self._commit_until = event.time + COMMIT_S
            self.notify(self.words(self.INPUT_METHOD_HINT), timeout=INPUT_METHOD_S, markup=False)
        return key

    def takes_text(self) -> bool:
        """Whether what is typed now goes into a text field."""
        return isinstance(self.focused, Input | TextArea) or getattr(self.screen, "takes_typing", False)
