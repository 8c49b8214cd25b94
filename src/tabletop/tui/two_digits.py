"""Numbers of one key or two: a digit, or from 10 on `0` and a digit, as name tents have them."""

from __future__ import annotations


class TwoDigits:
    """The number that somebody is pressing."""

    def __init__(self, *, waiting: bool = False) -> None:
        self.waiting = waiting
        """Whether `0` was pressed: the next digit is the second of the number."""

    def take(self, digit: str) -> int | None:
        """The number that is complete with `digit`, 10 for a second `0`; None: another digit follows."""
        if digit == "0" and not self.waiting:
            self.waiting = True
            return None
        number = int(digit) + (10 if self.waiting else 0)
        self.waiting = False
        return number

    def shown(self, sign: str = "0·") -> str:
        """A mark while another digit is awaited."""
        return f" {sign}" if self.waiting else ""
