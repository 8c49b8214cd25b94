"""What a seat owes in which order, and what a reply adds up to."""

from __future__ import annotations

from tabletop.engine import commands as c
from tabletop.engine.seats import seat_view
from tabletop.engine.views import OwnAnswer, SeatAsk
from tabletop.tui.letter import Letter
from tabletop.tui.tasks import NAME, NEXT, ONLY, OWN, WHY, Reply, Task, fields_of, news, reply_of, tasks

from .conftest import FakeTime, MemorySource
from .exercises import bank


def played(*commands: c.Command, roles: tuple[str, ...] = ("centre",)) -> tuple[MemorySource, tuple[Task, ...]]:
    source = MemorySource(bank(), FakeTime())
    for command in commands:
        source.conductor.dispatch(command)
    return source, tasks(seat_view(source.conductor.plan, source.conductor.state, roles, source.conductor.elapsed_ms()))


def ask(name: str) -> SeatAsk:
    _, found = played(c.ReleaseInject("signal"))
    return next(task.ask for task in found if task.ask is not None and task.id == name)


def test_what_is_owed_comes_first_and_the_oldest_of_it() -> None:
    _, found = played(
        c.ReleaseInject("signal"),
        c.SendMessage("teller", "centre", "press it"),
        c.GiveAnswer("count", "centre", 7.0),
    )
    assert [task.kind for task in found][:1] == ["receipt"]
    assert found[-1].id == "count"
    assert not found[-1].owed
    assert "message" in {task.kind for task in found}


def test_nothing_is_owed_before_and_after_play() -> None:
    assert played(c.ReleaseInject("signal"), c.End())[1] == ()


def test_each_role_of_a_group_owes_its_own_answer() -> None:
    _, found = played(c.ReleaseInject("knife"), c.GiveAnswer("first-move", "guard", ("comply",)), roles=("teller", "guard"))
    assert [(task.role, task.owed) for task in found] == [("teller", True), ("guard", False)]


def test_news_is_marked_once() -> None:
    source = MemorySource(bank(), FakeTime())

    def marks() -> frozenset[str]:
        return news(seat_view(source.conductor.plan, source.conductor.state, ("teller",), source.conductor.elapsed_ms()))

    before = marks()
    source.conductor.dispatch(c.ReleaseInject("signal"))
    assert marks() == before, "what went to others rings no bell"
    source.conductor.dispatch(c.ReleaseInject("knife"))
    assert {mark.partition("/")[0] for mark in marks() - before} == {"told", "ask"}
    source.conductor.dispatch(c.SendMessage("teller", "guard", "x"))
    assert not any(mark.startswith("message") for mark in marks()), "one's own words are no news"


def test_a_number_that_can_be_read_in_two_ways_is_none_yet() -> None:
    many = ask("count")
    assert Reply([], {OWN + ONLY: "12,500"}).value(many) == 12500
    assert Reply([], {OWN + ONLY: "3,5"}).lacks(many, "") == ONLY
    assert reply_of(many, OwnAnswer("centre", "", 1234567.25, "", 0, fixed=False)).text(OWN + ONLY) == "1234567.25"


def test_replies_of_each_kind() -> None:
    choices, order = ask("whom"), ask("order")
    reply = Reply()
    for option in choices.options[:2]:
        reply.pick(choices, option.id)
    assert reply.value(choices) == tuple(option.id for option in choices.options[:2])
    reply.pick(choices, choices.options[0].id)
    assert reply.value(choices) == (choices.options[1].id,)
    reply = Reply()
    reply.pick(order, order.options[1].id)
    assert reply.lacks(order, "") == ONLY
    reply.pick(order, order.options[0].id)
    assert reply.value(order) == (order.options[1].id, order.options[0].id)
    assert Reply().value(ask("told")) is True


def test_a_report_lacks_a_name_an_element_or_a_time() -> None:
    report = ask("report")
    reply = Reply()
    assert reply.lacks(report, "Zhao") == ONLY
    reply.texts["fact"] = "a knife"
    assert reply.lacks(report, "") == NAME
    reply.texts[OWN + NEXT] = "soon"
    assert reply.lacks(report, "Zhao") == NEXT
    reply.texts[OWN + NEXT] = "30 分钟"
    assert reply.lacks(report, "Zhao") == ""
    assert reply.next_ms == 30 * 60_000
    assert reply.value(report) == {"fact": "a knife"}
    assert fields_of(report, nameless=True, why=False)[0] == OWN + NAME


def test_a_reason_that_is_asked_for_is_missed() -> None:
    words = ask("words")
    assert Reply([], {OWN + ONLY: "x"}).lacks(words, "") == WHY
    assert OWN + WHY in fields_of(words, nameless=False, why=False)


def test_a_draft_comes_back_as_it_was_and_a_broken_one_is_none() -> None:
    reply = Reply(["a", "b"], {"fact": "一把刀", "need": ""})
    assert Reply.of(reply.kept()) == Reply(["a", "b"], {"fact": "一把刀"})
    for broken in ("", "{", "7", "[1]", '["a", 3]', "null"):
        assert Reply.of(broken).kept() in ("", Reply(["a"]).kept())
    assert Reply().kept() == ""


def test_an_answer_that_stands_reads_as_it_was_entered() -> None:
    source, _ = played(c.ReleaseInject("signal"), c.GiveAnswer("words", "centre", "two men", rationale="seen"))
    view = seat_view(source.conductor.plan, source.conductor.state, ("centre",), 0)
    words = next(one for one in view.asks if one.id == "words")
    assert reply_of(words, words.mine[0]) == Reply([], {OWN + ONLY: "two men", OWN + WHY: "seen"})


def test_a_letter_takes_its_steps_and_comes_back() -> None:
    letter = Letter.of("message", ("teller", "guard"))
    assert letter.step == "role"
    letter.role, letter.to = "guard", "centre"
    letter.reply.texts[OWN + ONLY] = "help"
    assert letter.command("Wang", "knife") == c.SendMessage("guard", "centre", "help")
    again = Letter.of("message", ("teller", "guard"), letter.kept())
    assert (again.role, again.to, again.reply.texts) == ("guard", "centre", {OWN + ONLY: "help"})
    assert Letter.of("message", ("guard",), letter.kept()).role == "guard"
    assert Letter.of("message", ("teller",), letter.kept()).role == "", "words of one role become no other's by themselves"
    assert Letter.of("message", ("teller",)).role == "teller"
    assert again.step_back(("teller", "guard"))
    assert again.step == "to"
    assert Letter.of("decision", ("teller",)).kept() == ""
