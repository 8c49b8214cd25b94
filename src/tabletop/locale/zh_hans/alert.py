"""预警级别。"""

from __future__ import annotations

WORDS: dict[str, str] = {"none": "无预警", "blue": "蓝色预警", "yellow": "黄色预警", "orange": "橙色预警", "red": "红色预警"}
