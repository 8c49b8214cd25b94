"""`tabletop serve`：启动时的提示，以及不能启动的原因。"""

WORDS = {
    "not-installed": "浏览器席位的组件尚未安装。",
    "not-installed.hint": "pip install 'tabletop[web]'",
    "cert-and-key": "--tls-cert 与 --tls-key 须同时给出。",
    "seat-and-cards": "--seat 指定为谁制作卡片：请用 --cards 指定文件。",
    "no-file": "没有此文件：{path}",
    "no-file.hint": "请给出本机上的文件路径。",
    "bad-cert": "证书与密钥无法使用：{reason}",
    "bad-cert.hint": "两者均须为 PEM 格式；密钥不得设密码。",
    "cannot-listen": "无法在 {address} 监听：{reason}",
    "cannot-listen.hint": "可能已被其他程序占用：请用 --port 另选端口；--lan 须为本机地址。",
    "already": "本场次已在 {address} 提供服务。",
    "already.hint": "请先结束该服务，或用 --port 另选端口再开一个。",
    "moved": "原先印有 {before} 的卡片和链接已失效：现改用以下网址。可用 --cards FILE 重新制作卡片。",
    "no-address": "{given} 不是一台机器的地址。",
    "no-address.hint": "本机地址：{known}",
    "no-host": "--host 只接受主机名或地址本身：{given}",
    "no-host.hint": "请只写名称，如 drill.bank.example 或 10.0.0.7：前面不带 http://，后面不带端口；端口用 --port 指定。",
    "serving": "正在提供 {run} 的浏览器席位。按 ctrl+c 结束；已记录的内容不会丢失。",
    "no-tls": "警告：未使用 --tls-cert，同一网络中的他人可能看到回答和代码。",
    "codes": "代码在导调台按 w 生成。",
}
