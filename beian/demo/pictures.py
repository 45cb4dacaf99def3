"""Attachments drawn for the demo: forms, certificates, portraits. Each says across it that it is a specimen."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path, serif_path

from beian import store
from beian.demo import names
from beian.records import ContentRecord

INK, FAINT, RED, PAPER = "#26323d", "#8793a0", "#b3261e", "#fdfcf8"
CURTAINS = ("#9fc3dc", "#b8cfe0", "#8fb7cc")
COATS = ("#3c4858", "#5a3d3d", "#31524a")
VARIANTS = 3
QUALITY = 62

FORM_ROWS = (
    ("主办单位名称", "与证件一致　☑是　☐否"),
    ("证件号码", "核对原件　☑是　☐否　留存复印件　☑是"),
    ("负责人当面核验", "☑是　☐否　现场采集照片　☑是"),
    ("手机、电话、电子邮件", "拨打核实　☑正确　☐有误"),
    ("通信地址", "☑正确　☐有误"),
    ("网站名称、域名、内容", "☑正确　☐有误"),
    ("前置审批文件", "☐有　☑不涉及"),
    ("接入信息", "☑正确　☐有误"),
    ("网站备案信息书面协议", "☑已留存"),
)


@dataclass(frozen=True, slots=True)
class Pictures:
    """The stored pictures, by what they show."""

    forms: tuple[ContentRecord, ...]
    licences: tuple[ContentRecord, ...]
    cards: tuple[ContentRecord, ...]
    portraits: tuple[ContentRecord, ...]
    approval: ContentRecord

    @staticmethod
    def pick(among: Sequence[ContentRecord], n: int) -> ContentRecord:
        """Give one of several, the same for the same number."""
        return among[n % len(among)]


def load() -> Pictures:
    """Draw the pictures and put them into the store; the same bytes again change nothing."""
    return Pictures(
        forms=_several(verification_form),
        licences=_several(business_licence),
        cards=_several(identity_card),
        portraits=_several(portrait),
        approval=store.put(_jpeg(approval_letter())),
    )


def _several(draw: Callable[[int], Image.Image]) -> tuple[ContentRecord, ...]:
    return tuple(store.put(_jpeg(draw(variant))) for variant in range(1, VARIANTS + 1))


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()


@cache
def _font(size: int, serif: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(serif_path() if serif else sans_path()), size)


def _page(width: int, height: int, colour: str = PAPER) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (width, height), colour)
    return image, ImageDraw.Draw(image)


def _centred(draw: ImageDraw.ImageDraw, width: int, y: int, text: str, size: int, colour: str = INK) -> None:
    draw.text((width / 2, y), text, font=_font(size, True), fill=colour, anchor="mm")


def _specimen(draw: ImageDraw.ImageDraw, x: int, y: int, size: int = 30) -> None:
    """Stamp, in a red frame, that this is none."""
    text, font = "测试样例　无效", _font(size)
    left, top, right, bottom = draw.textbbox((x, y), text, font=font, anchor="mm")
    draw.rectangle((left - 12, top - 10, right + 12, bottom + 10), outline=RED, width=3)
    draw.text((x, y), text, font=font, fill=RED, anchor="mm")


def verification_form(variant: int) -> Image.Image:
    """Draw a verification form (真实性核验单), filled in and signed."""
    width, height, row = 760, 1000, 62
    image, draw = _page(width, height)
    _centred(draw, width, 62, "网站备案信息真实性核验单", 32)
    draw.text((60, 104), f"编号：样例{variant:04d}", font=_font(17), fill=FAINT)
    top = 136
    for index, (label, value) in enumerate(FORM_ROWS):
        y = top + index * row
        draw.rectangle((60, y, width - 60, y + row), outline=INK)
        draw.line((270, y, 270, y + row), fill=INK)
        draw.text((76, y + row / 2), label, font=_font(19), fill=INK, anchor="lm")
        draw.text((286, y + row / 2), value, font=_font(19), fill=INK, anchor="lm")
    y = top + len(FORM_ROWS) * row
    draw.rectangle((60, y, width - 60, y + 170), outline=INK)
    draw.line((width / 2, y, width / 2, y + 170), fill=INK)
    signatures = ((76, "核验人（签字、单位盖章）", variant), (width // 2 + 16, "网站负责人（签字）", variant + 20))
    for x, who, name in signatures:
        draw.text((x, y + 16), who, font=_font(18), fill=INK)
        draw.text((x + 40, y + 62), names.person_name(name), font=_font(36, True), fill="#1f3a6b")
        draw.text((x, y + 128), f"2026年{variant + 8}月{variant * 6}日", font=_font(18), fill=INK)
    draw.ellipse((222, y + 36, 342, y + 156), outline=RED, width=4)
    draw.text((282, y + 96), "样例章", font=_font(24, True), fill=RED, anchor="mm")
    _specimen(draw, width // 2, height - 64)
    return image


def business_licence(variant: int) -> Image.Image:
    """Draw what resembles a business licence (营业执照) from afar, and from near says that it is none."""
    width, height = 940, 660
    image, draw = _page(width, height, "#fbf7ec")
    for inset in (18, 26):
        draw.rectangle((inset, inset, width - inset, height - inset), outline="#b9974a", width=2)
    _centred(draw, width, 104, "营 业 执 照", 54)
    _centred(draw, width, 158, "（样例副本）", 22, FAINT)
    lines = (
        ("名　　称", f"示例企业（{variant}号样张）"),
        ("类　　型", "有限责任公司（演示）"),
        ("法定代表人", names.person_name(variant + 40)),
        ("注册资本", f"人民币{variant}00万元"),
        ("成立日期", f"20{variant + 14}年03月{variant + 10}日"),
        ("住　　所", f"示范大道{variant * 11}号"),
        ("经营范围", "仅供软件演示，不构成任何许可"),
    )
    for index, (label, value) in enumerate(lines):
        y = 214 + index * 44
        draw.text((96, y), label, font=_font(21), fill=FAINT)
        draw.text((256, y), value, font=_font(22), fill=INK)
    draw.ellipse((690, 430, 850, 590), outline=RED, width=5)
    draw.text((770, 510), "登记样章", font=_font(28, True), fill=RED, anchor="mm")
    _specimen(draw, 470, 592, 34)
    return image


def identity_card(variant: int) -> Image.Image:
    """Draw a card with the fields of an identity card and the word 样例 across it."""
    width, height = 760, 480
    image, draw = _page(width, height, "#e6eef2")
    for y in range(0, height, 16):
        draw.line((0, y, width, y + 60), fill="#d8e4ea")
    born = f"19{70 + variant * 7}年{variant * 3}月{variant * 8}日"
    lines = (
        ("姓名", names.person_name(variant + 60)), ("性别", "样　　民族　例"), ("出生", born),
        ("住址", f"演示街{variant * 17}号样本楼{variant}单元"), ("号码", f"44009719{70 + variant * 7}********"),
    )  # fmt: skip
    for index, (label, value) in enumerate(lines):
        y = 56 + index * 78
        draw.text((54, y), label, font=_font(22), fill="#4a7c96")
        draw.text((140, y - 3), value, font=_font(27), fill=INK)
    _figure(draw, (540, 70, 700, 290), COATS[variant % 3], "#c9d6dd")
    _specimen(draw, 590, 360, 34)
    return image


def portrait(variant: int) -> Image.Image:
    """Draw an abstract figure before a curtain, 800×600 as the rules ask."""
    width, height = 800, 600
    image, draw = _page(width, height, CURTAINS[variant % 3])
    for x in range(0, width, 50):
        draw.line((x, 0, x, height), fill="#ffffff", width=1)
    draw.text((24, 18), "网站备案核验　样例接入商", font=_font(26), fill="#ffffff")
    _figure(draw, (240, 90, 560, 600), COATS[variant % 3], None)
    draw.rectangle((0, height - 46, width, height), fill="#1d252c")
    shown = f"2026-{variant + 8:02d}-{variant * 6:02d} 10:{variant}5　核验现场　测试样例"
    draw.text((20, height - 23), shown, font=_font(22), fill="#ffffff", anchor="lm")
    return image


def _figure(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], coat: str, ground: str | None) -> None:
    left, top, right, bottom = box
    if ground:
        draw.rectangle(box, fill=ground)
    width, height, middle = right - left, bottom - top, (left + right) / 2
    draw.pieslice((left, top + height * 0.55, right, bottom + height * 0.45), 180, 360, fill=coat)

    def around(half: float, above: float, below: float) -> tuple[float, float, float, float]:
        return middle - width * half, top + height * above, middle + width * half, top + height * below

    draw.rectangle(around(0.09, 0.42, 0.62), fill="#dcb694")
    draw.ellipse(around(0.22, 0.1, 0.52), fill="#e8c6a6")
    draw.pieslice(around(0.23, 0.06, 0.4), 180, 360, fill="#2b2522")


def approval_letter() -> Image.Image:
    """Draw a prior approval (前置审批)."""
    width, height = 680, 900
    image, draw = _page(width, height)
    _centred(draw, width, 110, "示例市教育局（样例）文件", 34, RED)
    draw.line((70, 160, width - 70, 160), fill=RED, width=3)
    _centred(draw, width, 220, "关于同意开办教育网站的批复", 28)
    for index, line in enumerate(
        ("经审查，同意你单位开办网络教育网站，", "服务内容限于所申报的课程。", "本文件为演示用图，不具任何效力。")
    ):
        draw.text((100, 300 + index * 52), line, font=_font(22), fill=INK)
    draw.ellipse((400, 560, 570, 730), outline=RED, width=5)
    draw.text((485, 645), "样例章", font=_font(32, True), fill=RED, anchor="mm")
    _specimen(draw, width // 2, 820)
    return image
