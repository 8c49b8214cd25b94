"""推演前后各页上的移动。"""

WORDS = {
    "up": "上移",
    "up.help": "上移一行；没有可选行时滚动。",
    "down": "下移",
    "down.help": "下移一行；没有可选行时滚动。",
    "page-up": "上翻页",
    "page-up.help": "上翻一页。",
    "page-down": "下翻页",
    "page-down.help": "下翻一页。",
    "first": "顶端",
    "first.help": "到第一行。",
    "last": "末端",
    "last.help": "到最后一行。",
    "choose": "选择",
    "keep": "保存",
    "leave": "取消",
    "esc-first": "正在输入，{key} 不起作用：请先按回车或 Esc。",
}
