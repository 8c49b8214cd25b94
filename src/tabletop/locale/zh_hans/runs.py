"""各命令关于记录库中场次的用语。"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "none": "这里还没有推演过。tabletop run 演练编号 开始一场。",
    "column.run": "场次",
    "column.status": "状态",
    "column.kind": "性质",
    "column.made": "建立时间",
    "column.clock": "演练时钟",
    "column.title": "演练",
    "where": "（{site}）",
    "status.open": "进行中",
    "status.ended": "已结束",
    "status.draft": "草稿",
    "status.final": "定稿",
    "kind.live": "正式",
    "kind.practice": "练习",
    "kind.rehearsal": "预演",
    "kind.collected": "汇集",
    "rehearsed": "无人预演完毕：{events} 条记录。接下来：tabletop debrief {run} --format md",
    "document-written": "已写出：{path}",
    "no-format": "没有文档格式 {name!r}。",
    "no-format.hint": "可用格式：{known}。",
    "no-format-near": "没有文档格式 {name!r}。",
    "no-format-near.hint": "是不是要用 {near!r}？可用格式：{known}。",
}
