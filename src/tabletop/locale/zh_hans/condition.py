"""路径与备用情景的条件。"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "released": "{inject} 已下达",
    "answered": "{ask} 的回答是 {options}",
    "not-done-within": "{action} 在 {time} 内未完成",
    "action-is": "{action} {state}",
    "breached": "发生了 {act}",
    "elapsed": "演练时钟到 {time}",
    "parameter-is": "{parameter} 为 {values}",
    "and": " 且 ",
    "or": " 或 ",
    "not": "并非：{condition}",
    "state.done": "已完成",
    "state.partial": "部分完成",
    "state.missed": "未完成",
    "state.not_observed": "未观察到",
    "state.not_applicable": "不适用",
}
