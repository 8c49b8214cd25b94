"""tabletop doctor 的用语。"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "state.ok": "正常",
    "state.warning": "注意",
    "state.problem": "有问题",
    "program": "程序",
    "python": "Python",
    "terminal": "终端",
    "encoding": "编码",
    "language": "语言",
    "folder-config": "设置文件夹",
    "folder-data": "数据文件夹",
    "folder-state": "状态文件夹",
    "folder-cache": "缓存文件夹",
    "shelf-project": "当前文件夹的演练",
    "shelf-user": "个人演练",
    "shelf-shipped": "附带演练",
    "shelf-holds": "{path}（演练 {exercises} 个，情景信息库 {decks} 个）",
    "sqlite": "SQLite",
    "sqlite-value": "{version}，{wal}",
    "store": "记录库",
    "store-new": "尚未建立：第一次推演时会自动建立。",
    "too-small": "界面至少需要 60 列 20 行；80×24 比较舒适。",
    "encoding-poor": (
        "无法显示汉字或制表符号。Windows 请用 Windows Terminal，或先执行 chcp 65001 并设置 PYTHONUTF8=1；"
        "其他系统请用 UTF-8 语言环境。tabletop run --ascii 可不用这些符号。"
    ),
    "not-writable": "无法写入。请用 TABLETOP_HOME 换一个文件夹，或用 --db 换一个记录库。",
    "open-to-others": "本机任何人都能写入。请收回该权限（chmod o-w），或用 TABLETOP_HOME 换一个文件夹。",
    "network-drive": "这是网络盘，文件锁不可靠。请用 --db 或 TABLETOP_DB 把记录库放在本机磁盘上。",
    "no-terminal": "全屏界面需要输入、输出和错误输出都接在终端上，并设置 TERM。普通命令不需要。",
    "shelf-missing": "随程序附带的演练不见了：请重新安装。",
}
