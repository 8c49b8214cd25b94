"""可以演练、但看上去不妥之处。"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "after-end": "“{on}”的到时晚于演练结束。",
    "comment": "文本后面紧跟着注释，注释不属于文本。",
    "comment.hint": "如属文本，请加引号；如是注释，请另起一行。",
    "core-objective": "“{on}”是核心目标，但没有核心情景信息要求为它采取行动。",
    "core-objective.hint": "讨论式只下达核心情景信息。",
    "cue-without-hold": "“{on}”有 cue，却不是备用：cue 不起作用。",
    "cue-without-hold.hint": "请写 at: hold，或把 cue 改为 when。",
    "idle-role": "角色“{on}”从未被提及，也没有其间要做的事。",
    "idle-role.hint": "请写 meanwhile，或给它安排任务。",
    "long-text": "“{on}”的文本过长，不宜朗读：超过 {words} 个词或 {han} 字。",
    "many-asks": "共 {n} 个提问；超过 {limit} 个会使参演人员疲惫。",
    "many-asks-of-inject": "“{on}”有 {n} 个提问；一次不宜超过 {limit} 个。",
    "many-critical": "{total} 项行动中有 {n} 项为关键。",
    "many-critical.hint": "至多 {limit} 项，且不超过 {percent}%，否则“关键”失去意义。",
    "many-objectives": "共 {n} 个演练目标；超过 {limit} 个无法评估。",
    "many-open": "角色“{on}”同时有 {n} 个待答提问；不宜超过 {limit} 个。",
    "no-deadline": "“{on}”为关键，却没有处置时限。",
    "no-deadline.hint": "请写 within。",
    "no-hold": "没有为未完成的关键行动准备备用情景信息。",
    "no-hold.hint": "请写一条 at: hold 的情景信息，其 cue 指明一项关键行动。",
    "no-recovery": "没有 recovery 类情景信息：无人演练恢复营业。",
    "phase-without-core": "阶段“{on}”有情景信息，但没有一条是核心：讨论式会略过它。",
    "single-action": "演练目标“{on}”有 {n} 项行动作依据，也没有评估要点。",
    "single-action#one": "演练目标“{on}”只有一项行动作依据，也没有评估要点。",
    "single-action.hint": "请写 lines，或增加应有行动。",
    "unreached": "没有路径能到达“{on}”。",
    "unused-accept": "接受了“{on}”上的“{given}”，但那里没有这一项。",
}
