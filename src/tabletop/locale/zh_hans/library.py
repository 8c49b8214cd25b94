"""演练库里找不到的内容。"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "no-exercise": "没有演练 {name!r}。",
    "no-exercise.hint": "tabletop list 会列出现有的演练。",
    "no-exercise-near": "没有演练 {name!r}。",
    "no-exercise-near.hint": "是不是要用 {near!r}？tabletop list 会列出现有的演练。",
    "no-file": "没有文件 {path!r}。",
    "no-file.hint": "演练可以用文件名指定，也可以用 tabletop list 列出的编号。",
    "origin.project": "当前文件夹",
    "origin.user": "个人文件夹",
    "origin.shipped": "随程序附带",
}
