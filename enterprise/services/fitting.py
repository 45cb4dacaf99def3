"""Pictures brought under the sizes of the wire at the best quality that fits.

Whatever a scanner, a telephone or a counter's camera gives (JPEG or PNG) becomes a new JPEG: turned as
it was held, without metadata or anything appended. A picture too large first loses quality, down to
what still reads well, then pixels, as `CONCESSIONS` says.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

KB = 1_024
SCAN_LIMIT = 100 * KB
"""Of photos and scans of certificates, in bytes before base64 (work plan 64, 2010)."""

FORM_LIMIT = 150 * KB
"""Of the scan of the verification form."""

MAX_BYTES = 30 * KB * KB
MAX_PIXELS = 50_000_000
"""More than any telephone's ordinary picture; what is larger is refused before it is unpacked."""

MAX_EDGE = 3_508
"""Pixels of the longer edge that are kept at most: A4 at 300 dpi."""

BEST = 95
"""The quality of JPEG above which nobody sees a difference."""

CONCESSIONS = ((55, 1_600), (30, 64))
"""What a picture too large loses first: quality down to the first number, then pixels down to that many of the
longer edge, at which small print still reads; only then quality and pixels again."""

APPLE = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
"""Brands of the pictures that an iPhone takes unless it is told otherwise: no browser shows them."""

_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, struct.error,
           zlib.error, ZeroDivisionError, MemoryError)  # fmt: skip


class Unfit(Exception):
    """The bytes cannot become a picture as asked. `message` says why, for the person who sent them."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture under its limit: a JPEG, its pixels, its quality (1 to 100), and what it was before."""

    data: bytes
    width: int
    height: int
    quality: int
    original_width: int
    original_height: int
    original_bytes: int


def fit(
    data: bytes,
    limit: int,
    *,
    size: tuple[int, int] | None = None,
    finish: Callable[[Image.Image], Image.Image] | None = None,
) -> Fitted:
    """Make a JPEG of at most `limit` bytes of a picture.

    `size` asks for exactly that many pixels: what is wider is cut at both sides, what is narrower gets
    white margins there, so that no head is ever cut off; the pixels then stay, whatever the quality.
    `finish` may draw on the picture before it is written.
    Raises `Unfit` where the bytes are no picture, too many, or of fewer pixels than `size` asks for.
    """
    image = _read(data)
    original = image.size
    if size:
        image = _framed(image, size)
    if finish:
        image = finish(image)
    encoded, image, quality = _squeezed(image, limit, may_shrink=size is None)
    return Fitted(encoded, *image.size, quality, *original, len(data))


def joined(pictures: list[bytes]) -> bytes:
    """Join the pages of a paper, one below the other at the width of the widest, as one picture (PNG).

    Raises `Unfit` where one of them is no picture.
    """
    if not pictures:
        raise Unfit("没有选择图片。")
    pages = [_read(each) for each in pictures]
    width = max(page.width for page in pages)
    pages = [page.convert("RGB").resize((width, max(1, round(page.height * width / page.width)))) for page in pages]
    sheet = Image.new("RGB", (width, sum(page.height for page in pages)), "white")
    top = 0
    for page in pages:
        sheet.paste(page, (0, top))
        top += page.height
    sheet.thumbnail((MAX_EDGE, MAX_EDGE * len(pages)))
    out = io.BytesIO()
    sheet.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _read(data: bytes) -> Image.Image:
    """Unpack a picture as it was held, in grey or in colours, at most `MAX_EDGE` long."""
    if len(data) > MAX_BYTES:
        raise Unfit(f"图片文件为{len(data) / KB / KB:.1f}MB，最大{MAX_BYTES // KB // KB}MB，请改用较小的图片。")
    if data[4:8] == b"ftyp" and data[8:12] in APPLE:
        raise Unfit(
            "这是HEIC格式的照片，这里只能用JPEG或PNG。iPhone请在“设置→相机→格式”中选择“兼容性最佳”后重新拍摄，"
            "或者先把照片转存为JPEG再上传。"
        )
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Unfit(f"图片为{image.width}×{image.height}像素，超过{MAX_PIXELS // 10_000}万像素，请缩小后再传。")
            image.draft(None, _enough(image.size))
            image.load()
            upright = ImageOps.exif_transpose(image)
            return _plain(upright)
    except Image.DecompressionBombError as error:
        raise Unfit(f"图片像素过多，最多{MAX_PIXELS // 10_000}万像素，请缩小后再传。") from error
    except _BROKEN as error:
        raise Unfit("文件不是完整的JPEG或PNG图片，请重新拍摄或扫描。") from error


def _enough(size: tuple[int, int]) -> tuple[int, int]:
    """Give the pixels that are wanted of a picture at most; a JPEG is unpacked at a half or a quarter for it."""
    share = min(1, MAX_EDGE / max(size))
    return max(1, int(size[0] * share)), max(1, int(size[1] * share))


def _plain(image: Image.Image) -> Image.Image:
    """Give the picture in eight bits of grey, or in the colours that every screen takes for granted."""
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if "A" in image.mode or "transparency" in image.info:
        over = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", over.size, "white"), over).convert("RGB")
    if image.mode in ("1", "L"):
        return image.convert("L")
    return _in_common_colours(image).convert("RGB")


def _in_common_colours(image: Image.Image) -> Image.Image:
    """Turn a telephone's own colours into sRGB: without its profile they would look dull."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode != "RGB":
        return image
    try:
        found = ImageCms.profileToProfile(image, io.BytesIO(profile), ImageCms.createProfile("sRGB"))
    except ImageCms.PyCMSError:
        return image
    return found or image


def _framed(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    width, height = size
    if image.height < height:
        raise Unfit(f"图片为{image.width}×{image.height}像素，至少应为{width}×{height}像素。")
    if image.width * height >= width * image.height:
        return ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    return ImageOps.pad(image, size, Image.Resampling.LANCZOS, color="white")


def _squeezed(image: Image.Image, limit: int, *, may_shrink: bool) -> tuple[bytes, Image.Image, int]:
    """Give the best JPEG under `limit`, the picture as it was encoded, and the quality."""
    image.thumbnail((MAX_EDGE, max(MAX_EDGE, image.height)))
    for worst, edge in CONCESSIONS if may_shrink else ((1, max(image.size)),):
        image, least = _shrunk(image, limit, worst, edge)
        if len(least) <= limit:
            return _bettered(image, limit, worst, least)
    raise Unfit(f"图片无法压缩到{limit // KB}KB以内，请重新拍摄。")


def _shrunk(whole: Image.Image, limit: int, worst: int, edge: int) -> tuple[Image.Image, bytes]:
    """Take pixels away until it fits at the worst quality, but none below `edge` of the longer side."""
    image, least = whole, _jpeg(whole, worst)
    while len(least) > limit and max(image.size) > edge:
        # Bytes grow a little slower than pixels: aim a little lower, and look again.
        shrink = max((limit / len(least)) ** 0.5 * 0.99, edge / max(image.size))
        size = max(1, round(image.width * shrink)), max(1, round(image.height * shrink))
        image = whole.resize(size, Image.Resampling.LANCZOS)
        least = _jpeg(image, worst)
    return image, least


def _bettered(image: Image.Image, limit: int, worst: int, least: bytes) -> tuple[bytes, Image.Image, int]:
    best, quality = least, worst
    low, high = worst + 1, BEST
    while low <= high:
        middle = (low + high) // 2
        tried = _jpeg(image, middle)
        if len(tried) <= limit:
            best, quality, low = tried, middle, middle + 1
        else:
            high = middle - 1
    return best, image, quality


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
