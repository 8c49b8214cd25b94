"""tabletop 及各命令的帮助：用途、示例、选项、退出码。"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "usage": "用法：",
    "command-metavar": "[命令 ...]",
    "options-metavar": "[选项]",
    "examples": "示例：",
    "arguments": "参数：",
    "options": "选项：",
    "exits": "退出码：",
    "section.play": "演练：",
    "section.prepare": "准备：",
    "section.afterwards": "演练之后：",
    "section.machine": "本机：",
    "exit.0": "正常",
    "exit.1": "本程序的故障",
    "exit.2": "命令行有误，或当前不是终端",
    "exit.3": "找不到所指的内容",
    "exit.4": "文件有问题",
    "exit.5": "记录库正在使用",
    "exit.6": "记录库损坏，或封签对不上",
    "exit.7": "记录库版本高于本程序",
    "exit.8": "空间不足，或只读",
    "exit.130": "被中断（143、129：被要求结束）",
    "group.about": "一名主持人、一台笔记本，离线组织一场桌面推演。不带命令时打开开始界面：继续场次、选择演练、查看历次场次。",
    "group.more": "tabletop 命令 --help 查看某个命令的详细说明。本程序从不通过网络发送任何内容。",
    "group.example-1": "开始界面",
    "group.example-2": "有哪些演练",
    "group.example-3": "按时钟推演其中一个",
    "group.version": "本程序及其所用软件的版本。",
    "group.verbose": "与 --version 同用：另说明此 SQLite 的预写日志问题是否已修复。",
    "any.help": "显示本说明。",
    "any.lang": "界面语言；未给时用 TABLETOP_LANG，再其次用系统语言。",
    "any.db": "存放全部场次的记录库；未给时用 TABLETOP_DB，再其次用数据文件夹里的文件。",
    "any.no-color": "纯文本，不带颜色。NO_COLOR 作用相同。",
    "any.as-json": "在标准输出打印一个 JSON 对象。",
    "any.exercise": "tabletop list 列出的编号，或文件路径。",
    "any.run": "tabletop runs 列出的场次编号、编号的开头几位，或 latest（最近一场）。",
    "list.short": "按科目列出演练",
    "list.about": (
        "列出 ./exercises、您的数据文件夹以及随程序附带的全部演练。编号相同时，近处的遮住远处的。"
        "有问题的文件照样列出并注明问题数；具体问题用 tabletop check 查看。"
    ),
    "list.example-1": "全部演练，按科目",
    "list.example-2": "演练文件里可以用 use: 取用的情景信息",
    "list.example-3": "供程序读取",
    "list.injects": "列出可取用的情景信息库，而不是演练。",
    "show.short": "查看一个演练：角色、目标、情景清单",
    "show.about": (
        "显示谁参演、目的是什么，以及带时间的情景清单。主持人备注、应有行动、提示和各选项的后果都不显示，"
        "参演人员看到也无妨；加 --facilitator 则全部显示。"
    ),
    "show.example-1": "随程序附带的演练，谁看都可以",
    "show.example-2": "全部内容，仅供主持人",
    "show.example-3": "自己的文件，供程序读取",
    "show.facilitator": "全部显示：备注、应有行动、选项后果、已接受的警告。不要给参演人员看。",
    "check.short": "逐行指出文件里的每一个问题",
    "check.about": (
        "检查演练、情景信息库和预演脚本。每个问题打印为 FILE:LINE:COLUMN: KEY: 说明。建议；"
        "警告也是如此。小结写到标准错误输出。文件夹会逐层查找 *.yaml 和 *.yml。"
    ),
    "check.example-1": "一个文件",
    "check.example-2": "整个文件夹，一条警告也不放过",
    "check.example-3": "供编辑器或程序读取",
    "check.paths": "文件或文件夹。",
    "check.strict": "警告也算问题。",
    "new.short": "新建自己的演练",
    "new.about": "写出 ./exercises/ID.yaml：一个马上就能推演的小演练，每个键旁都有注释，语言由 --lang 决定。已有的文件不会被改动。",
    "new.example-1": "带注释的开头",
    "new.example-2": "同上，中文",
    "new.example-3": "复制一个演练，换上自己的编号",
    "new.exercise-id": "编号：小写字母、数字、连字符。",
    "new.source": "复制这个演练及其附件，而不是带注释的开头。",
    "schema.short": "演练文件的 JSON Schema，供编辑器使用",
    "schema.about": "打印演练文件的 JSON Schema。支持它的编辑器会在书写时补全键名、标出错误；tabletop check 能查出更多。",
    "schema.example-1": "供编辑器使用",
    "schema.example-2": "情景信息库的 Schema",
    "schema.deck": "可取用情景信息库的 Schema。",
    "run.short": "推演一个演练，或继续一个场次",
    "run.about": (
        "打开主持人的导调台。新场次从准备界面开始，可以给大家看；按空格键演练开始。"
        "讨论节奏依次使用核心情景，时钟节奏按演练时钟使用全部情景。离开或中断的场次从原处继续，处于暂停状态。"
    ),
    "run.example-1": "按讨论节奏",
    "run.example-5": "半小时的演练：告知哪些排不下",
    "run.example-2": "按演练时钟，并在记录中写明地点",
    "run.example-4": "独自练习十分钟，熟悉按键",
    "run.example-3": "继续最近一个未结束的场次",
    "run.resume": "继续这个场次；latest 是最近一个未结束的场次。",
    "run.pace": "情景如何到时；未给时为讨论节奏（discussion），timed 为时钟节奏。",
    "run.slot": "场地可用多久：30m。据此倒排交底、推演和现场点评。",
    "run.until": "让出场地的时间：15:40。同样倒排。",
    "run.speed": "现实每一秒对应演练时钟的秒数。",
    "run.auto": "到时的情景自动下达。",
    "run.values": "为演练的参数换一个值；可多次使用。",
    "run.site": "推演地点，写入记录。",
    "run.level": "地点的层级，写入记录：outlet、sub-branch、city 等。",
    "run.people": "人员名单，YAML：{{ROLE: {{A: name, B: name}}}}。",
    "run.practice": "十分钟学会导调台：人员由程序模拟，不计入任何统计。",
    "run.quiet": "不响铃。",
    "station.short": "席位终端：单个角色、一组角色，或轮流使用",
    "station.about": (
        "加入由导调台主持的场次，须在存有记录库的计算机上运行。不写 --role 会询问谁坐在这里；不写 --name 会询问姓名，可以不填。"
        "几个角色可共用一个终端，由一人操作；加 --private 则轮流使用，按一个键即可隐藏上一位的内容。"
    ),
    "station.example-1": "在屏幕上选择席位",
    "station.example-2": "单个席位，不再询问",
    "station.example-3": "两名柜员轮流使用一台笔记本",
    "station.example-4": "评估人员终端，显示应有行动",
    "station.roles": "本席位的角色，写标识、编号或简称；一组角色可写多次。",
    "station.name": "坐在这里的人，或替全组操作的人；与 --private 同用时，只能写一个 --role。",
    "station.private": "终端轮流使用：每个角色的内容单独显示。",
    "station.evaluator": "评估人员终端，不是席位。",
    "station.lead": "评估组长终端：可锁定评级。",
    "station.recorder": "记录员终端，不是席位。",
    "station.quiet": "不响铃。",
    "room.short": "大屏：全场都能看到的显示屏",
    "room.about": (
        "在投影上显示已告知全场的内容，由导调台按 v 切换。请放大字号，使窗口约为 80 列。"
        "按键：t 切换配色，连按两次 Ctrl+G 或 F12 为真实警情，Ctrl+Q 离开。"
    ),
    "room.example-1": "最近一个场次的大屏",
    "room.example-2": "多个场所之一的大屏",
    "room.site": "大屏所在的场所，写演练文件里的标识。",
    "serve.short": "浏览器席位与大屏，供手机和笔记本电脑使用",
    "serve.about": (
        "向本机浏览器提供场次；加 --lan 时也供同一网络中的设备使用：参演人员、评估人员、记录员、现场控制人员席位和大屏。"
        "加入需要代码，由导调台按 w 生成。网页朴素，不访问任何其他地址，没有脚本也能使用。按 ctrl+c 结束。"
        "须先执行 pip install 'tabletop[web]'。"
    ),
    "serve.example-1": "只供本机浏览器使用",
    "serve.example-2": "供该地址所在网络中的手机使用",
    "serve.example-3": "同上，加密，并使用自己的域名",
    "serve.example-4": "先为每个角色生成代码和卡片，再提供服务",
    "serve.port": "监听端口。不给出时，沿用本场次上次的端口（若空闲），否则为 8765；0 表示任一空闲端口。",
    "serve.lan": "本机在允许访问的网络中的地址。不给出时，只有本机可以访问。",
    "serve.names": "浏览器访问时可用的其他名称；未列出的一律拒绝。",
    "serve.tls-cert": "PEM 格式的证书：传输内容加密。",
    "serve.tls-key": "对应的 PEM 密钥，不设密码。",
    "serve.site": "本服务器的所有大屏都在演练的该场所。不给出时，屏幕加入时会询问所在场所。",
    "serve.cards": "生成代码并把供打印的卡片写入 FILE（仅您本人可读），然后提供服务。若已有进程在服务本场次，则只写卡片即结束。",
    "serve.seats": (
        "与 --cards 同用，为谁制作卡片：角色、evaluator:姓名、recorder:姓名、site:地点ID、viewer，或用 roles 表示全部由人扮演的角色。"
        "不指定：全部此类角色，另加一张观看大屏的卡片。"
    ),
    "follow.short": "逐行显示一个场次，供读屏软件和记录使用",
    "follow.about": (
        "先显示此前发生的事，然后发生一件显示一行：演练时间在最前面，只往下加，不改动已有的行。不加 --role 时包含全部内容，只给主持人用；"
        "加 --role 时只有该角色的席位可见的内容。评分锁定后结束，或按 Ctrl+C 结束；"
        "已经结束、导调台也已关闭的场次，显示完即结束。"
    ),
    "follow.example-1": "整个场次，供主持人使用",
    "follow.example-2": "柜员一收到和被问到的内容",
    "follow.example-3": "供程序读取：每行一个 JSON 对象",
    "follow.roles": "只显示该角色可见的内容；一个席位有多个角色时可重复。",
    "follow.as-json": "在标准输出上每行一个 JSON 对象。",
    "rehearse.short": "按脚本预演，无需人员",
    "rehearse.about": (
        "脚本写明每个角色何时做什么，程序按与正式推演相同的规则、记录和评分走一遍，并作为预演场次保存。"
        "做不到的步骤会指出所在的行，且什么也不保存。预演不计入统计。"
    ),
    "rehearse.example-1": "按脚本预演，打印场次编号",
    "rehearse.example-2": "供程序读取：该场次的概要",
    "rehearse.script": "各步骤，YAML 文件。",
    "rehearse.seed": "使选项每次的排列相同。",
    "runs.short": "全部场次，最近的在前",
    "runs.about": "列出记录库里的场次：何时建立、演练时钟走到哪里、处于什么状态。",
    "runs.example-1": "这里推演过什么",
    "runs.example-2": "供程序读取",
    "log.short": "某个场次的决策记录",
    "log.about": "打印每一条决策和回答，带时间、角色和理由。已撤回的仍保留并注明。加 --events 打印全部记录。按记录的先后排列。",
    "log.example-1": "最近一场的决策",
    "log.example-2": "供电子表格使用",
    "log.example-3": "全部记录，供程序读取",
    "log.events": "全部记录，不只是决策。",
    "log.as-csv": "逗号分隔，任何单元格都不会成为公式。",
    "verify.short": "核对记录是否与当时一致",
    "verify.about": (
        "核对场次的封签：每条记录都与前一条相扣。指出第一条被改动、删除、添加或调换的记录。加 --head 还可与签字纸件上的内容比对。"
    ),
    "verify.example-1": "核对最近一场",
    "verify.example-2": "与复盘报告上印的记录尾比对",
    "verify.head": "纸件上的记录条数和校验值，至少 16 位。",
    "debrief.short": "某个场次的复盘：界面或文档",
    "debrief.about": "打开复盘界面。加 -o 或 --format 则写出文档，不需要界面。文档只取决于记录和语言：同一场次，字节相同。",
    "debrief.example-1": "复盘界面",
    "debrief.example-2": "文档；格式由文件后缀决定",
    "debrief.example-3": "供程序读取，写到标准输出",
    "debrief.target": "文档写到哪里；- 为标准输出。同名文件会被替换。",
    "debrief.format-name": "md 或 json；未给时由文件后缀决定。",
    "doctor.short": "终端、文件夹、SQLite、记录库",
    "doctor.about": "查看本机给程序提供了什么，并说明该改什么。不做任何改动。",
    "doctor.example-1": "检查本机",
    "doctor.example-2": "供程序读取",
}
