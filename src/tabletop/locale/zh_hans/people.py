"""参演人员名单文件中的问题。"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "no-role": "{given!r} 不是本演练的角色。",
    "no-role.hint": "tabletop show 会列出全部角色。",
    "not-holders": "角色之下要按 A 角、B 角写人名。",
    "not-holders.hint": "写法：teller-1: {{A: Li Wei, B: Wang Fang}}",
    "no-holder": "{given!r} 不是 A 角或 B 角。",
    "no-holder.hint": "只有 A 和 B。",
    "no-name": "这里不是人名。",
    "no-name.hint": "请把姓名写成文字。",
}
