"""Who was let in with which form of the door, so that a browser that sends it twice gets its seat, and not that its code is used (T12).

Owns: which pass a form came to, for some minutes, in memory alone. Refuses to own: whether a code is right (store), and how often
somebody may try (tries). A pass is handed over again only to what sends the very form, code and secret cookie to which it was given, or
what holds that pass already: nobody gets by it what they do not have.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

KEPT_S = 600
"""Seconds for which it is known what a form came to."""

MOST = 2000
"""Forms of which it is known."""

Opened = tuple[str, str]
"""The seat that a code opened, and the token of the pass for it."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a browser sent from the door."""

    once: str
    """Names the page on which it was typed; empty: nobody knows which that was."""
    code: str
    """The code as it was meant."""
    hello: str
    """The secret of the browser; empty: it has none."""


@dataclass(frozen=True, slots=True)
class _Given:
    hello: str
    since_s: float
    opened: asyncio.Task[Opened | None]


class LetIn:
    """What forms came to, on a monotonic clock in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._given: dict[tuple[str, str], _Given] = {}

    def before(self, form: Form, token: str) -> asyncio.Task[Opened | None] | None:
        """What the form comes to, or came to, where the same browser sent it before; None: it did not, or it opened nothing.

        `token`: of the pass that the browser holds; empty: of none.
        """
        self._forget()
        given = self._given.get((form.once, form.code))
        if given is None:
            return None
        if form.hello and form.hello == given.hello:
            return given.opened
        return given.opened if token and given.opened.done() and _token(given.opened) == token else None

    def begin(self, form: Form, redeem: Awaitable[Opened | None]) -> asyncio.Task[Opened | None]:
        """Sees whether the code opens anything, to the end, though the browser that asked may be gone by then."""
        opened = asyncio.ensure_future(redeem)
        assert isinstance(opened, asyncio.Task)
        if form.once:
            key = form.once, form.code
            given = self._given[key] = _Given(form.hello, self._clock(), opened)
            opened.add_done_callback(lambda _: self._settle(key, given))
            while len(self._given) > MOST:
                del self._given[next(iter(self._given))]
        return opened

    def _settle(self, key: tuple[str, str], given: _Given) -> None:
        """A form that opened nothing is tried anew when it comes again."""
        if not _token(given.opened) and self._given.get(key) is given:
            del self._given[key]

    def _forget(self) -> None:
        """The secrets of what is long ago go."""
        oldest_s = self._clock() - KEPT_S
        for key in [key for key, given in self._given.items() if given.since_s < oldest_s]:
            del self._given[key]


def _token(opened: asyncio.Task[Opened | None]) -> str:
    """The token of the pass that was given; empty: none was."""
    found = None if opened.cancelled() or opened.exception() is not None else opened.result()
    return "" if found is None else found[1]
