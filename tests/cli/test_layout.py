"""Text in columns, measured in cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabletop.cli.layout import table, term_list, wrap
from tabletop.text import cells

TEXTS = st.text(alphabet="ab cd演练，。（“」 x\n", max_size=80)


@given(TEXTS, st.integers(4, 30))
def test_no_line_is_wider_than_asked_and_nothing_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_chinese_breaks_anywhere_but_before_closing_punctuation() -> None:
    assert wrap("柜员按下报警按钮，然后等待。", 16) == ["柜员按下报警按", "钮，然后等待。"]
    assert wrap("他说（小声）：快走。", 8) == ["他说（小", "声）：快", "走。"]


def test_latin_words_stay_whole_unless_they_cannot() -> None:
    assert wrap("release the inject now", 11) == ["release the", "inject now"]
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]


def test_line_ends_of_the_text_stay() -> None:
    assert wrap("one\n\ntwo", 20) == ["one", "", "two"]


def test_terms_are_padded_by_cells() -> None:
    assert term_list([("柜员", "first"), ("teller", "second")], 40) == ["  柜员    first", "  teller  second"]


def test_a_long_term_stands_alone() -> None:
    long = "--a-very-long-option [one|two|three]"
    assert term_list([(long, "what it does"), ("-h", "help")], 60) == [f"  {long}", "      what it does", "  -h  help"]


@pytest.mark.parametrize("width", [None, 30])
def test_columns_stand_under_each_other(width: int | None) -> None:
    lines = table([("演练", "a", "the last column may be long"), ("x", "bbb", "short")], width)
    assert lines[0].startswith("演练  a    the last")
    assert lines[-1] == "x     bbb  short"
    assert all(cells(line) <= (width or 99) for line in lines)


def test_a_table_without_rows_is_no_lines() -> None:
    assert table([]) == []
