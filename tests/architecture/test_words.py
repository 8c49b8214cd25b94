"""The word tables: the same keys and placeholders in every language, and a word for every code the program says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest

import tabletop
from tabletop.words import LANGUAGES

SOURCE = Path(tabletop.__file__).parent
PACKAGES = {language: language.replace("-", "_").lower() for language in LANGUAGES}


@cache
def areas(language: str) -> frozenset[str]:
    return frozenset(path.stem for path in (SOURCE / "locale" / PACKAGES[language]).glob("*.py")) - {"__init__"}


@cache
def table(language: str, area: str) -> dict[str, str]:
    words: dict[str, str] = import_module(f"tabletop.locale.{PACKAGES[language]}.{area}").WORDS
    return words


def placeholders(template: str) -> set[str]:
    return {name.partition(".")[0].partition("[")[0] for _, name, _, _ in Formatter().parse(template) if name is not None}


AREAS = sorted(areas("en"))
CODE = re.compile(rf"(?:{'|'.join(map(re.escape, AREAS))})\.[a-z0-9].*")
"""What a string must look like to be a code: an area, a dot, a name."""

FILES = (".py", ".yaml", ".db", ".tcss", ".html", ".css", ".js")
"""Ends of names of files, which may look like codes."""

ANYTHING = "\x00"
"""Stands for the part of an f-string that is only known later."""


def test_every_language_has_every_area() -> None:
    assert {language: areas(language) for language in LANGUAGES} == {language: areas("en") for language in LANGUAGES}


@pytest.mark.parametrize("area", AREAS)
def test_every_language_has_every_key(area: str) -> None:
    keys = {language: table(language, area).keys() for language in LANGUAGES}
    assert {language: sorted(keys["en"] ^ found) for language, found in keys.items()} == {language: [] for language in LANGUAGES}


@pytest.mark.parametrize("area", AREAS)
def test_every_language_fills_in_the_same_values(area: str) -> None:
    for key, template in table("en", area).items():
        for language in LANGUAGES:
            other = placeholders(table(language, area)[key])
            assert other == placeholders(template) or ("#" in key and other <= placeholders(template) | {"n"}), f"{area}.{key}"


@pytest.mark.parametrize("area", AREAS)
def test_a_word_for_none_or_one_belongs_to_a_word_for_many(area: str) -> None:
    words = table("en", area)
    for key in words:
        of, _, number = key.partition("#")
        if number:
            assert number in ("none", "one"), f"{area}.{key}"
            assert "n" in placeholders(words[of]), f"{area}.{key}"


@pytest.mark.parametrize("area", AREAS)
def test_chinese_is_written_with_chinese_punctuation(area: str) -> None:
    wrong = {key: text for key, text in table("zh-Hans", area).items() if re.search(r"[\u4e00-\u9fff](?:[,;!?]|:\s|:$)", text)}
    assert wrong == {}


def modules() -> list[Path]:
    return [path for path in sorted(SOURCE.rglob("*.py")) if "locale" not in path.parts]


def texts_of(tree: ast.AST) -> Iterator[str]:
    """Every string a module holds but its docstrings; what an f-string fills in is `ANYTHING`."""
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            silent |= {id(part) for part in node.values}
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else ANYTHING for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.value


def known(code: str) -> bool:
    """Whether a table has the code, or, for one with an open part or an open end, a code of that form."""
    area, _, name = code.partition(".")
    if name.endswith(("-", ".")):
        name += ANYTHING
    if ANYTHING not in name:
        return name in table("en", area)
    form = re.compile(".+".join(map(re.escape, name.split(ANYTHING))))
    return any(form.fullmatch(key) for key in table("en", area))


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_every_code_has_a_word(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    codes = {text for text in texts_of(tree) if CODE.fullmatch(text) and " " not in text and not text.endswith(FILES)}
    assert sorted(code for code in codes if not known(code)) == []


RAISED = {"TabletopError", "NotFound", "Refused"}


def spoken(tree: ast.AST) -> Iterator[tuple[int, str, set[str], bool]]:
    """Line, code, given values, and whether a hint goes with it, of every call that words a code and shows all its values."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args or any(keyword.arg is None for keyword in node.keywords):
            continue
        first = node.args[0]
        named = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
        if named not in RAISED | {"words"} or not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            continue
        yield node.lineno, first.value, {keyword.arg for keyword in node.keywords if keyword.arg is not None}, named in RAISED


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_every_code_is_given_what_its_words_need(path: Path) -> None:
    lacking = []
    for line, code, given, hinted in spoken(ast.parse(path.read_text(encoding="utf-8"))):
        area, _, name = code.partition(".")
        if area in AREAS:
            words = table("en", area)
            needed = placeholders(words.get(name, "")) | (placeholders(words.get(f"{name}.hint", "")) if hinted else set())
            lacking += [f"line {line}: {code} needs {sorted(needed - given)}"] if needed - given else []
    assert lacking == []


TEMPLATES = sorted((SOURCE / "web" / "templates").glob("*.html"))
QUOTED = re.compile(r"""(["'])(?P<text>[^"'{}<>]*)\1(?P<more>\s*~)?""")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_code_of_a_page_has_a_word(path: Path) -> None:
    found = QUOTED.finditer(path.read_text(encoding="utf-8"))
    codes = {match["text"] + (ANYTHING if match["more"] else "") for match in found}
    coded = [code for code in codes if CODE.fullmatch(code) and not code.endswith(FILES)]
    assert sorted(code for code in coded if not known(code)) == []
