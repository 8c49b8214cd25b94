"""点到：谁在场，其余由控制人员扮演。"""

WORDS = {
    "title": "谁在场？其余由控制人员扮演。",
    "nobody-yet": "按在场人员桌牌上的数字。",
    "here": "在场",
    "control": "控制人员",
    "with": "由{role}兼任",
    "keys": "数字 在场（10 起先按 0）  退格 全部清除  ↑↓ 选择后 →  回车 完成  Esc 关闭",
    "done": "在场 {here} 个角色，控制人员 {control} 个。",
    "leaves-who": "谁离席？",
    "left": "{role}已无人在席。由谁扮演？",
    "left-control": "控制人员",
    "left-nobody": "无人：其应有行动不再计入",
    "left-with": "由其他角色兼任",
    "left-people": "仍由参演人员扮演",
}
