"""Lines of a page: cells, not characters; nothing is lost; rows keep their place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tabletop.text import cells
from tabletop.tui.pages.lines import MAY_NOT_BEGIN, Cell, Page, columns, rows_of, wrapped

TEXT = st.text(st.sampled_from("abc XYZ，。、（）一二三四五六[/]{b}1é"), max_size=120)


@given(TEXT, st.integers(2, 60))
def test_no_line_is_wider_than_asked(text: str, width: int) -> None:
    assert all(cells(line) <= width for line in wrapped(text, width))


@given(TEXT, st.integers(2, 60))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    assert "".join("".join(wrapped(text, width)).split()) == "".join(text.split())


@given(st.text(st.sampled_from("一二三四五六七八，。、！"), min_size=1, max_size=60), st.integers(8, 40))
def test_chinese_punctuation_begins_no_line(text: str, width: int) -> None:
    alone = 4
    runs = max(len(run) for run in "".join(" " if char not in MAY_NOT_BEGIN else char for char in text).split(" "))
    if runs < alone and text[0] not in MAY_NOT_BEGIN:
        assert not any(line and line[0] in MAY_NOT_BEGIN for line in wrapped(text, width)[1:])


def test_newlines_of_a_text_are_kept() -> None:
    assert wrapped("one\n\ntwo", 20) == ["one", "", "two"]


def test_a_word_longer_than_the_line_is_torn() -> None:
    assert wrapped("abcdefgh ij", 4) == ["abcd", "efgh", "ij"]


@given(st.lists(st.tuples(TEXT, st.integers(0, 12), st.booleans()), min_size=1, max_size=5), st.integers(20, 100))
def test_columns_take_exactly_the_width(parts: list[tuple[str, int, bool]], width: int) -> None:
    fields = [Cell(text, room, right=right) for text, room, right in parts]
    if any(not room for _, room, _ in parts):
        assert columns(fields, width).cell_length == width


def test_brackets_stay_what_they_are() -> None:
    assert columns([Cell("[/nope] [b"), Cell("[red]x[/]", 9)], 24).plain == "[/nope] [b     [red]x[/]"


def test_rows_stand_in_order_and_once() -> None:
    page = Page(20)
    page.heading("Head")
    page.text("a long text that wraps", row="a")
    page.fields([Cell("b")], row="b")
    assert rows_of(page.lines) == ("a", "b")
