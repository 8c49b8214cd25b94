"""各命令在数据之外说的话。"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "error": "错误：",
    "see-help": "用法见 {command} --help。",
    "crash": "这是程序自身的故障，编号 {id}。此前已经记录的内容都在。",
    "crash-kept": "出错位置写在 {path}。",
    "crash-not-kept": "连记录出错位置的文件也无法写出。请用 tabletop doctor 检查文件夹。",
    "output-full": "无法写出结果：空间不足。",
    "wal-fixed": "已修复预写日志重置的问题",
    "wal-not-fixed": "未修复预写日志重置的问题（记录库不使用预写日志）",
    "checked": "文件 {files} 个，问题 {problems} 个，警告 {warnings} 个。",
    "missing-argument": "缺少参数 {name}。",
    "missing-option": "缺少选项 {name}。",
    "nothing-to-check": "没有文件或文件夹 {path!r}。",
    "no-such-language": "没有语言 {name!r}。可用：{names}。",
    "no-such-command": "没有命令 {name!r}。",
    "no-such-command-near": "没有命令 {name!r}。是不是要用 {near!r}？",
}
