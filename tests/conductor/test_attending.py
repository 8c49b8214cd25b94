"""Being there: signs of life, and others."""

from __future__ import annotations

from pathlib import Path

from tabletop.conductor import begin, join, open_store
from tabletop.conductor.attending import Attendance
from tabletop.engine.rights import Actor
from tabletop.exercise.loading import load_exercise
from tests.tui.test_wall_terminal import Canary


def test_a_place_says_that_it_is_there_and_goes_in_good_order(tmp_path: Path) -> None:
    loaded = load_exercise(Canary().write(tmp_path))
    with open_store(tmp_path / "store.db") as store:
        opened = begin(store, loaded.exercise, loaded.text)
        run = opened.conductor.run
        teller, guard = (Attendance(join(store, store.find_run(run), Actor("seat", roles=(role,)))) for role in ("teller", "guard"))
        teller.leave()
        assert guard.others() == []
        teller.beat("seat:teller", "Li", None)
        teller.beat("seat:teller", "Li", 7)
        guard.beat("seat:guard", "", None)
        [seen] = guard.others()
        assert (seen.seat, seen.name, seen.device, seen.typing_ms, seen.gone) == ("seat:teller", "Li", "terminal", 7, False)
        teller.leave()
        assert guard.others()[0].gone
        opened.close()
