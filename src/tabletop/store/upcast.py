"""Old bodies in today's shape: a sealed body never changes, so what is read is brought up to date, step by step.

A field that was added with a default needs nothing here. Where the shape of a kind changed, its version goes up in
`VERSIONS`, a step from each older version stands in `STEPS`, and `schema.VERSION` goes up so that older programs refuse
the store (F18). Version 1 is not written; later ones stand in the body as `v`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

VERSION_KEY = "v"
"""Where a body says its version; no event has a field of that name."""

Body = dict[str, Any]
Step = Callable[[Body], Body]

VERSIONS: dict[str, int] = {}
"""The newest version of each kind; 1 where a kind is not named."""

STEPS: dict[tuple[str, int], Step] = {}
"""From a version of a kind to the next."""


def stamped(kind: str, body: Mapping[str, Any], versions: Mapping[str, int] = VERSIONS) -> Mapping[str, Any]:
    """`body` with the version it is written in."""
    version = versions.get(kind, 1)
    return body if version == 1 else {**body, VERSION_KEY: version}


def upcast(kind: str, body: str, versions: Mapping[str, int] = VERSIONS, steps: Mapping[tuple[str, int], Step] = STEPS) -> str:
    """The stored JSON text of a body in the newest shape of its kind."""
    newest = versions.get(kind)
    if newest is None:
        return body
    content: Body = json.loads(body)
    for version in range(content.pop(VERSION_KEY, 1), newest):
        content = steps[kind, version](content)
    return json.dumps(content, ensure_ascii=False)
