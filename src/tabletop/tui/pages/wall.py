"""The wall in lines: drawn from a WallView alone, for a projector, readable from eight metres.

Owns: what stands where on the wall, and what gives way where there is little room. Refuses to own: what may be shown (`engine.seats`).
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from tabletop.engine.views import Paused, Revealed, Tally, WallView
from tabletop.text import Text, cells
from tabletop.words import Words

from ..look import clock_text, line, plain, say, span_text, spread
from ..widgets.reading import sentences
from .alarm import over_text, place_text
from .board import LARGE, MOST_CELLS, block, centred, one_line, set_lines, spaced, time_lines
from .briefing import RULES

SAID_WHY = frozenset({"discussion", "break", "technical", "safety", "emergency"})
"""Reasons of a pause that say something to a room."""

UNSAID = frozenset({"", "other", "quit", "gap", "recovered", "reopened"})
"""Reasons that are the console's own business: the wall says no more than that the clock stands."""

RULE = "─"


def pause_why(reason: str, words: Words) -> str:
    """Why the clock stands, for a room; typed reasons as they are."""
    if reason in UNSAID:
        return ""
    return words(f"console.pause-{reason}") if reason in SAID_WHY else " ".join(reason.split())


def paused_text(paused: Paused, words: Words, language: str) -> str:
    """That the clock stands, why, and from which site that came."""
    place = line(paused.place, language)
    said = " · ".join(part for part in (pause_why(paused.reason, words), words("seat.paused-at", place=place) if place else "") if part)
    return words("wall.paused-why", why=said) if said else words("wall.paused")


@dataclass(frozen=True, slots=True)
class WallPage:
    """The wall at one moment, on a screen of `width` by `height` cells."""

    view: WallView
    words: Words
    language: str
    """Of the exercise's texts; the wall's own words are in the language of `words`."""
    width: int
    height: int
    wall_ms: int
    """Real time in milliseconds since 1970 UTC: timers run in it."""
    notice: str = ""
    """A neutral word to the facilitator."""
    mark: str = ""
    """What is marked beside the handling: that it is a practice run."""

    def lines(self) -> list[Content]:
        """Exactly as many lines as the screen has."""
        foot = self._foot()
        for size, air in self._looks():
            top, body = self._top(size), self._body(size, air)
            room = self.height - len(top) - len(foot)
            if len(body) <= room:
                break
        else:
            body = self._cut(body, max(1, room))
        above = max(0, room - len(body)) // 3
        middle = [Content("")] * above + body
        middle += [Content("")] * max(0, room - len(middle))
        return (top + middle + foot)[: self.height]

    def _looks(self) -> list[tuple[str, int]]:
        """Sizes of the digits and how much air there is, the most generous first.

        3: an empty line below every line, 2: below every sentence, 1: every sentence begins a line, 0: text runs on.
        """
        looks = [("small", 2), ("small", 1), ("small", 0), ("line", 1), ("line", 0)]
        if self.width >= LARGE[0] and self.height >= LARGE[1]:
            looks[:0] = [("large", 3), ("large", 2)]
        return looks

    @property
    def _column(self) -> int:
        """Cells of the column in which text stands."""
        return min(MOST_CELLS, self.width - (12 if self.width >= 80 else 6))

    def _say(self, text: Text | None) -> str:
        return say(text, self.language)

    def _cut(self, body: list[Content], room: int) -> list[Content]:
        """Too long even on its own: the foot of it says that there is more, but what happened last is never what is cut."""
        over = len(body) - room
        if self.view.view == "timeline" and room > 2:
            return [*body[:1], centred(plain(self.words("wall.before", n=over + 1), "$text-muted"), self.width), *body[over + 2 :]]
        return [*body[: room - 1], centred(plain("…", "bold"), self.width)]

    # Above: the clock, and what stands still.

    def _top(self, size: str) -> list[Content]:
        view, shared = self.view, self.view.shared
        pad = [Content("")] * (2 if size == "large" else 1 if size == "small" else 0)
        ended = shared.phase == "ended"
        digits_below = view.view == "timer" or (ended and view.view == "timeline")
        stands = shared.paused is not None or not shared.driven
        style = "bold $text-muted" if stands else "bold"
        shown = time_lines(clock_text(shared.now_ms), "line" if digits_below else size, style)
        # After ENDEX the line below says the time.
        clock = [*pad, *([] if ended and digits_below else block(shown, self.width))]
        # A blank wall has nothing of the exercise, but that it does not go on, and why.
        top = [] if view.view == "blank" else clock
        if view.no_link:
            cut = centred(plain(f"  {self.words('seat.no-link')}  ", "bold reverse $text-error"), self.width)
            top += [*([Content("")] if size != "line" else []), cut]
        if shared.emergency is not None:
            place = place_text(shared.emergency, self.words, self.language)
            top += [
                Content(""),
                centred(plain(f" ! {self.words('wall.emergency', place=place)} ! ", "bold reverse $text-error"), self.width),
            ]
        elif over := over_text(shared.emergency_over, self.words, self.wall_ms):
            parts = set_lines(f"✓ {over}", self.width - 8)
            top += [Content(""), *(centred(plain(f"  {part}  ", "bold reverse $text-success"), self.width) for part in parts)]
        # An emergency, and one that is over and waits, say themselves that everything stands.
        if shared.emergency is None and not (shared.emergency_over is not None and shared.emergency_over.waits):
            top += self._why_it_stands(size)
        return [*top, Content("")] if top and size != "line" else top

    def _why_it_stands(self, size: str) -> list[Content]:
        shared = self.view.shared
        if shared.paused is not None:
            parts = set_lines(f"‖ {paused_text(shared.paused, self.words, self.language)}", self.width - 8)
            air = [Content("")] * (size == "large")
            return [*air, *(centred(plain(f"  {part}  ", "bold reverse $text-warning"), self.width) for part in parts)]
        if shared.phase == "ended":
            return [centred(plain(self.words("wall.endex", time=clock_text(shared.now_ms)), "bold $text-accent"), self.width)]
        if not shared.driven and shared.phase == "running":
            return [centred(plain(f"  ‖ {self.words('wall.not-driven')}  ", "bold reverse $text-warning"), self.width)]
        return []

    # Below: how many have answered, rulings, the mark.

    def _foot(self) -> list[Content]:
        view, words = self.view, self.words
        foot: list[Content] = []
        if view.view == "inject":
            foot += self._awaited_lines()
            if view.rulings:
                label = words("wall.rulings-strip")
                room = self.width - 8 - cells(label) - 3
                texts = one_line([" ".join(item.text.split()) for item in view.rulings], room)
                strip = Content.assemble((label, "$text-muted"), "   ", plain(texts, "bold")).truncate(self.width - 4, ellipsis=True)
                foot += [Content(""), centred(strip, self.width)]
        if self.notice:
            foot += [centred(plain(self.notice, "$text-muted"), self.width)]
        elif self.height >= LARGE[1]:
            foot += [Content("")]
        shared = view.shared
        level = "" if shared.alert == "none" else words(f"alert.{shared.alert}")
        right = " · ".join(part for part in (line(shared.handling, self.language), self.mark, level) if part)
        left = Content.styled(f" {words('console.exercise-mark')}", "bold $text-warning")
        return [*foot, spread(left, plain(f"{right} ", "bold"), self.width)]

    def _awaited_lines(self) -> list[Content]:
        """How many answers are there of how many that were asked for, never whose; and how long the next to end still has."""
        awaited, shared = self.view.awaited, self.view.shared
        if not awaited or shared.phase != "running":
            return []
        answered, asked = sum(one.answered for one in awaited), sum(one.asked for one in awaited)
        said = plain(self.words("wall.answered", n=answered, of=asked), "bold")
        open_until = [one.deadline_ms for one in awaited if one.deadline_ms is not None and one.answered < one.asked]
        left = Content("")
        if open_until:
            left_ms = min(open_until) - shared.now_ms
            left = plain(span_text(max(0, left_ms)), "bold $text-warning" if left_ms <= 60_000 else "bold")
        return [centred(spread(said, left, self._column), self.width)]

    # The middle.

    def _body(self, size: str, air: int) -> list[Content]:
        match self.view.view:
            case "inject":
                return self._inject(air)
            case "rules":
                return self._rules(air)
            case "rulings" | "parked":
                return self._items(air)
            case "answers":
                return [] if self.view.answers is None else self._answers(self.view.answers, air)
            case "timer":
                return self._timer(size)
            case "timeline":
                return self._timeline(size, air)
            case "blank":
                return []

    def _rule(self) -> Content:
        return centred(Content.styled(RULE * self._column, "$border"), self.width)

    def _heading(self, text: str, air: int, style: str = "bold $text-accent") -> list[Content]:
        shown = [plain(piece, style) for piece in set_lines(text, self._column)]
        return [*(centred(one, self.width) for one in shown), *([Content("")] if air > 1 else [])]

    def _inject(self, air: int) -> list[Content]:
        view = self.view
        if view.inject is None:
            title, text = self._say(view.shared.title), self._say(view.shared.setting)
        else:
            title, text = self._say(view.inject.title), self._say(view.inject.text)
        title = " ".join(title.split())
        shown = self._heading(self.words("wall.title", title=title if self.words.language.startswith("zh") else title.upper()), air)
        if view.earlier:
            shown[:0] = [centred(plain(f"‹ {self.words('wall.earlier')}", "$text-muted"), self.width)]
        if view.inject is not None and view.inject.sender is not None:
            sender = self.words("console.from", sender=line(view.inject.sender, self.language))
            shown += [centred(plain(sender, "$text-muted"), self.width), *([Content("")] if air > 1 else [])]
        gap = [Content("")] if air > 1 else []
        return [self._rule(), *gap, *shown, *block(self._said(text, air), self.width), *gap, self._rule()]

    def _said(self, text: str, air: int) -> list[Content]:
        """What is read aloud: every sentence begins a line where there is room for that, so that no phrase is torn without need."""
        shown: list[Content] = []
        for paragraph in text.split("\n"):
            for part in sentences(paragraph) if air else [paragraph]:
                lines = [plain(piece, "bold") for piece in set_lines(part, self._column)]
                shown += [*([Content("")] if air > 1 and shown else []), *spaced(lines, air > 2)]
        return shown

    def _rules(self, air: int) -> list[Content]:
        words = self.words
        shown: list[Content] = []
        for number, rule in enumerate(RULES, start=1):
            for at, piece in enumerate(set_lines(words(f"briefing.rule.{rule}"), self._column - 3)):
                shown.append(Content.assemble((f"{number}  " if at == 0 else "   ", "bold $text-accent"), plain(piece, "bold")))
            if air > 1:
                shown.append(Content(""))
        safety = plain(f"  {words('briefing.safety-word')}  {words('briefing.safety-word.words')}  ", "bold reverse $text-warning")
        return [
            *self._heading(words("briefing.rules"), air),
            *block(shown, self.width),
            *([] if air > 1 else [Content("")]),
            centred(safety, self.width),
        ]

    def _items(self, air: int) -> list[Content]:
        parked = self.view.view == "parked"
        items = self.view.parked if parked else self.view.rulings
        shown: list[Content] = []
        for item in items:
            for at, piece in enumerate(set_lines(" ".join(item.text.split()), self._column - 10)):
                time = f"{span_text(item.at_ms):>7} " if at == 0 else " " * 8
                shown.append(Content.assemble((time, "$text-muted"), " ", plain(piece, "bold")))
            if air > 1:
                shown.append(Content(""))
        heading = self._heading(self.words("wall.parked" if parked else "wall.rulings"), air)
        if not items:
            return [*heading, centred(plain(self.words("wall.nothing"), "$text-muted"), self.width)]
        return [*heading, *block(shown, self.width)]

    def _answers(self, answers: Revealed, air: int) -> list[Content]:
        heading = self._heading(" ".join(self._say(answers.question).split()), air, "bold")
        count = centred(plain(self.words("wall.answered", n=answers.answered, of=answers.asked), "$text-muted"), self.width)
        rows: list[Content] = []
        for tally in answers.tallies:
            rows += self._tally(tally)
            if air > 1:
                rows.append(Content(""))
        return [*heading, count, *([Content("")] if air > 1 else []), *block(rows, self.width)]

    def _tally(self, tally: Tally) -> list[Content]:
        """An answer with its count, and below it a bar as long as the count, and the names."""
        text = " → ".join(" ".join(self._say(part).split()) for part in tally.texts) or self.words("seat.yes")
        style = "bold" if tally.count else "$text-muted"
        rows = []
        for at, piece in enumerate(set_lines(text, self._column - 5)):
            rows.append(Content.assemble((f"{tally.count:>3}" if at == 0 else "   ", "bold $text-accent"), "  ", plain(piece, style)))
        names = "、" if self.words.language.startswith("zh") else ", "
        bar = Content.assemble("     ", ("█" * (2 * tally.count), "$text-accent"))
        if tally.roles:
            bar = Content.assemble(bar, "  ", plain(names.join(line(role, self.language) for role in tally.roles), "bold"))
        return [*rows, bar] if tally.count else rows

    def _timer(self, size: str) -> list[Content]:
        timer = self.view.timer
        left_ms = 0 if timer is None else max(0, timer.ends_wall_ms - self.wall_ms)
        # A timer that has just begun shows its full length, one that is over shows nought.
        shown = span_text(-(-left_ms // 1000) * 1000)
        style = "bold $text-warning" if left_ms <= 60_000 else "bold"
        label = (
            plain(self.words("wall.timer"), "$text-muted")
            if left_ms
            else plain(f"  {self.words('wall.time-up')}  ", "bold reverse $text-warning")
        )
        return [centred(label, self.width), Content(""), *block(time_lines(shown, size, style), self.width)]

    def _timeline(self, size: str, air: int) -> list[Content]:
        words, shown = self.words, []
        for moment in self.view.timeline:
            text = " ".join(self._say(moment.text).split())
            if moment.what == "pause":
                why = pause_why(text, words)
                text = words("wall.moment-pause-why", why=why) if why else words("wall.moment-pause")
            elif moment.what == "ruling":
                text = words("wall.moment-ruling", text=text)
            elif moment.what != "inject":
                text = words(f"wall.moment-{moment.what}")
            style = "bold" if moment.what == "inject" else ""
            for at, piece in enumerate(set_lines(text, self._column - 10)):
                time = f"{span_text(moment.at_ms):>8} " if at == 0 else " " * 9
                shown.append(Content.assemble((time, "$text-muted"), " ", plain(piece, style)))
        rows = block(spaced(shown, air > 1 and len(shown) * 2 < self.height // 2), self.width)
        ended = self.view.shared.ended_wall_ms
        if ended is None:
            return [*self._heading(words("wall.timeline"), air), *rows]
        since = span_text(max(0, self.wall_ms - ended) // 1000 * 1000)
        label = words("wall.hot-wash")
        if size == "line":
            return [*rows, centred(plain(f"{label}  {since}", "bold $text-accent"), self.width)]
        return [*rows, Content(""), centred(plain(label, "bold $text-accent"), self.width), *block(time_lines(since, size), self.width)]
