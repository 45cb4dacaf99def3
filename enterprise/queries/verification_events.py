"""What the office is told of the events of verification in person."""

from __future__ import annotations

from beian.web.components import Tone

VERIFICATION_VERBS: dict[str, tuple[str, Tone]] = {
    "book_appointment": ("预约当面核验", "info"),
    "move_appointment": ("核验预约改期", "info"),
    "cancel_appointment": ("取消核验预约", "warn"),
    "begin_verification": ("开始当面核验", "info"),
    "read_number": ("读取原件号码", "neutral"),
    "keep_piece": ("保存核验材料", "neutral"),
    "drop_piece": ("去掉核验材料，重新采集", "neutral"),
    "print_form": ("打印核验单", "neutral"),
    "close_verification": ("核验记录归档", "good"),
    "correct_verification": ("另建更正记录", "warn"),
    "reuse_verification": ("沿用此前的核验", "good"),
    "remove_material": ("保存期满，清除核验材料", "neutral"),
}
"""Verb of the event → words and tone."""
