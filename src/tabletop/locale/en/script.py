"""Problems of rehearsal scripts."""

WORDS = {
    "step-form": "this is no step of a script.",
    "step-form.hint": "A step has one of these keys: {known}.",
    "out-of-order": "this step is earlier than one before it.",
    "out-of-order.hint": "Steps stand in time order.",
    "after-end": "this step is later than the end of the script.",
    "jumped-over": "the clock jumps over the time of this step.",
    "other-exercise": "the script is for {given}, not for {exercise}.",
}
