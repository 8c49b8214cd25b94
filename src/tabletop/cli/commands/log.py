"""`tabletop log`: the decision log of a run, or every event of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from tabletop.cli.group import Invocation, tabletop_command
from tabletop.cli.layout import table
from tabletop.cli.stored import open_store, played
from tabletop.text import clean_line
from tabletop.words import Words

if TYPE_CHECKING:
    from tabletop.engine.events import Entry
    from tabletop.engine.plan import Plan
    from tabletop.exercise.model import Exercise

Row = dict[str, object]

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
"""What a cell may not begin with, or a spreadsheet works it out (T6)."""


@tabletop_command("log")
@click.argument("run")
@click.option("--events", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--csv", "as_csv", is_flag=True)
@click.pass_obj
def command(said: Invocation, run: str, events: bool, as_json: bool, as_csv: bool) -> None:
    """Prints what was decided, or with `--events` everything that happened. Raises NotFound."""
    if as_json and as_csv:
        raise click.UsageError(said.words("runs.json-or-csv"))
    from tabletop.engine.plan import plan_of

    with open_store(said) as store:
        row = store.find_run(run)
        if events:
            exercise, state, entries = played(store, row)
            rows = [event_row(entry) for entry in entries]
            if not as_csv:
                plan = plan_of(exercise, state)
                rows = [{**line, **_pressed(entry, plan, said.words)} for line, entry in zip(rows, entries, strict=True)]
        else:
            rows = [{**line, "retracted": bool(line["retracted"])} for line in store.view("decision_log", row.id)]
        if not as_json and not as_csv and not events:
            exercise, _, entries = played(store, row)
            said.output.lines(decision_lines(rows, exercise, said.words, said.output.width, _next_reports(entries)))
            return
    if as_json:
        said.output.json("events" if events else "log", rows)
    elif as_csv:
        said.output.lines(csv_lines(rows))
    else:
        said.output.lines(table(_event_columns(rows), said.output.width))


def event_row(entry: Entry) -> Row:
    """An event as `--json` prints it."""
    from tabletop.engine.events import to_body
    from tabletop.store.chain import wall_time

    return {
        "seq": entry.seq,
        "id": entry.id,
        "kind": entry.event.kind,
        "wall_time": wall_time(entry.wall_ms),
        "exercise_s": entry.exercise_ms / 1000,
        "actor": entry.actor,
        "body": {key: value for key, value in to_body(entry.event).items() if key != "kind"},
    }


def _pressed(entry: Entry, plan: Plan, words: Words) -> Row:
    """At which place an emergency was pressed, as far as that press says: a seat of a group has no one site in its entry."""
    from tabletop.engine.emergency import pressed_at
    from tabletop.engine.events import EmergencyConfirmed, EmergencyRaised
    from tabletop.text import localise

    if not isinstance(entry.event, EmergencyRaised | EmergencyConfirmed):
        return {}
    return {"place": localise(pressed_at(plan, entry.event), words.language)}


def _event_columns(rows: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    import json

    from tabletop.exercise.durations import clock

    for row in rows:
        at, body = row["exercise_s"], json.dumps(row["body"], ensure_ascii=False)
        assert isinstance(at, float)
        told = f"{row['place']} {body}" if row.get("place") else body
        yield str(row["seq"]), clock(at), str(row["kind"]), str(row["actor"]), clean_line(told)


def csv_lines(rows: Sequence[Row]) -> Iterator[str]:
    """A line for the names of the columns and one for each row; no cell is a formula."""
    if not rows:
        return
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="")
    lines: list[list[object]] = [list(rows[0]), *(list(row.values()) for row in rows)]
    for line in lines:
        text.seek(0)
        text.truncate()
        writer.writerow([_cell(value) for value in line])
        yield text.getvalue()


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return "" if value is None else value
    line = clean_line(value)
    return f"'{line}" if line.startswith(FORMULA) else line


def _next_reports(entries: Sequence[Entry]) -> dict[int, int]:
    """By log entry, when a report said that the next one comes, in exercise milliseconds."""
    from tabletop.engine.events import AnswerGiven

    answers = ((entry.seq, entry.event) for entry in entries)
    return {seq: event.next_report_ms for seq, event in answers if isinstance(event, AnswerGiven) and event.next_report_ms is not None}


def decision_lines(
    rows: Sequence[Row], exercise: Exercise, words: Words, width: int | None, next_reports: Mapping[int, int]
) -> Iterator[str]:
    """One decision a line: when, who, what, when they report again, why; what was taken back says so."""
    if not rows:
        yield words("runs.log-none")
        return
    yield from table((_decision_columns(row, exercise, words, next_reports) for row in rows), width)


def _decision_columns(row: Row, exercise: Exercise, words: Words, next_reports: Mapping[int, int]) -> tuple[str, ...]:
    from tabletop.exercise.durations import clock

    at = row["exercise_s"]
    role = exercise.role_by_id.get(str(row["role"]))
    name = str(row["role"] or "") if role is None else role.short_name(words.language)
    told = clean_line(str(row["decision"] or ""))
    if row["amends"]:
        told = words("runs.log-changed", decision=told)
    if (due_ms := next_reports.get(int(str(row["seq"])))) is not None:
        told += words("runs.log-next", time=clock(due_ms / 1000))
    if row["rationale"]:
        told += words("runs.log-because", reason=clean_line(str(row["rationale"])))
    if row["retracted"]:
        told = words("runs.log-taken-back", decision=told)
    return clock(float(str(at))) if at is not None else "-", name, clean_line(str(row["person"] or "")), told
