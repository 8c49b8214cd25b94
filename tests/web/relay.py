"""A network that falls silent: nothing is refused, ends or arrives. A browser that is set offline fails at once; this one does not."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

ADDRESS = "127.0.0.2"
"""Where the relay is reached, at the port of the server itself; systems that have no such address refuse to listen there."""


class Relay:
    """Between a browser and a server on this machine; `silent` from when it is set, for connections that stand as for new ones."""

    def __init__(self, port: int) -> None:
        """Raises OSError where this machine has no `ADDRESS`."""
        self.port = port
        self._listening = socket.create_server((ADDRESS, port))
        self._ends: list[socket.socket] = []
        self._dead: set[socket.socket] = set()
        self._silent = False
        self.swallowed = 0
        """Connections on which something was said that never arrived."""
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def silent(self) -> bool:
        return self._silent

    @silent.setter
    def silent(self, silent: bool) -> None:
        """Connections over which it fell silent stay dead, as those of a phone that went from one access point to another."""
        self._silent = silent
        if silent:
            self._dead.update(self._ends)

    def close(self) -> None:
        for end in [self._listening, *self._ends]:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self.port))
                self._ends += [near, far]
                if self._silent:
                    self._dead.update((near, far))
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while said := one.recv(65536):
                if one in self._dead:
                    self.swallowed += 1
                else:
                    other.sendall(said)
            if one not in self._dead:
                other.shutdown(socket.SHUT_WR)
