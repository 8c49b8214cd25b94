"""Moving about on the pages before and after play."""

WORDS = {
    "up": "Up",
    "up.help": "Goes one row up; where there are no rows, scrolls.",
    "down": "Down",
    "down.help": "Goes one row down; where there are no rows, scrolls.",
    "page-up": "Page up",
    "page-up.help": "Goes one page up.",
    "page-down": "Page down",
    "page-down.help": "Goes one page down.",
    "first": "Top",
    "first.help": "Goes to the first row.",
    "last": "Bottom",
    "last.help": "Goes to the last row.",
    "choose": "Choose",
    "keep": "Keep",
    "leave": "Leave as it was",
    "esc-first": "{key} is not for this line: enter or esc first.",
}
