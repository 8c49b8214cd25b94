"""Join cards: what stands on them and what does not, codes that work once, a file for its owner alone."""

from __future__ import annotations

import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tabletop.cli.entry import run as tabletop
from tabletop.cli.join_cards import write_cards
from tabletop.codes import join_link, qr_svg
from tabletop.engine import commands as c
from tabletop.engine.joining import control_seats, seat_asked, staffed_seats
from tabletop.errors import TabletopError
from tabletop.web.cards import cards_page
from tabletop.web.server import Server

from .served import SECRETS, Browser, Driver, visible

ADDRESS = "http://192.168.1.20:8765"


def page(driver: Driver, *seats: str) -> str:
    conductor = driver.opened.conductor
    return cards_page(conductor.plan, conductor.state, {seat: f"7K2M-9QX{number}" for number, seat in enumerate(seats)}, ADDRESS)


def cards(html: str) -> list[str]:
    return re.findall(r'<li class="card">(.*?)</li>', html, re.DOTALL)


def test_a_card_says_who_one_is_and_how_to_join_in_both_languages(driver: Driver) -> None:
    driver.do(c.SeatPerson("teller", "Wu <b>Min</b>"))
    [teller, clerk] = cards(page(driver, "seat:teller", "seat:clerk"))
    said = visible(teller)
    for part in (
        "EXERCISE 演练",
        "INTERNAL 内部资料",
        "1 Teller",
        "Wu &lt;b&gt;Min&lt;/b&gt;",
        "7K2M-9QX0",
        ADDRESS,
        "show this card to nobody",
        "请勿给他人看",
    ):
        assert part in said
    assert qr_svg(join_link(ADDRESS, "7K2M-9QX0")) in teller
    assert "blank" not in teller
    assert "blank" in clerk
    assert "Does its part" not in teller + clerk


def test_the_card_of_the_wall_is_for_everybody_and_has_no_name(driver: Driver) -> None:
    [card] = cards(page(driver, "viewer"))
    assert "For everybody in the room" in card
    assert "to nobody" not in card
    assert "Name" not in card


def test_eight_cards_are_a_sheet_and_nothing_of_the_exercise_is_on_any(driver: Driver) -> None:
    html = page(
        driver, "seat:teller", "seat:clerk", "seat:guard", "control:police", "evaluator:E1", "lead:L", "recorder:A", "site:outlet", "viewer"
    )
    assert [len(cards(sheet)) for sheet in html.split('<ul class="sheet">')[1:]] == [8, 1]
    for secret in (*SECRETS, "Knife", "Orders", "Exercise room", "A branch"):
        assert secret not in html
    assert not re.search(r"""(?:src|href)\s*=|url\(|@import""", html)


def test_seats_are_those_that_people_play_and_others_by_their_names(driver: Driver) -> None:
    conductor = driver.opened.conductor
    driver.do(c.StaffRole("clerk", "with", "teller"), c.StaffRole("guard", "nobody"))
    assert staffed_seats(conductor.plan, conductor.state) == ("seat:teller",)
    assert control_seats(conductor.plan, conductor.state) == ("control:police",)
    for asked, seat in (
        ("police", "control:police"),
        ("clerk", "seat:clerk"),
        ("evaluator: E1 ", "evaluator:E1"),
        ("site:vault", "site:vault"),
    ):
        assert seat_asked(conductor.plan, conductor.state, asked) == seat
    for wrong in ("nobody", "seat:", "seat:x", "site:moon", "evaluator:", "driver", "wall", "viewer:x", "practice:teller"):
        with pytest.raises(TabletopError, match="no-seat"):
            seat_asked(conductor.plan, conductor.state, wrong)


def test_cards_make_new_codes_that_join_once(driver: Driver, server: Server, browser: Callable[[], Browser], tmp_path: Path) -> None:
    row, path, again = driver.store.find_run(driver.run), tmp_path / "cards.html", tmp_path / "again.html"
    assert write_cards(driver.store, row, path, [], server.addresses[0]) == (4, 0)
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    old = re.findall(r'class="code">([^<]+)', path.read_text("utf-8"))
    assert write_cards(driver.store, row, again, ["teller"], server.addresses[0]) == (1, 1), "one that is out there opens nothing any more"
    [new] = re.findall(r'class="code">([^<]+)', again.read_text("utf-8"))
    assert browser().join_with(old[0]).status_code == 403
    assert browser().join_with(new).status_code == 200
    assert browser().join_with(new).status_code == 403
    assert browser().join_with(old[1]).status_code == 200
    assert [browser().join_with(old[3]).status_code for _ in range(2)] == [200, 200]
    kept = driver.path.read_bytes()
    assert not any(code.replace("-", "").encode() in kept or code.encode() in kept for code in (*old, new))


def test_a_file_that_is_there_and_a_seat_that_is_not_leave_the_codes_alone(driver: Driver, tmp_path: Path) -> None:
    row, path = driver.store.find_run(driver.run), tmp_path / "cards.html"
    write_cards(driver.store, row, path, ["teller"], ADDRESS)
    before, text = driver.store.seats.codes(driver.run), path.read_text("utf-8")
    for seats, file in ((["teller"], path), (["teller", "nobody"], tmp_path / "other.html"), (["teller"], tmp_path / "no" / "folder.html")):
        with pytest.raises(TabletopError):
            write_cards(driver.store, row, file, seats, ADDRESS)
    assert driver.store.seats.codes(driver.run) == before
    assert path.read_text("utf-8") == text


def test_where_a_server_runs_already_the_command_writes_cards_for_its_address(
    driver: Driver, server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    port = server.addresses[0].rpartition(":")[2]
    address = f"http://192.168.1.20:{port}"
    serving = driver.store.seats.serve(driver.run, address)
    path = tmp_path / "cards.html"
    asked = ["serve", driver.run, "--db", str(driver.path), "--cards", str(path), "--seat", "viewer"]
    for wrong in (["--lan", "203.0.113.9"], ["--tls-cert", str(driver.path), "--tls-key", str(driver.path)]):
        assert tabletop([*asked, *wrong]) == 2, "cards are no reason to pass over what is wrong"
        assert not path.exists()
    capsys.readouterr()
    assert tabletop(asked) == 0
    told = capsys.readouterr().err
    assert "1 card written" in told
    assert "made before" not in told
    assert address in path.read_text("utf-8")
    assert re.findall(r'class="code">([^<]+)', path.read_text("utf-8"))[0] not in told
    asked[asked.index(str(path))] = str(tmp_path / "again.html")
    assert tabletop(asked) == 0
    assert "1 card made before opens nothing any more" in capsys.readouterr().err
    serving.end()


@pytest.mark.parametrize(
    "wrong", ["evil:1", "", "seat:", "seat:x", "seat:teller+x", "evaluator:", "lead: ", "site:moon", "viewer:x", "driver"]
)
@pytest.mark.parametrize("served", [False, True])
def test_a_seat_that_is_none_is_not_found_and_no_code_is_made(
    driver: Driver, tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str, served: bool
) -> None:
    path = tmp_path / "cards.html"
    serving = driver.store.seats.serve(driver.run, ADDRESS) if served else None
    asked = ["serve", driver.run, "--db", str(driver.path), "--port", "0", "--cards", str(path), "--seat", "teller", "--seat", wrong]
    assert tabletop(asked) == 3
    told = capsys.readouterr().err
    assert "This run has no seat" in told
    assert "There are: teller, clerk, guard, police, site:outlet, site:vault; besides these evaluator:NAME" in " ".join(told.split())
    assert not path.exists()
    assert driver.store.seats.codes(driver.run) == {}
    if serving is not None:
        serving.end()


def test_seats_without_a_file_are_a_mistake(driver: Driver, capsys: pytest.CaptureFixture[str]) -> None:
    assert tabletop(["serve", driver.run, "--db", str(driver.path), "--port", "0", "--seat", "viewer"]) == 2
    assert "--cards" in capsys.readouterr().err
