"""Rehearsal scripts: what people do, written down, so that an exercise can be played without them.

Format: contract *A rehearsal script* and semantics *Scripts*. What a script says is typed text: no placeholders.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from tabletop.engine.events import BehaviourLine, EndedHow, How, NoteCategory, Pace, RatingLetter, StaffedBy
from tabletop.exercise.conditions import ActionState
from tabletop.exercise.durations import Duration
from tabletop.exercise.injects import InjectKind
from tabletop.exercise.parts import Part
from tabletop.exercise.validation import add_forms


class Holders(Part):
    """Who sits at a role."""

    A: str = ""
    B: str = ""


class Timed(Part):
    """A step at a time on the exercise clock, in seconds."""

    at: Duration


class ReleaseStep(Timed):
    """An inject is released by hand."""

    release: str
    because: str = ""


class SkipStep(Timed):
    """An inject is left out, or overtaken by events."""

    skip: str
    reason: str = ""
    overtaken: bool = False


class HoldStep(Timed):
    """An inject is kept back until it is released."""

    hold: str
    reason: str = ""


class DelayStep(Timed):
    """An inject falls due later."""

    delay: str
    by: Duration = 120


class AnswerStep(Timed):
    """A role answers an ask."""

    role: str
    ask: str
    choose: tuple[str, ...] | None = None
    order: tuple[str, ...] | None = None
    text: str | None = None
    number: float | None = None
    confirm: bool | None = None
    report: dict[str, str] | None = None
    next: Duration | None = None
    """The next report comes that much later."""
    rationale: str = ""
    person: str = ""


class AcknowledgeStep(Timed):
    """A role confirms receipt of an inject."""

    role: str
    acknowledge: str


class ActionStep(Timed):
    """Somebody records what became of an expected action."""

    action: str
    state: ActionState = "done"
    prompted: bool | None = None
    how: How = "said"
    by: str = ""
    """The role that did it, where it is not the owner."""
    evaluator: str = ""
    """Whose mark it is; left out: the facilitator's."""
    note: str = ""


class DecisionText(Part):
    """A decision, with what it rests on."""

    role: str
    text: str
    rationale: str = ""
    options: str = ""
    dissent: str = ""


class DecideStep(Timed):
    """A role decides something."""

    decide: DecisionText


class BreachStep(Timed):
    """A prohibited act occurs."""

    breach: str
    role: str = ""
    corrected: bool = False
    note: str = ""


class Parcel(Part):
    """A message to another role."""

    to: str
    text: str


class MessageStep(Timed):
    """A role tells another role something."""

    role: str
    message: Parcel


class PauseStep(Timed):
    """The clock stands that long; wall time passes, exercise time does not."""

    pause: Duration
    reason: str = ""


class Observation(Part):
    """What an evaluator or the facilitator noted."""

    evaluator: str = ""
    objective: str = ""
    role: str = ""
    kind: NoteCategory = "observation"
    text: str


class ObserveStep(Timed):
    """Something is noted."""

    observe: Observation


class HintStep(Timed):
    """The next hint of an inject is shown."""

    hint: str


class ProbeStep(Timed):
    """The next probe of an inject is put."""

    probe: str


class AddedInject(Part):
    """An inject typed on the spot."""

    id: str = ""
    kind: InjectKind
    title: str
    text: str
    to: tuple[str, ...] = ()


class AddStep(Timed):
    """An inject is added and released."""

    add: AddedInject


class JumpStep(Timed):
    """The clock is moved forward."""

    jump: Duration


class SpeedStep(Timed):
    """The clock runs at another speed."""

    speed: float


class UndoStep(Timed):
    """The newest thing done is taken back."""

    undo: str


class StaffText(Part):
    """Who plays a role."""

    role: str
    by: StaffedBy
    with_role: str = Field("", alias="with")


class StaffStep(Timed):
    """A role changes hands."""

    staff: StaffText


class RateText(Part):
    """An evaluator's rating of an objective."""

    evaluator: str
    objective: str
    rating: RatingLetter
    note: str = ""


class RateStep(Part):
    """After ENDEX: an objective is rated."""

    rate: RateText


class BehaviourText(Part):
    """An evaluator's score of a line of behaviour."""

    evaluator: str
    line: BehaviourLine
    score: int


class BehaviourStep(Part):
    """After ENDEX: a line of behaviour is scored."""

    behaviour: BehaviourText


class IndicatorStep(Part):
    """After ENDEX: an outcome is reported."""

    indicator: str
    value: float


class ConfirmText(Part):
    """What people agree on about an action without a record."""

    action: str
    state: ActionState
    evaluator: str = ""
    note: str = ""


class ConfirmStep(Part):
    """After ENDEX: the confirm list."""

    confirm: ConfirmText


FORMS: dict[str, type[Part]] = {
    "release": ReleaseStep,
    "skip": SkipStep,
    "hold": HoldStep,
    "delay": DelayStep,
    "ask": AnswerStep,
    "acknowledge": AcknowledgeStep,
    "action": ActionStep,
    "decide": DecideStep,
    "breach": BreachStep,
    "message": MessageStep,
    "pause": PauseStep,
    "observe": ObserveStep,
    "hint": HintStep,
    "probe": ProbeStep,
    "add": AddStep,
    "jump": JumpStep,
    "speed": SpeedStep,
    "undo": UndoStep,
    "staff": StaffStep,
    "rate": RateStep,
    "behaviour": BehaviourStep,
    "indicator": IndicatorStep,
    "confirm": ConfirmStep,
}
"""The key that tells each form of a step, in the order in which they are looked for."""


def _form(value: Any) -> str | None:
    if isinstance(value, Part):
        return next((f"<step:{name}>" for name, cls in FORMS.items() if type(value) is cls), None)
    return next((f"<step:{name}>" for name in FORMS if isinstance(value, dict) and name in value), None)


TimedStep = (
    ReleaseStep | SkipStep | HoldStep | DelayStep | AnswerStep | AcknowledgeStep | ActionStep | DecideStep | BreachStep | MessageStep
    | PauseStep | ObserveStep | HintStep | ProbeStep | AddStep | JumpStep | SpeedStep | UndoStep | StaffStep
)  # fmt: skip
ClosingStep = RateStep | BehaviourStep | IndicatorStep | ConfirmStep
Step = Annotated[
    Annotated[ReleaseStep, Tag("<step:release>")]
    | Annotated[SkipStep, Tag("<step:skip>")]
    | Annotated[HoldStep, Tag("<step:hold>")]
    | Annotated[DelayStep, Tag("<step:delay>")]
    | Annotated[AnswerStep, Tag("<step:ask>")]
    | Annotated[AcknowledgeStep, Tag("<step:acknowledge>")]
    | Annotated[ActionStep, Tag("<step:action>")]
    | Annotated[DecideStep, Tag("<step:decide>")]
    | Annotated[BreachStep, Tag("<step:breach>")]
    | Annotated[MessageStep, Tag("<step:message>")]
    | Annotated[PauseStep, Tag("<step:pause>")]
    | Annotated[ObserveStep, Tag("<step:observe>")]
    | Annotated[HintStep, Tag("<step:hint>")]
    | Annotated[ProbeStep, Tag("<step:probe>")]
    | Annotated[AddStep, Tag("<step:add>")]
    | Annotated[JumpStep, Tag("<step:jump>")]
    | Annotated[SpeedStep, Tag("<step:speed>")]
    | Annotated[UndoStep, Tag("<step:undo>")]
    | Annotated[StaffStep, Tag("<step:staff>")]
    | Annotated[RateStep, Tag("<step:rate>")]
    | Annotated[BehaviourStep, Tag("<step:behaviour>")]
    | Annotated[IndicatorStep, Tag("<step:indicator>")]
    | Annotated[ConfirmStep, Tag("<step:confirm>")],
    Discriminator(_form, custom_error_type="step_form", custom_error_message="no form of a step"),
]

add_forms("step_form", "script.step-form", {f"step:{name}": cls for name, cls in FORMS.items()})


class Script(Part):
    """A whole script."""

    exercise: str
    """A library id, or a path from the script's folder."""
    pace: Pace = "timed"
    language: str | None = None
    """The run's language; left out: the file's first."""
    parameters: dict[str, str] = Field(default_factory=dict)
    people: dict[str, Holders] = Field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    end: Duration | None = None
    """When it ends; left out: after the exercise's duration."""
    ended: EndedHow = "played"
