"""click's own sentences in the reader's language.

click passes each of them through a function named `_` (or `ngettext`) of the module that says it. The table
`click` of each language holds them under keys of ours; the English one holds exactly what click would say.
"""

from __future__ import annotations

from click import core, decorators, exceptions, formatting, parser, types

from tabletop.locale.en.click import WORDS as ENGLISH
from tabletop.words import Words, find

SPEAKING = (core, decorators, exceptions, formatting, parser, types)
"""Modules of click that say something on the way to a command; gettext, with its search for catalogues, is left out of it."""

KEYS = {sentence: key for key, sentence in ENGLISH.items()}


def speak(words: Words) -> None:
    """From here on click speaks the language of `words`. A sentence that the table lacks stays as click says it."""

    def translated(sentence: str) -> str:
        key = KEYS.get(sentence)
        return sentence if key is None else find(f"click.{key}", words.language) or sentence

    def counted(one: str, many: str, count: int) -> str:
        return translated(one if count == 1 else many)

    for module in SPEAKING:
        said = vars(module)
        said.update({name: speaker for name, speaker in (("_", translated), ("ngettext", counted)) if name in said})
