"""本机不允许的事，以及为什么无法显示全屏界面。"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "not-a-terminal": "此命令需要终端：全屏界面不能画到管道或文件里。",
    "not-a-terminal.hint": "请在终端里直接运行，不要重定向输入、输出或错误输出。在这里请用：{instead}",
    "dumb-terminal": "这个终端声明自己不能移动光标（TERM 为空或为 dumb）。",
    "dumb-terminal.hint": "请换一个终端，或设置 TERM，例如 TERM=xterm-256color。在这里请用：{instead}",
    "unwritable": "无法写入 {path}：{reason}。",
    "unwritable.hint": "请腾出空间，或用 TABLETOP_HOME 换一个文件夹，或用 --db 换一个文件。tabletop doctor 会列出所用的文件夹。",
}
