"""演练科目的名称，用于列表和统计。"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "hostage": "劫持人质",
    "robbery": "抢劫",
    "disorder": "扰乱秩序",
    "fraud": "诈骗",
    "explosive": "爆炸物",
    "attack": "暴力伤害",
    "biochemical": "生化",
    "fire": "火灾",
    "burglary": "盗窃",
    "disaster": "自然灾害",
    "network": "网络与信息",
    "other": "其他",
}
