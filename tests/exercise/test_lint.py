"""Lints: each found where it is meant to be, none where it is not, and silenced by `accept`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tabletop.exercise.lint import CODES
from tabletop.exercise.loading import check_file
from tabletop.exercise.problems import worded
from tabletop.words import Words
from tests.exercise import samples
from tests.exercise.samples import lints_of, loaded, second, written

REAL = 'real_emergency: {number: "110", muster: Outside}'
SMALL = samples.changed(("injects:", f"{REAL}\ninjects:"))


def changed(*pairs: tuple[str, str], base: str = SMALL, more: str = "") -> str:
    """`samples.changed`, of an exercise that says what a real emergency needs."""
    return samples.changed(*pairs, base=base, more=more)


ACTION = "{id: %s, title: A, by: teller, criticality: %s, category: notify, objective: alarm%s}"

CLEAN = changed(
    ("    kind: situation", "    kind: recovery"),
    ("    expects:\n", "    expects:\n      - " + ACTION % ("wait", "normal", "") + "\n"),
)


def actions(*rows: tuple[str, str, str]) -> str:
    return "".join(f"      - {ACTION % row}\n" for row in rows)


def test_an_exercise_can_be_clean(tmp_path: Path) -> None:
    assert lints_of(tmp_path, CLEAN) == []


ASKS = "".join(f"      - {{id: q{number}, question: Q, answer: text}}\n" for number in range(3))
THIRTEEN = "".join(
    second(f"asks: [{{id: q{number}, question: Q, answer: text, within: 5s}}]", at=f"at: {number}m", name=f"i{number}")
    for number in range(13)
)
CRITICAL = actions(
    *((f"c{number}", "critical", ", within: 1m") for number in range(7)), *((f"n{number}", "normal", "") for number in range(20))
)
HOLD = second("cue: {not: {action: c0, state: done}}", at="at: hold")
CORE = changed(("title: Knife", "title: Knife\n    core: true"), base=CLEAN)
SITES = changed(("roles:", "sites:\n  - {id: hall, title: Hall}\nroles:"), base=CLEAN)
LONG_EN, LONG_ZH = "word " * 101, "字" * 201

FOUND: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "no number for a real emergency": (CLEAN.replace(f"{REAL}\n", ""), [("no-emergency", "small")]),
    "a number and no muster point": (CLEAN.replace(", muster: Outside", ""), []),
    "an objective with one action": (SMALL.replace("situation", "recovery"), [("single-action", "alarm")]),
    "an objective with none": (
        changed(("title: Alarm}", "title: Alarm}\n  - {id: calm, title: Calm}"), base=CLEAN),
        [("single-action", "calm")],
    ),
    "an objective with one action and a line": (
        changed(("kind: situation", "kind: recovery"), ("title: Alarm}", "title: Alarm, lines: [{id: l, title: L}]}")),
        [],
    ),
    "seven objectives": (
        changed(
            (
                "title: Alarm}",
                "title: Alarm}\n" + "\n".join(f"  - {{id: o{n}, title: O, lines: [{{id: l{n}, title: L}}]}}" for n in range(6)),
            ),
            base=CLEAN,
        ),
        [("many-objectives", "small")],
    ),
    "six objectives": (
        changed(
            (
                "title: Alarm}",
                "title: Alarm}\n" + "\n".join(f"  - {{id: o{n}, title: O, lines: [{{id: l{n}, title: L}}]}}" for n in range(5)),
            ),
            base=CLEAN,
        ),
        [],
    ),
    "seven critical actions": (CLEAN + CRITICAL + HOLD, [("many-critical", "small")]),
    "a third of them critical": (CLEAN + actions(("c0", "critical", ", within: 1m")) + HOLD, [("many-critical", "small")]),
    "thirty in a hundred": (
        CLEAN + actions(*((f"c{n}", "critical", ", within: 1m") for n in range(3)), *((f"n{n}", "normal", "") for n in range(5))) + HOLD,
        [],
    ),
    "a critical action without a deadline": (
        CLEAN + actions(("c0", "critical", ""), *((f"n{n}", "normal", "") for n in range(5))) + HOLD,
        [("no-deadline", "c0")],
    ),
    "no hold for a critical action": (
        CLEAN + actions(("c0", "critical", ", within: 1m"), *((f"n{n}", "normal", "") for n in range(5))) + HOLD.replace("c0", "n0"),
        [("no-hold", "small")],
    ),
    "no recovery": (CLEAN.replace("recovery", "call"), [("no-recovery", "small")]),
    "three asks on an inject": (
        changed(("    expects:", f"    asks:\n{ASKS}    expects:"), base=CLEAN),
        [("many-asks-of-inject", "knife")],
    ),
    "thirteen asks": (CLEAN + THIRTEEN, [("many-asks", "small")]),
    "twelve asks": (CLEAN + THIRTEEN[: THIRTEEN.index("  - id: i12")], []),
    "four prompts at once": (
        CLEAN + "".join(second(f"asks: [{{id: q{n}, question: Q, answer: text}}]", at=f"at: {n * 30}s", name=f"i{n}") for n in range(4)),
        [("many-open", "teller")],
    ),
    "four prompts, one after the other": (
        CLEAN + "".join(second(f"asks: [{{id: q{n}, question: Q, answer: text}}]", at=f"at: {n * 60}s", name=f"i{n}") for n in range(4)),
        [],
    ),
    "four prompts, by a chain": (
        CLEAN
        + second("asks: [{id: q0, question: Q, answer: text}]", name="i0")
        + "".join(
            second(f"asks: [{{id: q{n}, question: Q, answer: text}}]", at=f"after: {{inject: i{n - 1}, delay: 10s}}", name=f"i{n}")
            for n in range(1, 4)
        ),
        [("many-open", "teller")],
    ),
    "an idle role": (
        changed(("duty: Serves}", "duty: Serves}\n  - {id: cook, title: Cook, duty: Cooks}"), base=CLEAN),
        [("idle-role", "cook")],
    ),
    "two roles of one short name": (
        changed(("duty: Serves}", "duty: Serves}\n  - {id: second, title: Teller 2, short: TELLER, duty: x, meanwhile: x}"), base=CLEAN),
        [("same-short", "second")],
    ),
    "two roles of one short name in one of the languages": (
        changed(
            ("languages: [en]", "languages: [en, zh-Hans]"),
            ("duty: Serves}", "duty: Serves, short: {en: T, zh-Hans: 柜}}\n  - {id: second, title: G, short: T, duty: x, meanwhile: x}"),
            base=CLEAN,
        ),
        [("same-short", "second")],
    ),
    "two roles whose titles begin alike": (
        changed(("duty: Serves}", "duty: Serves}\n  - {id: second, title: Teller 2, duty: Serves, meanwhile: x}"), base=CLEAN),
        [("same-short", "second")],
    ),
    "a role with something meanwhile": (
        changed(("duty: Serves}", "duty: Serves}\n  - {id: cook, title: Cook, duty: Cooks, meanwhile: Cooks}"), base=CLEAN),
        [],
    ),
    "a simulated role": (
        changed(("duty: Serves}", "duty: Serves}\n  - {id: cook, title: Cook, duty: Cooks, simulated: true}"), base=CLEAN),
        [],
    ),
    "a role asked with the room": (
        changed(("duty: Serves}", "duty: Serves}\n  - {id: cook, title: Cook, duty: Cooks}"), base=CLEAN)
        + second("asks: [{id: q, question: Q, answer: text}]"),
        [],
    ),
    "a phase that the discussion leaves out": (
        changed(
            ("injects:", "phases: [{id: one, title: One}, {id: two, title: Two}, {id: none, title: None}]\ninjects:"),
            ("core: true", "core: true\n    phase: one"),
            base=CORE,
        )
        + second("phase: two"),
        [("phase-without-core", "two")],
    ),
    "no core at all": (
        changed(("injects:", "phases: [{id: one, title: One}]\ninjects:"), ("title: Knife", "title: Knife\n    phase: one"), base=CLEAN),
        [],
    ),
    "a core objective without core": (
        changed(("title: Alarm}", "title: Alarm, core: true}"), base=CLEAN) + second("core: true"),
        [("core-objective", "alarm")],
    ),
    "a long text in words": (CLEAN.replace("A man with a knife.", LONG_EN), [("long-text", "knife")]),
    "a text of a hundred words": (CLEAN.replace("A man with a knife.", "word " * 100), []),
    "a long text in characters": (CLEAN.replace("A man with a knife.", f"{{en: Short, zh-Hans: {LONG_ZH}}}"), [("long-text", "knife")]),
    "a text of two hundred characters": (CLEAN.replace("A man with a knife.", f"{{en: Short, zh-Hans: {LONG_ZH[:200]}}}"), []),
    "after the end": (
        CLEAN + second(at="at: 31m") + second(at="after: {inject: second, delay: 1m}", name="third"),
        [("after-end", "second"), ("after-end", "third")],
    ),
    "a cue that means nothing": (CLEAN + second("cue: {elapsed: 5m}"), [("cue-without-hold", "second")]),
    "a link that nothing restores": (SITES + second("cut: {site: hall}"), [("cut-stays", "second")]),
    "a link that comes back": (SITES + second("cut: {site: hall}") + second("restore: {site: hall}", at="at: hold", name="third"), []),
    "injects that wait for each other by paths": (
        CLEAN + second("when: {released: third}") + second("when: {any: [{released: second}]}", name="third"),
        [("unreached", "second"), ("unreached", "third")],
    ),
    "after one that nothing reaches": (
        CLEAN + second("when: {elapsed: 31m}") + second(at="after: {inject: second}", name="third"),
        [("unreached", "second"), ("unreached", "third")],
    ),
    "paths that something reaches": (
        CLEAN
        + second(
            "when: {all: [{action: press, state: done}, {not: {released: fourth}}, {elapsed: 5m}]}",
            "asks: [{id: q, question: Q, answer: choice, options: [{id: a, text: A}]}]",
        )
        + second("when: {answer: q, is: [a]}", name="third")
        + second("when: {any: [{released: third}, {released: fourth}]}", at="at: hold", name="fourth"),
        [],
    ),
    "a comment behind a text": (CLEAN.replace("title: Knife", "title: Counter # 2"), [("comment", "knife")]),
    "a comment behind a text of a language": (CLEAN.replace("setting: A hall.", "setting:\n  en: A hall # 2"), [("comment", "small")]),
    "comments elsewhere": (
        CLEAN.replace("at: 0s", "at: 0s # due")
        .replace("title: Knife", "title: 'Knife' # fine")
        .replace("id: knife", "# free\n    id: knife # the first"),
        [],
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_looks_wrong_is_told_and_nothing_else(name: str, tmp_path: Path) -> None:
    text, expected = FOUND[name]
    assert lints_of(tmp_path, text) == expected


def test_every_lint_is_tested() -> None:
    assert {code for _, expected in FOUND.values() for code, _ in expected} | {"unused-accept"} == set(CODES)


@pytest.mark.parametrize("name", FOUND)
def test_every_lint_can_be_accepted_and_has_words(name: str, tmp_path: Path) -> None:
    text, expected = FOUND[name]
    for warning in loaded(tmp_path, text).warnings:
        for language in ("en", "zh-Hans"):
            assert f"warning[{warning.code.removeprefix('lint.')}]: " in worded(warning, Words(language))
            assert worded(warning, Words(language))[-1] in ".。？?"
    accepts = "".join(f"  - {{lint: {code}, on: {on}, because: it is meant so}}\n" for code, on in expected)
    if accepts:
        assert lints_of(tmp_path, text.replace("injects:\n", f"accept:\n{accepts}injects:\n")) == []


@pytest.mark.parametrize(
    ("accept", "line"),
    [
        (
            "{lint: no-recovery, on: small, because: x}",
            "accept.0: warning[unused-accept]: accepts 'no-recovery' on 'small', which is not found there.",
        ),
        ("{lint: no-recovry, on: small, because: x}", "which is not found there. Did you mean 'no-recovery'?"),
        ("{lint: idle-role, on: cook, because: x}", "accepts 'idle-role' on 'cook', which is not found there."),
    ],
)
def test_accepting_what_is_not_there_is_a_lint(accept: str, line: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, CLEAN.replace("injects:\n", f"accept:\n  - {accept}\ninjects:\n")).warnings
    assert [warning.code for warning in found] == ["lint.unused-accept"]
    assert worded(found[0], Words()).endswith(line)


def test_a_file_with_problems_has_no_lints(tmp_path: Path) -> None:
    found = check_file(written(tmp_path, SMALL.replace("by: teller", "by: x")))
    assert [one.severity for one in found] == ["error"]


def test_decks_are_looked_at_too(tmp_path: Path) -> None:
    deck = "format: 1\ndeck: d\ntitle: D # 2\nlanguages: [en]\nslots: {r: role, o: objective}\ninjects:\n" + second(
        "expects: [{id: e, title: E, by: r, criticality: critical, category: notify, objective: o}]", at="at: hold"
    )
    found = check_file(written(tmp_path, deck))
    assert [(one.line, one.code, one.severity) for one in found] == [(3, "lint.comment", "warning"), (12, "lint.no-deadline", "warning")]


def test_long_chains_are_followed_soon(tmp_path: Path) -> None:
    chain = "".join(second(at=f"after: {{inject: i{n + 1}, delay: 1s}}", name=f"i{n}") for n in range(4000)) + second(
        at="at: hold", name="i4000"
    )
    assert lints_of(tmp_path, CLEAN + chain) == []
