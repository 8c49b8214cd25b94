"""A half hour played in Chinese with an input method on: no letter ever reaches the program, and every key is counted.

The keyboard of this test has digits, enter, tab, esc, arrows, page and function keys, and text that an input method commits. The
facilitator of this test looks at the screen before every key, as a person does: where an action or an option has its number is read there.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tabletop.tui.enter_once import HASTY_S
from tests.pty.test_whole_exercise import asked, events
from tests.terminal import Terminal, tabletop

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows"),
]

SPEED = 60
"""Exercise seconds for each real second: the half hour in less than a minute."""

REACHES = frozenset(
    ("enter", "tab", "esc", "up", "down", "left", "right", "pageup", "pagedown", *(f"f{number}" for number in range(1, 13)), *"0123456789")
)
"""What arrives while an input method is on."""

STAFFED = "12345"
"""Name tents of the five people in the room; control plays the others."""


OBJECTIVES = ("不对抗地拉回客户", "隐蔽并行报警", "保护人员", "护卡护密", "报告与恢复")


class Keyboard:
    """A keyboard with a Chinese input method on. Counts every key and every committed text by what it was for."""

    def __init__(self, screen: Terminal) -> None:
        self.screen = screen
        self.acts: Counter[str] = Counter()
        self.keys: Counter[str] = Counter()
        self.characters: Counter[str] = Counter()
        self.seconds: dict[str, float] = {}
        self._what = ""

    @contextmanager
    def act(self, what: str) -> Iterator[None]:
        """What the keys pressed inside are for."""
        before, self._what = self._what, what
        self.acts[what] += 1
        begun = time.monotonic()
        yield
        self.seconds[what] = time.monotonic() - begun
        self._what = before

    def press(self, *keys: str) -> None:
        for key in keys:
            assert key in REACHES, f"{key} does not arrive with an input method on"
            self.keys[self._what] += 1
            self.screen.press(key)

    def write(self, text: str) -> None:
        """Commits a text as an input method does, all its bytes at once."""
        assert not re.search("[A-Za-z]", text), "letters are taken by the input method"
        self.characters[self._what] += len(text)
        self.screen.commit(text)

    def table(self) -> str:
        """Keys by what they were for."""
        rows = [f"{'for':<34}{'times':>7}{'keys':>7}{'each':>7}{'characters':>12}{'seconds':>9}"]
        for what in self.acts:
            times, keys, characters = self.acts[what], self.keys[what], self.characters[what]
            rows.append(f"{what:<34}{times:>7}{keys:>7}{keys / times:>7.1f}{characters:>12}{self.seconds[what]:>9.1f}")
        rows.append(f"{'all':<34}{sum(self.acts.values()):>7}{self.keys.total():>7}{'':>7}{self.characters.total():>12}")
        return "\n".join(rows)


class Facilitator:
    """Somebody with hands and eyes: presses what the screen says."""

    def __init__(self, screen: Terminal) -> None:
        self.screen = screen
        self.hand = Keyboard(screen)

    def recorded(self) -> int:
        """How many entries the screen says are recorded."""
        found = re.search(r"已记录 ✓ (\d+)", self.unspaced)
        return int(found[1]) if found else 0

    @property
    def unspaced(self) -> str:
        """The screen without the second halves of wide characters."""
        return "\n".join(line.rstrip() for line in self.screen.text.splitlines())

    def number_of(self, text: str) -> str:
        """The digits in front of a row that holds `text`: the number of an action, an option, a menu entry."""
        wanted = text.replace(" ", "")
        for _ in range(6):
            for line in self.screen.text.splitlines():
                found = re.match(r"[│ ]*(0?\d) ", line)
                if found and wanted in line.replace(" ", ""):
                    return found[1]
            self.screen.read(0.15)
        raise AssertionError(f"no row says {text}:\n{self.screen.text}")

    def done(self, before: int, more: int = 1) -> None:
        """Looks until the screen says that so many more entries are recorded."""
        end = time.monotonic() + 10
        while self.recorded() < before + more:
            assert time.monotonic() < end, f"{before + more} entries wanted:\n{self.screen.text}"
            self.screen.read(0.05)

    def closed(self) -> None:
        """Looks until no panel is open."""
        end = time.monotonic() + 10
        while "╭" in self.screen.text:
            assert time.monotonic() < end, self.screen.text
            self.screen.read(0.05)

    # What a facilitator does.

    def release(self, title: str) -> None:
        """Waits until it is due, as the clock says, and releases it."""
        self.screen.see("! 到时", title, wait_s=30)
        before = self.recorded()
        with self.hand.act("release an inject"):
            self.hand.press("pagedown")
        self.done(before)
        self.screen.see("演练】第", title)

    def marks(self) -> dict[str, str]:
        """What the lectern view offers to mark: the two digits of each action, by its text."""
        rows = {}
        for line in self.screen.text.splitlines():
            found = re.match(r"\s*x (0?\d) (0?\d)\s+(.+)", line)
            if found:
                rows[found[3].replace(" ", "")] = f"{found[1]} {found[2]}"
        return rows

    def mark(self, text: str, *arrows: str) -> None:
        """Two digits, read off the screen: somebody did what was expected."""
        wanted, rows = text.replace(" ", ""), {}
        end = time.monotonic() + 5
        while not (rows := {row: keys for row, keys in self.marks().items() if wanted in row}):
            assert time.monotonic() < end, f"{text} is not offered:\n{self.screen.text}"
            self.screen.read(0.05)
        role, row = next(iter(rows.values())).split()
        before = self.recorded()
        with self.hand.act("mark with an arrow" if arrows else "who did what was expected"):
            self.hand.press(*role, *arrows, *row)
        self.closed()
        self.done(before)

    def answer(self, role: str, option: str) -> None:
        before = self.recorded()
        with self.hand.act("who answered what"):
            self.hand.press(role)
            self.screen.see("直接打字记下原话")
            self.hand.press(*self.number_of(option))
        self.closed()
        self.done(before)

    def words(self, role: str, text: str) -> None:
        before = self.recorded()
        with self.hand.act("who said which words"):
            self.hand.press(role)
            self.hand.write(text)
            self.hand.press("enter")
        self.closed()
        self.done(before)

    def menu(self, *entries: str) -> None:
        """What has no function key, by the numbers of the menu."""
        self.hand.press("esc")
        for entry in entries:
            self.screen.see(entry)
            self.hand.press(*self.number_of(entry))


def briefing(by: Facilitator) -> None:
    screen, hand = by.screen, by.hand
    screen.see("演练开始", "由谁扮演")
    with hand.act("who is here"):
        hand.press("f3")
        screen.see("谁在场")
        hand.press(*STAFFED)
        hand.press("enter")
    by.closed()
    with hand.act("STARTEX"):
        hand.press("f8")
    screen.see("已记录", "到时", "热心的陌生人")


def alone_with_him(by: Facilitator) -> None:
    """Until the police come: answers, marks, words, a probe, somebody else's action, slips taken back."""
    screen, hand = by.screen, by.hand
    by.release("热心的陌生人")
    # A text committed where none is taken, with digits and question marks in it: nothing may happen.
    before = by.recorded()
    with hand.act("committed with no field there"):
        hand.write("刘阿姨，这边请。３号？１１０！")
    screen.see("输入法已打开")
    screen.read(0.5)
    assert by.recorded() == before
    assert "╭" not in screen.text
    by.answer("2", "爱心窗口空出来了")
    by.words("4", "我站在门口，能看见他")
    by.release("卡递到了他手里")
    with hand.act("probe"):
        hand.press("f7")
    screen.see("追问（1/")
    by.mark("请客户把卡拿回自己手中", "left")
    by.release("都看出来了，谁做什么")
    by.answer("3", "压低声音")
    three_voices(by)
    by.release("他拉住了她的胳膊")
    by.mark("以语言和站位隔开双方", "down")
    with hand.act("take back"):
        by.menu("撤回")
        screen.see("撤回这一项？", "以语言和站位隔开双方")
        hand.press("1")
    by.closed()
    by.mark("以语言和站位隔开双方", "right")


def three_voices(by: Facilitator) -> None:
    """Three voices within ten seconds, typed as fast as keys go, nothing looked at between."""
    hand, before = by.hand, by.recorded()
    expected = next(keys for text, keys in by.marks().items() if "靠近、可见" in text).split()
    with hand.act("three voices in ten seconds"):
        hand.press("4", "enter", "1", "enter", "5")
        hand.write("画面里只有他一个人，没有看到刀")
        hand.press("enter")
    assert hand.seconds["three voices in ten seconds"] < 10
    by.closed()
    by.done(before, 3)
    # The expected thing is said while somebody else is being written down.
    with hand.act("half a sentence of 1"):
        hand.press("1")
        hand.write("所有人先别动")
    keys = hand.keys.total()
    with hand.act("said while another talks"):
        hand.press("esc", *expected)
    assert hand.keys.total() - keys <= 3
    by.closed()
    by.done(before, 4)
    with hand.act("half a sentence of 1"):
        hand.press("1")
        by.screen.see("所有人先别动")
        hand.write("，等警察")
        hand.press("enter")
    by.closed()
    by.done(before, 5)


def time_and_notes(by: Facilitator) -> None:
    """A pause with its reason, a ruling, a parked item, a minute more, an inject of one's own, somebody who leaves."""
    screen, hand = by.screen, by.hand
    by.release("还有一个人")
    screen.see("不要朗读")
    before = by.recorded()
    with hand.act("pause, reason, go on"):
        hand.press("f8", "1")
        screen.see("暂停", "讨论")
        hand.press("f8")
    by.done(before, 3)
    for digit, text in (("5", "自助区没有第三个摄像头"), ("6", "谁有权关掉取款机")):
        before = by.recorded()
        with hand.act("a ruling, a parked item"):
            hand.press("f6", digit)
            hand.write(text)
            hand.press("enter")
        by.closed()
        by.done(before)
    before = by.recorded()
    with hand.act("one more minute"):
        by.menu("加一分钟")
    by.done(before)
    before = by.recorded()
    with hand.act("a prohibited act"):
        hand.press("f6", "7", "1")
        screen.see("是否当场纠正")
        hand.press("1", "4")
    by.closed()
    by.done(before)
    by.mark("跟踪第二人画面")


def add_and_skip(by: Facilitator) -> None:
    """An inject of one's own, and one that is left out."""
    screen, hand = by.screen, by.hand
    before = by.recorded()
    with hand.act("an inject of one's own"):
        by.menu("添加情景信息", "直接输入")
        screen.see("参演人员看到或听到的内容")
        hand.write("门口停电")
        hand.press("enter")
        hand.write("自助区的灯灭了，门禁失灵。")
        hand.press("enter")
        by.done(before)
        screen.see("再按一次回车")
        # A person reads before pressing again.
        screen.read(HASTY_S)
        hand.press("enter")
    by.done(before, 2)
    before = by.recorded()
    with hand.act("somebody leaves"):
        by.menu("人员", "人员与角色")
        screen.see("由谁扮演")
        hand.press("5", "right", "esc")
    by.closed()
    by.done(before)


def police(by: Facilitator) -> None:
    """Hands for the ask to three roles, revealed as counts, then as names."""
    screen, hand = by.screen, by.hand
    by.release("警方到场")
    before = by.recorded()
    with hand.act("hands of three people"):
        hand.press("2")
        screen.see("举牌")
        hand.press(*by.number_of("举牌"))
        screen.see("已举 0/3")
        hand.press("1", "2", "left", "3", "3")
        screen.see("已举 3/3")
    with hand.act("reveal counts, then names"):
        # The panel says the question too, and what is said of the reveal is gone after seconds: the count stays.
        hand.press("f9", "5")
        by.done(before, 6)
        hand.press("f9")
        screen.see("公布姓名（谁选了什么）")
        hand.press("5")
        by.closed()
    by.done(before, 7)
    before = by.recorded()
    with hand.act("all actions at once"):
        hand.press("f3", "1", "enter")
    by.closed()
    by.done(before)
    with hand.act("the wall and back"):
        hand.press("f10", "1")
        screen.see_none_of("不要朗读", "只给您看", "应有行动", after_s=1)
        hand.press("f10", "f10")
        screen.see("只给您看")


def afterwards(by: Facilitator) -> None:
    screen, hand = by.screen, by.hand
    by.release("密码怕是让他听去了")
    by.answer("3", "先")
    before = by.recorded()
    screen.see("行领导与保卫部门到场")
    with hand.act("skip"):
        hand.press("f4", "1")
        screen.see("为什么跳过")
        hand.write("时间不够")
        hand.press("enter")
    by.closed()
    by.done(before)
    by.release("下一个号谁来叫")
    with hand.act("a hint"):
        hints(by)
    before = by.recorded()
    with hand.act("everybody's actions"):
        hand.press("1", "tab")
        screen.see("全部行动")
        hand.press(*by.number_of("恢复服务"))
    by.closed()
    by.done(before)


def hints(by: Facilitator) -> None:
    """Probes until there is none left, then a hint that says what it does to the marks."""
    for _ in range(6):
        by.hand.press("f7")
        by.screen.read(0.4)
        if "经提示" in by.screen.text and "╭" in by.screen.text:
            by.hand.press("1")
            by.screen.see("提示（1/")
            return
    raise AssertionError(by.screen.text)


def evaluation(by: Facilitator) -> None:
    """ENDEX, what has no record, ratings, the lock, the score; and out."""
    screen, hand = by.screen, by.hand
    with hand.act("ENDEX"):
        by.menu("场次", "结束演练")
        screen.see("如何结束")
        hand.press("1")
    screen.see("未见记录", "由谁评估")
    with hand.act("who evaluates"):
        hand.press("enter")
        screen.see("由谁评估？姓名")
        hand.write("赵敏")
        hand.press("enter")
        screen.see("是否兼主持人")
        hand.press("1")
    with hand.act("what has no record"):
        for _ in range(12):
            screen.read(0.4)
            if "还剩" not in screen.text.replace(" ", ""):
                break
            hand.press("4")
    with hand.act("rate the objectives"):
        hand.press("tab")
        screen.see("已评 0/5")
        for digit, following in zip("43434", (*OBJECTIVES[1:], "分工明确"), strict=True):
            hand.press(digit)
            if digit != "4":
                screen.see("· 原因")
                hand.write("有人抢着说")
                hand.press("enter")
            screen.see(f"▸ — {following}")
    with hand.act("behaviour lines"):
        for _ in range(5):
            screen.read(0.3)
            hand.press("4")
    with hand.act("lock"):
        by.menu("锁定")
        screen.see("再按一次回车")
        hand.press("enter")
        screen.see("评分已锁定")
    with hand.act("the score"):
        hand.press("enter")
        screen.see("1 ", "得分")
    with hand.act("out"):
        hand.press("esc")
        screen.see("评分已锁定")
        by.menu("离开")


def test_half_an_hour_with_an_input_method_on(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run = ["run", "atm-impostor", "--slot", "30m", "--speed", str(SPEED)]
    began = time.monotonic()
    with tabletop(*run, home=home, columns=80, lines=24, env={"TABLETOP_LANG": "zh-Hans"}) as screen:
        by = Facilitator(screen)
        briefing(by)
        alone_with_him(by)
        time_and_notes(by)
        add_and_skip(by)
        police(by)
        afterwards(by)
        evaluation(by)
        assert screen.exit_code() == 0
    print(f"\n{by.hand.table()}\n{time.monotonic() - began:.0f} s at {SPEED} times the speed")
    check_log(home, by)


def check_log(home: Path, by: Facilitator) -> None:
    """Whatever was pressed is in the log, once, and nothing else is."""
    rows = events(home)
    kinds = Counter(str(row["kind"]) for row in rows)
    once = ("exercise_started", "answers_revealed", "clock_paused", "pause_explained", "ask_extended", "breach_recorded", "inject_added")
    assert {kind: kinds[kind] for kind in once} == {**dict.fromkeys(once, 1), "answers_revealed": 2}
    assert (kinds["inject_released"], kinds["inject_skipped"], kinds["noted"], kinds["rated"], kinds["behaviour_scored"]) == (9, 1, 2, 5, 5)
    assert (kinds["role_heard"], kinds["hint_shown"], kinds["retracted"], kinds["ratings_locked"]) == (2, 1, 2, 1)
    said = [row["body"]["text"] for row in rows if row["kind"] == "decision_made"]
    assert said == ["我站在门口，能看见他", "画面里只有他一个人，没有看到刀", "所有人先别动，等警察"]
    marked = [row["body"] for row in rows if row["kind"] == "action_marked"]
    during = [(mark["action"], mark["state"], mark["prompted"], mark["other_role"]) for mark in marked if mark["said_ms"] is not None]
    assert during[:5] == [
        ("own-hand", "done", False, ""),
        ("near-and-visible", "done", False, ""),
        ("separate", "partial", False, ""),
        ("separate", "done", True, ""),
        ("track-second", "done", False, ""),
    ]
    assert during[-1] == ("normal-service", "done", True, "branch-manager")
    hands = {
        row["body"]["role"]: row["body"]["said_ms"]
        for row in rows
        if row["body"].get("ask") == "before-you-speak" and "role" in row["body"]
    }
    assert set(hands) == {"lobby-manager", "teller-1", "guard"}
    assert len(set(hands.values())) == 1
    assert json.loads(asked(home, "verify", "latest", "--json"))["verify"]["ok"]
    score = json.loads(asked(home, "debrief", "latest", "--format", "json"))["score"]
    assert score["value"] is not None
    assert by.hand.keys.total() < 170
