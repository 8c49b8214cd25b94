"""A search that finds nothing proves nothing: each way in which a token can reach somebody who may not see it is found."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tabletop.exercise.injects import Inject
from tests.canary import Canary, canary

from .room import Kept, Reader, leaks, now_ms

EXERCISE = Path(__file__).parents[2] / "exercises" / "armed-hostage.yaml"


@cache
def hostage() -> Canary:
    """The exercise of tokens; nothing here changes it."""
    return canary(EXERCISE)


def an_inject() -> Inject:
    return next(inject for inject in hostage().exercise.injects if inject.notes and not inject.to)


def found_in(data: list[bytes], roles: tuple[str, ...] = (), after: dict[str, int] | None = None) -> list[str]:
    kept = Kept()
    for part in data:
        kept.add(part)
    return list(leaks(hostage(), Reader("somebody", dict.fromkeys(roles or ("",), ""), kept), after or {}).values())


@pytest.mark.parametrize(
    "wrapped",
    [
        "{}",
        "<p hidden>{}</p>",
        "\x1b]2;{}\x07",
        "\x1b[1m{a}\x1b[0m\x1b[38;2;1;2;3m{b}\x1b[0m",
        "{a}\x1b[12;1H{b}",
    ],
)
def test_a_note_is_found_however_it_comes(wrapped: str) -> None:
    notes = an_inject().notes
    assert isinstance(notes, dict)
    token = notes["zh-Hans"]
    data = wrapped.format(token, a=token[:3], b=token[3:]).encode()
    [found] = found_in([b"x" * 300, data])
    assert "notes" in found
    [found] = found_in([data[: len(data) // 2], data[len(data) // 2 :]])
    assert "notes" in found


def test_what_comes_before_its_right_is_found() -> None:
    inject = an_inject()
    assert isinstance(inject.title, dict)
    title, name = inject.title["en"], f"released:{inject.id}"
    assert len(found_in([title.encode()])) == 1
    assert found_in([title.encode()], after={name: now_ms() - 1000}) == []
    [found] = found_in([title.upper().encode()], after={name: now_ms() + 1000})
    assert "early" in found


def test_what_is_anothers_is_found() -> None:
    teller, guard = (hostage().exercise.role_by_id[hostage().ids[role]] for role in ("teller-1", "guard"))
    assert isinstance(guard.duty, dict)
    assert len(found_in([guard.duty["en"].encode()], (teller.id,))) == 1
    assert found_in([guard.duty["en"].encode()], (guard.id,)) == []
