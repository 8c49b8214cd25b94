"""加入代码：屏幕和纸上的二维码、打印卡片、席位名称、席位有误时的提示。"""

WORDS = {
    "no-qr": "未安装用于生成二维码的组件。",
    "no-qr.hint": "运行 pip install 'tabletop[web]'，或手工输入网址和代码。",
    "no-seat": "本场次没有席位“{seat}”。",
    "no-seat.hint": "可用：{known}；另有 evaluator:姓名、lead:姓名、recorder:姓名、control:角色、viewer。",
    "file-there": "文件已存在：{path}",
    "file-there.hint": "请换一个文件名：旧卡片上的代码可能还在使用。",
    "written": "已将 {n} 张卡片写入 {path}，网址为 {address}。拿到该文件的人即可加入：打印后请删除。",
    "written#one": "已将 1 张卡片写入 {path}，网址为 {address}。拿到该文件的人即可加入：打印后请删除。",
    "loopback": "{address} 只能在本机打开：为手机打印卡片之前，请用 --lan 指定本机在网络中的地址。",
    "title.control": "控制组：{role}",
    "title.site": "现场控制员：{site}",
    "title.evaluator": "评估人员 {name}",
    "title.lead": "评估组长 {name}",
    "title.recorder": "记录员 {name}",
    "title.viewer": "大屏（供全场观看）",
    "card.page-title": "加入卡片",
    "card.exercise": "演练",
    "card.name": "姓名",
    "card.how": "扫码，或打开网址输入代码。仅限一台设备使用一次，请勿给他人看。",
    "card.how-all": "扫码，或打开网址输入代码，即可观看大屏。供在场全体人员使用。",
}
