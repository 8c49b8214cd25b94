"""What is wrong with a file that says who plays which role."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "no-role": "{given!r} is not a role of this exercise.",
    "no-role.hint": "tabletop show lists the roles.",
    "not-holders": "A role needs its people by holder.",
    "not-holders.hint": "Write: teller-1: {{A: Li Wei, B: Wang Fang}}",
    "no-holder": "{given!r} is not a holder of a role.",
    "no-holder.hint": "Holders are A and B.",
    "no-name": "This is not a name.",
    "no-name.hint": "Write the name as text.",
}
