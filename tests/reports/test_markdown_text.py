"""Text that nobody vouches for stays text in Markdown (T5): rendered, it reads as it was typed."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tabletop.debrief.build import debrief
from tabletop.engine import commands as c
from tabletop.report import FORMATS
from tabletop.report.markdown_text import bullets, escape, heading, paragraph, table
from tabletop.text import cells, clean_line
from tests.builders import ExerciseDraft, Play
from tests.reports.runs import RUN

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

EVIL = [
    "# heading",
    "![beacon](https://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a | b | c",
    "| - | - |",
    "`code` and ``more``",
    "**bold** _soft_ ~~gone~~",
    "&lt;b&gt; &amp; &#35;",
    "1. one",
    "2) two",
    "- item",
    "+ item",
    "* item",
    "> quote",
    "=====",
    "-----",
    "***",
    "\\| \\` \\\\",
    "<https://evil.example>",
    "https://evil.example/?a=1&b=2 www.evil.example me@evil.example",
    "```\nfence\n```",
    "    indented",
    "line one\nline two\r\nline three",
    "[ref]: https://evil.example",
    "[^1]: note",
    "$x$ and $$y$$",
    "- [ ] task",
    "\u202ereversed\x1b[31m",
    "trailing\\",
    "",
]

TEXTS = st.one_of(
    st.sampled_from(EVIL),
    st.text(alphabet=st.sampled_from("ab12 \\`*_{}[]()#<>!|~&$@+-=.:;/%^\"'\n\t，。演练"), max_size=40),
    st.text(max_size=30),
)


def read(html: str) -> str:
    """What a person reads of rendered HTML, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def marks(html: str) -> set[str]:
    return set(re.findall(r"<([a-z0-9]+)", html))


@pytest.mark.parametrize("text", EVIL)
def test_it_reads_as_it_was_typed_wherever_it_stands(text: str) -> None:
    plain = " ".join(clean_line(text).split())
    for lines, allowed in ((paragraph(text), {"p"}), (bullets([text]), {"ul", "li"}), (heading(2, text), {"h2"})):
        html = READER.render("\n".join(lines))
        assert read(html) == plain
        assert marks(html) <= allowed


@given(TEXTS)
def test_any_text_reads_as_it_was_typed(text: str) -> None:
    plain = " ".join(clean_line(text).split())
    html = READER.render("\n".join(paragraph(text)))
    assert " ".join(unescape(re.sub(r"</?p>", "", html)).split()) == plain
    assert READER.render("\n".join(bullets([text]))).count("<li>") == 1


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=4))
def test_no_text_adds_or_leaves_a_cell(rows: list[list[str]]) -> None:
    html = READER.render("\n".join(table(["One", "Two", "Three"], rows)))
    found = [" ".join(unescape(cell).split()) for cell in re.findall(r"<td>(.*?)</td>", html, re.S)]
    assert found == [" ".join(clean_line(cell).split()) for row in rows for cell in row]
    assert marks(html) <= {"table", "thead", "tbody", "tr", "th", "td"}


def test_nothing_becomes_a_link_for_readers_that_guess_them() -> None:
    assert escape("https://evil.example www.evil.example me@evil.example") == r"https\://evil.example www\.evil.example me\@evil.example"


def test_columns_line_up_in_cells() -> None:
    lines = table(["角色", "Number"], [["柜员", "1"], ["Branch manager", "12"]], right=[1])
    assert len({cells(line) for line in lines if line}) == 1
    assert lines[1] == "| -------------- | -----: |"


def test_long_texts_do_not_stretch_every_row() -> None:
    lines = table(["A"], [["x" * 300], ["y"]])
    assert cells(lines[3]) < 50


@pytest.mark.parametrize("text", EVIL)
def test_nothing_typed_in_a_run_makes_markup_in_its_report(text: str) -> None:
    draft = ExerciseDraft(title=text or "x", handling=text or "x").role("teller", title=text or "x").objective("alarm", title=text or "x")
    exercise = draft.inject("knife", title=text or "x").expects("press", by="teller", objective="alarm", title=text or "x").build()
    play = Play(exercise, site=text).start().release("knife")
    if text.strip():
        play.decision("teller", text, text).note("gap", text).note("parked", text).note("strength", text).note("ruling", text)
        play.do(c.SendMessage("teller", "teller", text))
    play.at("1m").mark("press", "missed", note=text).do(c.Pause(text)).do(c.Resume()).end("5m", note=text).lock()
    html = READER.render(FORMATS["md"].render(debrief(exercise, play.entries, RUN), "en").decode())
    structure = {"h1", "h2", "h3", "p", "ul", "li", "strong", "table", "thead", "tbody", "tr", "th", "td"}
    assert marks(html) <= structure
    assert html.count("<h1>") == 1
    assert html.count("<h2>") == 14
