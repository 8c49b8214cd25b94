"""tabletop list 的用语。"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "empty": "还没有任何演练。用 tabletop new 编号 新建一个。",
    "no-decks": "还没有任何情景信息库。",
    "broken": "有问题的文件",
    "problems": "{n} 个问题：tabletop check {path}",
    "problems#one": "1 个问题：tabletop check {path}",
    "injects": "{n} 条情景信息",
    "injects#one": "1 条情景信息",
    "core": "核心 {n} 条",
    "from": "（{origin}）",
    "hides": "遮住 {path}",
    "overlay": "（叠加情景：整组取用）",
}
