"""预演脚本的问题。"""

WORDS = {
    "step-form": "这不是脚本的步骤。",
    "step-form.hint": "步骤应含以下键之一：{known}。",
    "out-of-order": "这一步早于前面的步骤。",
    "out-of-order.hint": "步骤须按时间先后排列。",
    "after-end": "这一步晚于脚本的结束时间。",
    "jumped-over": "时钟跳过了这一步的时刻。",
    "other-exercise": "该脚本用于 {given}，而不是 {exercise}。",
}
