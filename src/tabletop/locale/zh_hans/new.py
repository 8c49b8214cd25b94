"""tabletop new 的用语。"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "not-an-id": "{name!r} 不能作演练编号。",
    "not-an-id.hint": "编号由小写字母、数字和连字符组成，最多 64 个，以字母或数字开头，例如 night-burglary。",
    "exists": "已有文件 {path}，未作改动。",
    "exists.hint": "请换一个编号，或先把该文件移走。",
    "no-id-line": "{path} 没有以 id: 开头的行，无法换编号复制。",
    "no-id-line.hint": "请像 tabletop new 那样每个键单独一行。",
    "written": "已写出：{path}。接下来：tabletop check --strict {path}，然后 tabletop run {id}。",
}
