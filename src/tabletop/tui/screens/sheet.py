"""What the screens before and after play share: one page of lines, a question at its foot, the same keys to move about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import ClassVar, TypeVar

from textual import events
from textual.content import Content
from textual.css.query import NoMatches
from textual.widget import Widget

from tabletop.engine.state import State

from ..actions import footer_key, footer_of, key_name
from ..pages.lines import Line
from ..widgets.footer import Footer
from ..widgets.lines import Lines
from ..widgets.question import Question, Then
from ..widgets.sheet import Sheet
from .base import TabletopScreen

Result = TypeVar("Result")


ON_ENTER = frozenset({"enter", "edit", "open"})
"""Actions of the key `enter`."""


class SheetScreen(TabletopScreen[Result]):
    """A page of lines. Subclasses give `page`, and what stands fixed above and below it."""

    ASKED: ClassVar[tuple[str, str]] = ("pages.keep", "pages.leave")
    """Word codes of what `enter` and `esc` do while a question is open."""

    def body(self) -> Iterable[Widget]:
        yield Lines(id="above")
        yield Sheet()
        yield Lines(id="below")
        yield Question()

    @property
    def sheet(self) -> Sheet:
        return self.query_one(Sheet)

    @property
    def question(self) -> Question:
        return self.query_one(Question)

    @property
    def row(self) -> str:
        """The row one stands on."""
        return self.sheet.row

    def page(self, width: int) -> Sequence[Line]:
        """The lines of the page for a width in cells."""
        raise NotImplementedError

    def above(self, width: int) -> Sequence[Content]:
        """Lines that stay above the page."""
        return ()

    def below(self, width: int) -> Sequence[Content]:
        """Lines that stay below the page."""
        return ()

    def show(self, state: State) -> None:
        self.draw()

    def draw(self, row: str | None = None) -> None:
        """Draws page and fixed lines anew; goes to `row` where one is named."""
        try:
            sheet = self.sheet
        except NoMatches:
            return
        sheet.show(self.page, row)
        self._draw_fixed()

    def _draw_fixed(self) -> None:
        width = max(10, self.size.width - 2)
        self.query_one("#above", Lines).show(self.above(width))
        self.query_one("#below", Lines).show(self.below(width))

    def on_resize(self, event: events.Resize) -> None:
        self._draw_fixed()

    def on_sheet_moved(self, event: Sheet.Moved) -> None:
        event.stop()
        self.moved(event.row)

    def on_question_turned(self, event: Question.Turned) -> None:
        """While a question is open, the footer says how to leave it."""
        event.stop()
        words = self.words
        keep, leave = self.ASKED
        how = (" ".join(event.choices), words("pages.choose")) if event.choices else (key_name("enter", words), words(keep))
        asked = [how, (key_name("escape", words), words(leave))]
        self.query_one(Footer).tell(asked if event.opened else self.foot())

    def foot(self) -> list[tuple[str, str]]:
        """The footer while no question is open: pairs of key and what it does."""
        return [(footer_key(action, self.words), self.words(action.title)) for action in footer_of(self.ACTIONS)]

    def moved(self, row: str) -> None:
        """Another row is current: pages that unfold their row are drawn anew."""
        self.draw()

    def ask_for(
        self,
        label: str,
        then: Then,
        *,
        value: str = "",
        placeholder: str = "",
        draft: str = "",
        choices: Collection[str] = (),
        left: Callable[[], None] | None = None,
    ) -> None:
        """Asks for a line of text; with `draft`, what is typed is kept under that name until it is taken or left."""
        desk = self.app.desk if draft else None

        def changed(text: str) -> None:
            if desk is not None:
                desk.keep_draft(draft, text)

        def taken(text: str) -> str | None:
            wrong = then(text)
            if wrong is None and desk is not None:
                desk.drop_draft(draft)
            return wrong

        def gone() -> None:
            if desk is not None:
                desk.drop_draft(draft)
            if left is not None:
                left()

        kept = desk.drafts.get(draft, "") if desk is not None else ""
        self.question.ask(label, taken, value=kept or value, placeholder=placeholder, choices=choices, left=gone, changed=changed)

    def typed(self, event: events.Key) -> str:
        """The printable character of a key, if it begins a text: no digit, no space; empty otherwise."""
        character = event.character or ""
        if len(character) != 1 or not character.isprintable() or character.isspace() or character.isdigit() or event.key in self._bound():
            return ""
        return character

    def _bound(self) -> set[str]:
        return set(self._bindings.key_to_bindings) | set(self.app._bindings.key_to_bindings)

    def on_key(self, event: events.Key) -> None:
        """A key pressed after a question opened, that came before its field had the focus, goes into the field."""
        asked = self.question
        if (asked.overtaken(event) or self._not_now(event)) if asked.is_open else self.begins(event):
            event.stop()

    def _not_now(self, event: events.Key) -> bool:
        """Says so where a key that does something on this screen is pressed while a question is open: no digit after it may surprise."""
        name = event.key
        meant = (name[:1] == "f" and name[1:].isdigit()) or name in ("tab", "shift+tab") or name.startswith("ctrl+")
        if not meant or name not in self._bindings.key_to_bindings:
            return False
        # Asked four times a second, also while the program is being left and the line is gone already.
        stands = lambda: any(question.is_open for question in self.query(Question))  # noqa: E731
        self.app.refuse("pages.esc-first", stands=stands, key=key_name(name, self.words))
        return True

    def begins(self, event: events.Key) -> bool:
        """Whether a key begins a text of its own on this screen; then it has been taken."""
        return False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a question is open its keys are its own."""
        if not self.is_mounted:
            return True
        return not (self.question.is_open or (action in ON_ENTER and self.question.has_just_closed_by_choice))

    # Keys of the page.

    def action_move(self, by: int) -> None:
        self.sheet.move(by)

    def action_leaf(self, pages: int) -> None:
        self.sheet.leaf(pages)

    def action_to_end(self, last: bool) -> None:
        self.sheet.to_end(last)
