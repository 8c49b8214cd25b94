"""情景信息的种类，用于清单和卡片。"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "situation": "情况",
    "alarm": "报警",
    "call": "来电",
    "radio": "对讲",
    "message": "信息",
    "demand": "歹徒要求",
    "order": "指令",
    "inquiry": "问询",
    "intel": "线索",
    "decision": "抉择",
    "facility": "设施",
    "casualty": "伤病",
    "family": "家属",
    "media": "媒体问询",
    "social": "网络舆情",
    "rumour": "传言",
    "resource": "资源",
    "recovery": "恢复",
}
