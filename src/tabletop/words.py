"""Words for codes: one table for each language and area, read when first needed.

A code is `AREA.NAME`: `refused.already-released` is the entry `already-released` of
`tabletop/locale/LANGUAGE/refused.py`. Its hint, where there is one, is `already-released.hint`. Where a value named `n`
is 0 or 1 and the table has `NAME#none` or `NAME#one`, that entry is taken.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec

LANGUAGES = ("en", "zh-Hans")
"""Languages the interface speaks."""

FALLBACK = {"zh-Hant": "zh-Hans", "zh-Hans": "en"}
"""Where a language has no word for something, the next one to ask."""


@cache
def _table(language: str, area: str) -> Mapping[str, str]:
    package = f"tabletop.locale.{language.replace('-', '_').lower()}"
    name = f"{package}.{area}"
    if find_spec(package) is None or find_spec(name) is None:
        return {}
    table: Mapping[str, str] = import_module(name).WORDS
    return table


def find(code: str, language: str) -> str | None:
    """The template behind `code` in `language` or in what it falls back to; None where no table has it."""
    area, _, name = code.partition(".")
    asked: str | None = language
    while asked is not None:
        template = _table(asked, area).get(name)
        if template is not None:
            return template
        asked = FALLBACK.get(asked)
    return None


class Words:
    """Words codes in one language: `words("refused.not-started")`."""

    def __init__(self, language: str = "en") -> None:
        self.language = language

    def __call__(self, code: str, /, **values: object) -> str:
        """The sentence behind `code`. A code that no table has is a KeyError: a fault of ours."""
        number = {0: "none", 1: "one"}.get(n) if isinstance(n := values.get("n"), int) else None
        template = find(f"{code}#{number}", self.language) if number else None
        template = template if template is not None else find(code, self.language)
        if template is None:
            raise KeyError(code)
        return template.format_map(values) if values else template.replace("{{", "{").replace("}}", "}")

    def hint(self, code: str, /, **values: object) -> str:
        """What to do about `code`; empty where there is no hint."""
        template = find(f"{code}.hint", self.language)
        return "" if template is None else template.format_map(values)


def language_of_system() -> str:
    """The interface language when nobody says: TABLETOP_LANG, then the locale of the environment, then English."""
    for name in ("TABLETOP_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return closest(value)
    return "en"


def closest(name: str) -> str:
    """The language of ours that a locale name (`zh_CN.UTF-8`, `zh-Hant`, `de`) comes closest to."""
    plain = name.partition(".")[0].replace("_", "-").lower()
    if plain.startswith("zh"):
        return "zh-Hant" if any(part in plain for part in ("hant", "tw", "hk", "mo")) else "zh-Hans"
    return "en"
