"""The shelf: what is found where, what hides what, and that a broken file is only an entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from tabletop.cli.commands.new import skeleton
from tabletop.errors import NotFound
from tabletop.library import Library, Shelf, standard_shelves
from tabletop.library.shelves import glance, shipped_root, yaml_files

DECK = """\
format: 1
deck: {id}
title: A deck
languages: [en]
injects:
  - id: noise
    at: hold
    kind: situation
    title: A noise
    text: Something falls over.
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def exercise(path: Path, name: str) -> Path:
    return write(path, skeleton("en").replace("NEW-ID", name))


@pytest.fixture
def shelves(tmp_path: Path) -> tuple[Shelf, Shelf, Shelf]:
    """Three shelves with nothing on them, nearest first."""
    return (
        Shelf.under("project", tmp_path / "project"),
        Shelf.under("user", tmp_path / "user"),
        Shelf.under("shipped", tmp_path / "shipped"),
    )


def test_the_nearer_hides_the_further_and_says_so(shelves: tuple[Shelf, ...]) -> None:
    near = exercise(shelves[0].exercises / "mine.yaml", "bag")
    middle = exercise(shelves[1].exercises / "other-name.yml", "bag")
    far = exercise(shelves[2].exercises / "bag.yaml", "bag")
    alone = exercise(shelves[2].exercises / "alone.yaml", "alone")
    library = Library(shelves)
    assert (library.find("bag"), library.find("alone")) == (near, alone)
    entries = {entry.id: entry for entry in library.entries()}
    assert (entries["bag"].path, entries["bag"].origin, entries["bag"].hides) == (near, "project", (middle, far))
    assert (entries["alone"].origin, entries["alone"].hides) == ("shipped", ())


def test_a_deck_is_found_by_its_id_and_the_nearest_wins(shelves: tuple[Shelf, ...]) -> None:
    near = write(shelves[1].injects / "a.yaml", DECK.format(id="noises"))
    write(shelves[2].injects / "noises.yaml", DECK.format(id="noises"))
    library = Library(shelves)
    assert library.deck("noises") == near
    assert library.deck("media") is None
    [entry] = library.deck_entries()
    assert entry.deck is not None
    assert (entry.id, [inject.id for inject in entry.deck.injects], len(entry.hides)) == ("noises", ["noise"], 1)


def test_an_exercise_takes_injects_from_a_deck_of_another_shelf(shelves: tuple[Shelf, ...]) -> None:
    write(shelves[2].injects / "noises.yaml", DECK.format(id="noises"))
    path = exercise(shelves[0].exercises / "bag.yaml", "bag")
    write(path, path.read_text("utf-8") + "  - {use: noises/noise, at: 5m}\n")
    [entry] = Library(shelves).entries()
    assert entry.problems == 0
    assert entry.exercise is not None
    assert "noise" in entry.exercise.inject_by_id


@pytest.mark.parametrize(
    "text",
    ["", "id: [", "format: 1\nid: broken\n", "\x00", "a\x1b[2Jb: c", "deck: [1]\n", "- just\n- a list\n", "format: 2\nid: later\n"],
)
def test_a_broken_file_is_an_entry_with_its_problems(shelves: tuple[Shelf, ...], text: str) -> None:
    write(shelves[0].exercises / "broken.yaml", text)
    good = exercise(shelves[0].exercises / "good.yaml", "good")
    entries = list(Library(shelves).entries())
    assert [entry.path for entry in entries if entry.exercise is not None] == [good]
    broken = [entry for entry in entries if entry.exercise is None]
    assert all(entry.problems > 0 for entry in broken)
    assert len(broken) == (0 if text.startswith("deck:") else 1)


def test_a_file_that_is_no_text_is_an_entry_with_its_problems(shelves: tuple[Shelf, ...]) -> None:
    shelves[0].exercises.mkdir(parents=True)
    (shelves[0].exercises / "binary.yaml").write_bytes(b"\xff\xfe\x00\x80")
    [entry] = Library(shelves).entries()
    assert (entry.id, entry.exercise, entry.problems > 0) == ("binary", None, True)


def test_scripts_and_decks_among_the_exercises_are_no_exercises(shelves: tuple[Shelf, ...]) -> None:
    write(shelves[0].exercises / "script.yaml", "exercise: bag\nsteps: []\n")
    write(shelves[0].exercises / "deck.yaml", DECK.format(id="noises"))
    assert list(Library(shelves).entries()) == []
    assert Library(shelves).deck("noises") is None


def test_find_takes_a_path(shelves: tuple[Shelf, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = exercise(tmp_path / "anywhere.yaml", "bag")
    assert Library(shelves).find(str(path)) == path
    monkeypatch.chdir(tmp_path)
    assert Library(shelves).find("anywhere.yaml") == Path("anywhere.yaml")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("begs", "library.no-exercise-near"),
        ("zzz", "library.no-exercise"),
        ("no/such.yaml", "library.no-file"),
        ("none.yml", "library.no-file"),
    ],
)
def test_find_says_what_is_missing(shelves: tuple[Shelf, ...], name: str, code: str) -> None:
    exercise(shelves[0].exercises / "bag.yaml", "bags")
    with pytest.raises(NotFound) as caught:
        Library(shelves).find(name)
    assert caught.value.code == code
    assert caught.value.values.get("near", "bags") == "bags"


def test_a_file_belongs_to_the_shelf_it_lies_on(shelves: tuple[Shelf, ...], tmp_path: Path) -> None:
    library = Library(shelves)
    assert library.origin_of(shelves[1].exercises / "x.yaml") == "user"
    assert library.origin_of(tmp_path / "x.yaml") == "project"


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("# c\nformat: 1\nid: bag  # note\n", "exercise", "bag"),
        ("\ufeffid: 'bag'\n", "exercise", "bag"),
        ('id: "bag"\r\n', "exercise", "bag"),
        ("roles:\n  - id: teller\n", "exercise", "file"),
        ("id: Not A Slug\n", "exercise", "file"),
        ("deck: media\ninjects: []\n", "deck", "media"),
        ("exercise: bag\nsteps:\n  - {at: 0s}\n", "script", "file"),
    ],
)
def test_a_glance_tells_what_a_file_is(tmp_path: Path, text: str, kind: str, name: str) -> None:
    assert glance(write(tmp_path / "file.yaml", text)) == (kind, name)


def test_a_glance_at_what_is_not_there_is_harmless(tmp_path: Path) -> None:
    assert glance(tmp_path / "gone.yaml") == ("exercise", "gone")


def test_files_are_found_below_in_order_and_hidden_ones_are_not(tmp_path: Path) -> None:
    for name in ("b.yaml", "a/c.yml", ".git/x.yaml", ".y.yaml", "notes.txt", "D.YAML"):
        write(tmp_path / name, "x")
    assert [path.relative_to(tmp_path).as_posix() for path in yaml_files(tmp_path)] == ["D.YAML", "a/c.yml", "b.yaml"]
    assert list(yaml_files(tmp_path / "none")) == []


def test_the_standard_shelves_are_here_yours_and_shipped(tmp_path: Path, home: str) -> None:
    here, user, shipped = standard_shelves(tmp_path)
    assert (here.origin, here.exercises) == ("project", tmp_path / "exercises")
    assert (user.origin, user.injects) == ("user", Path(home) / "data" / "injects")
    assert shipped.exercises == shipped_root() / "exercises"


def test_standing_in_the_shipped_shelf_counts_it_once() -> None:
    assert [shelf.origin for shelf in standard_shelves(shipped_root())] == ["user", "shipped"]


def test_the_shipped_shelf_is_whole() -> None:
    entries = list(Library().entries())
    assert entries
    assert {entry.id: entry.problems for entry in entries} == dict.fromkeys((entry.id for entry in entries), 0)
    assert all(entry.problems == 0 for entry in Library().deck_entries())
