"""Projections: the tables behind the public views, written in the transaction of the append they follow from.

`rows` maps the name of a view (`decision_log`, `inject_log`, `action_log`, `run_summary`, `improvement_plan`) to rows; a row maps
columns of that view to values:

* The key columns name the row: `seq` for `decision_log`, `inject`, `action`, `id`; `run_summary` has one row a run. `run` is the
  log's own run unless the row says another (the programme's log keeps the plans of other runs).
* A row that is there already gets the values given and keeps the others; a new one has null where nothing is given.
* `{KEY: ..., "delete": True}` takes the row away.

Owns: upserting and deleting rows. Refuses to own: working them out, which is the conductor's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from functools import cache

from .schema import PROJECTIONS

Rows = Mapping[str, Sequence[Mapping[str, object]]]

DELETE = "delete"
"""In a row: take it away."""

_FORGOTTEN = ("pace", "subject", "site", "level", "started", "ended", "people", "score", "grade", "evidence")
"""Columns of `run` that are worked out from the log."""


def put(writer: sqlite3.Connection, run: str, rows: Rows) -> None:
    """Upsert and delete rows. Raises KeyError for a view, ValueError for a column that the contract does not have."""
    for view, changed in rows.items():
        projection = PROJECTIONS[view]
        for row in changed:
            values = {"run": run, **row}
            if values.pop(DELETE, False):
                writer.execute(
                    f"DELETE FROM {projection.table} WHERE run = ? AND {projection.key} = ?", (values["run"], values[projection.key])
                )
            elif projection.key:
                writer.execute(_upsert(view, tuple(values)), tuple(values.values()))
            else:
                owner = values.pop("run")
                writer.execute(_update(view, tuple(values)), (*values.values(), owner))


def replace(writer: sqlite3.Connection, run: str, rows: Rows) -> None:
    """Put `rows` in the place of every row of `run`, and of every other run that `rows` name."""
    for view, projection in PROJECTIONS.items():
        owners = {run, *(str(row["run"]) for row in rows.get(view, ()) if "run" in row)}
        for owner in owners:
            if projection.key:
                writer.execute(f"DELETE FROM {projection.table} WHERE run = ?", (owner,))
            else:
                writer.execute(f"UPDATE run SET {', '.join(f'{column} = NULL' for column in _FORGOTTEN)} WHERE id = ?", (owner,))
    put(writer, run, rows)


@cache
def _upsert(view: str, columns: tuple[str, ...]) -> str:
    projection = PROJECTIONS[view]
    _known(view, columns)
    if projection.key not in columns:
        raise ValueError(f"{view} needs {projection.key}")
    changed = [column for column in columns if column not in ("run", projection.key)]
    then = "UPDATE SET " + ", ".join(f"{column} = excluded.{column}" for column in changed) if changed else "NOTHING"
    return (
        f"INSERT INTO {projection.table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "
        f"ON CONFLICT (run, {projection.key}) DO {then}"
    )


@cache
def _update(view: str, columns: tuple[str, ...]) -> str:
    _known(view, columns)
    return f"UPDATE {PROJECTIONS[view].table} SET {', '.join(f'{column} = ?' for column in columns)} WHERE id = ?"


def _known(view: str, columns: tuple[str, ...]) -> None:
    """Names of columns go into SQL as they are: only the contract's do."""
    unknown = set(columns) - set(PROJECTIONS[view].columns)
    if unknown:
        raise ValueError(f"{view} has no {', '.join(sorted(unknown))}")
