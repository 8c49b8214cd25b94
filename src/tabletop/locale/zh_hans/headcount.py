"""真实警情中的清点人数，以及警情解除：所有屏幕用词一致。"""

WORDS = {
    "title": "清点人数：已到 {n}，应到 {of}",
    "title-page": "清点人数：已到 {n}，应到 {of} · 第 {page}/{pages} 页",
    "nobody": "没有人登记姓名：请清点在场所有人。",
    "named": "{name} · {what}",
    "no-name": "（未登记姓名）",
    "namesakes": "{name}（同名见于 {n} 处，可能是 {n} 人）",
    "between": "、",
    "post-evaluator": "评估人员",
    "post-lead": "评估组长",
    "post-recorder": "记录员",
    "post-site": "现场控制员",
    "post-viewer": "观摩人员",
    "counted": "已到",
    "missing": "尚未找到",
    "told-counted": "已清点到：{who}。已到 {n}，应到 {of}。",
    "told-missing": "更正，尚未找到：{who}。已到 {n}，应到 {of}。",
    "over-running": "真实警情已解除。【演练】演练继续进行。",
    "over-paused": "真实警情已解除。【演练】演练仍在暂停。",
    "over-briefing": "真实警情已解除。【演练】演练尚未开始。",
    "over-ended": "真实警情已解除。【演练】演练已经结束。",
}
