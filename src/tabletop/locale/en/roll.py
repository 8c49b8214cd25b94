"""Calling the roll: who is here, the rest by control."""

WORDS = {
    "title": "Who is here? The rest is played by control.",
    "nobody-yet": "The digits of those who are here.",
    "here": "here",
    "control": "control",
    "with": "with {role}",
    "keys": "digits mark who is here (0 and a digit from 10 on)   backspace none   ↑↓ and → the same   enter done   esc closes",
    "done": "{here} here, {control} by control.",
    "leaves-who": "Who leaves?",
    "left": "Nobody sits at {role} any more. Who plays it?",
    "left-control": "control",
    "left-nobody": "nobody: its actions are owed no more",
    "left-with": "another role as well",
    "left-people": "people, as before",
}
