"""Joining from another device: a code for each seat, the pass that a browser gets for it, the lobby.

Owns: that codes are shown once and kept as hashes, that one opens one browser, who was sent out (T12). Refuses to own: how often
somebody may try, cookies, addresses (web), and what a seat may do (engine).
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .lease import wall_clock_ms

if TYPE_CHECKING:
    from .engine import Store
    from .serving import Serving

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No letter that is read as a digit, and no U: no words by accident."""

CODE_LENGTH = 8
"""Characters of a code: 40 bits."""

VIEWER = "viewer"
"""The seat of those who only look at the wall; its code is for the whole room and may be used again."""

READ_AS = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class CodeState:
    """What is known of a seat's newest code, which itself is not. Milliseconds since 1970 UTC."""

    made_ms: int
    used_ms: int | None


@dataclass(frozen=True, slots=True)
class Pass:
    """A browser that joined."""

    id: str
    seat: str
    name: str
    made_ms: int
    kicked: bool


@dataclass(frozen=True, slots=True)
class Lobby:
    """Whether and where people may join."""

    locked: bool = False
    paper: bool = False
    """Paper cards are used: no device is awaited."""
    hellos: int = 0
    """Browsers that have the join page open."""
    address: str = ""
    """Where a server was begun last, as people type it; whether it still lives, `served_at` says. Empty: none ever was."""


def plain_code(typed: str) -> str:
    """A code as it was meant: full-width and small letters, dashes and spaces, O for 0, I or L for 1."""
    plain = unicodedata.normalize("NFKC", typed).upper().translate(READ_AS)
    return "".join(char for char in plain if char in CROCKFORD)


def shown_code(code: str) -> str:
    """A code as it is read aloud and typed: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


class Seats:
    """Codes, passes and lobby of every run."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def new_codes(self, run: str, seats: list[str]) -> dict[str, str]:
        """A new code for each of these seats, to be shown once; those before them no longer open anything.

        Raises what `Store.writing` raises.
        """
        codes = {seat: "".join(secrets.choice(CROCKFORD) for _ in range(CODE_LENGTH)) for seat in seats}
        salt = self._salt(run)
        hashed = {seat: _hashed(salt, code) for seat, code in codes.items()}
        with self._store.writing() as writer:
            writer.executemany(
                "INSERT INTO seat_code (run, seat, hash, made_ms, used_ms) VALUES (?, ?, ?, ?, NULL) "
                "ON CONFLICT (run, seat) DO UPDATE SET hash = excluded.hash, made_ms = excluded.made_ms, used_ms = NULL",
                [(run, seat, hash_of, wall_clock_ms()) for seat, hash_of in hashed.items()],
            )
        return {seat: shown_code(code) for seat, code in codes.items()}

    def codes(self, run: str) -> dict[str, CodeState]:
        """For which seats there are codes."""
        with self._store.reading() as reader:
            rows = reader.execute("SELECT seat, made_ms, used_ms FROM seat_code WHERE run = ? ORDER BY seat", (run,)).fetchall()
        return {seat: CodeState(made_ms, used_ms) for seat, made_ms, used_ms in rows}

    def redeem(self, run: str, code: str, name: str) -> tuple[str, str] | None:
        """The seat that a code opens, and the token of a new pass for it; None where it opens nothing, or nothing any more.

        `name` is cleaned by the caller. Raises what `Store.writing` raises.
        """
        plain = plain_code(code)
        hashed = _hashed(self._salt(run), plain)
        if len(plain) != CODE_LENGTH:
            return None
        token = secrets.token_urlsafe(32)
        with self._store.writing() as writer:
            found = writer.execute("SELECT seat, used_ms FROM seat_code WHERE run = ? AND hash = ?", (run, hashed)).fetchone()
            if found is None or (found[1] is not None and found[0] != VIEWER):
                return None
            now_ms = wall_clock_ms()
            writer.execute("UPDATE seat_code SET used_ms = ? WHERE run = ? AND seat = ?", (now_ms, run, found[0]))
            writer.execute(
                "INSERT INTO seat_pass (id, run, seat, hash, name, made_ms, kicked) VALUES (?, ?, ?, ?, ?, ?, 0)",
                (secrets.token_hex(8), run, found[0], _of_token(token), name, now_ms),
            )
        return found[0], token

    def of(self, run: str, token: str) -> Pass | None:
        """The pass of a token; None where there is none, or its holder was sent out."""
        with self._store.reading() as reader:
            row = reader.execute(
                "SELECT id, seat, name, made_ms, kicked FROM seat_pass WHERE hash = ? AND run = ? AND NOT kicked", (_of_token(token), run)
            ).fetchone()
        return None if row is None else _pass(row)

    def passes(self, run: str) -> list[Pass]:
        """Every browser that joined, in order."""
        with self._store.reading() as reader:
            rows = reader.execute(
                "SELECT id, seat, name, made_ms, kicked FROM seat_pass WHERE run = ? ORDER BY made_ms, id", (run,)
            ).fetchall()
        return [_pass(row) for row in rows]

    def kick(self, run: str, pass_id: str) -> None:
        """Send a browser out: its pass opens nothing any more. Raises what `Store.writing` raises."""
        with self._store.writing() as writer:
            writer.execute("UPDATE seat_pass SET kicked = 1 WHERE run = ? AND id = ?", (run, pass_id))

    def rename(self, run: str, pass_id: str, name: str) -> None:
        """Another name, cleaned by the caller, for who holds a pass. Raises what `Store.writing` raises."""
        with self._store.writing() as writer:
            writer.execute("UPDATE seat_pass SET name = ? WHERE run = ? AND id = ?", (name, run, pass_id))

    def move(self, run: str, pass_id: str, seat: str) -> None:
        """Another seat of the same kind for who holds a pass: a screen that hangs elsewhere. Raises what `Store.writing` raises."""
        with self._store.writing() as writer:
            writer.execute("UPDATE seat_pass SET seat = ? WHERE run = ? AND id = ?", (seat, run, pass_id))

    def lobby(self, run: str) -> Lobby:
        """Whether and where people may join."""
        with self._store.reading() as reader:
            row = reader.execute("SELECT locked, paper, hellos, address FROM lobby WHERE run = ?", (run,)).fetchone()
        return Lobby() if row is None else Lobby(bool(row[0]), bool(row[1]), row[2], row[3])

    def set_lobby(
        self, run: str, *, locked: bool | None = None, paper: bool | None = None, hellos: int | None = None, address: str | None = None
    ) -> None:
        """Change what is named. Raises what `Store.writing` raises."""
        with self._store.writing() as writer:
            _make_lobby(writer, run)
            writer.execute(
                "UPDATE lobby SET locked = COALESCE(?, locked), paper = COALESCE(?, paper), hellos = COALESCE(?, hellos), "
                "address = COALESCE(?, address) WHERE run = ?",
                (locked, paper, hellos, address, run),
            )

    def serve(self, run: str, address: str) -> Serving:
        """From now on the run is served at `address`, until that is ended or this process is. Raises what `Store.writing` raises."""
        from .serving import Serving

        return Serving(self._store, run, address)

    def served_at(self, run: str) -> str | None:
        """Where other devices reach the server of a run: empty, where it serves this machine alone; None: none lives."""
        from .serving import served_at

        return served_at(self._store, run)

    def last_port(self, run: str) -> int:
        """The port at which the run was served last; 0: it never was."""
        from .serving import last_port

        return last_port(self._store, run)

    def _salt(self, run: str) -> bytes:
        """One salt for the codes of a run: a code is tried against all of its seats at once."""
        with self._store.reading() as reader:
            row = reader.execute("SELECT salt FROM lobby WHERE run = ?", (run,)).fetchone()
        if row is None:
            with self._store.writing() as writer:
                _make_lobby(writer, run)
                row = writer.execute("SELECT salt FROM lobby WHERE run = ?", (run,)).fetchone()
        return bytes.fromhex(row[0])


def _make_lobby(writer: sqlite3.Connection, run: str) -> None:
    writer.execute(
        "INSERT INTO lobby (run, salt, locked, paper, hellos, address) VALUES (?, ?, 0, 0, 0, '') ON CONFLICT (run) DO NOTHING",
        (run, secrets.token_hex(16)),
    )


def _hashed(salt: bytes, code: str) -> str:
    """Slow on purpose: forty bits in a stolen file are not to be tried out in an afternoon."""
    return hashlib.scrypt(code.encode(), salt=salt, n=2**13, r=8, p=1, dklen=32).hex()


def _of_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _pass(row: tuple[str, str, str, int, int]) -> Pass:
    return Pass(row[0], row[1], row[2], row[3], bool(row[4]))
