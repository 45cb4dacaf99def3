"""Pictures are brought under the limits of the wire, whatever they come as."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from PIL import Image, ImageDraw

from enterprise.services import fitting
from enterprise.services.fitting import FORM_LIMIT, SCAN_LIMIT, Unfit, fit, joined
from tests import builders


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def picture(width: int, height: int) -> Image.Image:
    """A picture with noise, so that it does not shrink to nothing."""
    return Image.effect_noise((width // 4, height // 4), 40).convert("RGB").resize((width, height))


def scan(width: int = 1240, height: int = 1754) -> Image.Image:
    """A page of print in grey."""
    chance = random.Random(1)
    page = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(page)
    for top in range(40, height - 40, 60):
        for left in range(60, width - 60, 40):
            draw.rectangle([left, top, left + chance.randrange(2, 20), top + chance.randrange(4, 24)], fill=0)
    return page


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("limit", [SCAN_LIMIT, FORM_LIMIT, 20_000])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_comes_under_the_limit_as_a_jpeg(limit: int, kind: str) -> None:
    data = encoded(picture(2400, 1800), kind)
    fitted = fit(data, limit)
    assert len(fitted.data) <= limit < len(data)
    assert opened(fitted.data).format == "JPEG"
    assert opened(fitted.data).size == (fitted.width, fitted.height)
    assert (fitted.original_width, fitted.original_height, fitted.original_bytes) == (2400, 1800, len(data))


def test_the_best_quality_that_fits_is_taken() -> None:
    image = picture(1200, 900)
    fitted = fit(encoded(image, "PNG"), SCAN_LIMIT)
    assert fitted.width < 1200 or fitted.quality < fitting.BEST
    better = encoded(opened(fitted.data), quality=fitted.quality + 5, optimize=True)
    assert len(better) > SCAN_LIMIT or fitted.quality == fitting.BEST


def test_a_small_picture_keeps_its_pixels_and_gets_the_best_quality() -> None:
    fitted = fit(encoded(Image.new("RGB", (300, 200), "red"), "PNG"), SCAN_LIMIT)
    assert (fitted.width, fitted.height, fitted.quality) == (300, 200, fitting.BEST)


def test_a_page_of_print_stays_grey_and_keeps_its_pixels() -> None:
    fitted = fit(encoded(scan(), "PNG"), FORM_LIMIT)
    assert opened(fitted.data).mode == "L"
    assert max(fitted.width, fitted.height) >= 1600


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16", "CMYK"])
def test_every_kind_of_picture_is_taken(mode: str) -> None:
    deep = mode == "I;16"
    source = Image.new("I;16", (80, 60), 40_000) if deep else Image.new("RGB", (80, 60), "white").convert(mode)
    data = encoded(source, "JPEG" if mode == "CMYK" else "PNG")
    shown = opened(fit(data, SCAN_LIMIT).data)
    assert shown.mode in ("L", "RGB")
    assert shown.convert("L").getpixel((40, 30)) == pytest.approx(156 if deep else 255, abs=3)


def test_what_is_seen_through_is_white() -> None:
    data = encoded(Image.new("RGBA", (80, 60), (0, 0, 0, 0)), "PNG")
    assert opened(fit(data, SCAN_LIMIT).data).getpixel((40, 30)) == (255, 255, 255)


def test_it_is_turned_as_it_was_held_and_loses_what_it_said_of_place_and_maker() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    data = encoded(Image.new("RGB", (400, 300), "blue"), exif=exif)
    fitted = fit(data, SCAN_LIMIT)
    assert (fitted.width, fitted.height) == (300, 400)
    assert b"Maker" not in fitted.data
    assert not opened(fitted.data).getexif()


def test_what_is_appended_to_a_picture_does_not_come_along() -> None:
    assert b"PK\x03\x04" not in fit(encoded(picture(200, 200)) + b"PK\x03\x04archive", SCAN_LIMIT).data


@pytest.mark.parametrize("size", [(800, 600), (1280, 720), (4000, 3000), (900, 1200), (800, 800)])
def test_a_photo_gets_exactly_the_pixels_asked_for(size: tuple[int, int]) -> None:
    fitted = fit(encoded(picture(*size)), SCAN_LIMIT, size=(800, 600))
    assert opened(fitted.data).size == (800, 600)
    assert len(fitted.data) <= SCAN_LIMIT


def test_of_an_upright_photo_nothing_is_cut_off() -> None:
    tall = Image.new("RGB", (900, 1200), "green")
    ImageDraw.Draw(tall).rectangle([0, 0, 900, 100], fill="red")
    photo = opened(fit(encoded(tall), SCAN_LIMIT, size=(800, 600)).data)
    assert photo.getpixel((400, 10))[0] > 200  # type: ignore[index]
    assert photo.getpixel((5, 300)) == (255, 255, 255)


def test_a_photo_of_too_few_pixels_is_refused() -> None:
    with pytest.raises(Unfit, match="640×480像素，至少应为800×600像素"):
        fit(encoded(picture(640, 480)), SCAN_LIMIT, size=(800, 600))


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge, and is a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("edge", [8_000, 30_000])
def test_a_bomb_is_refused_before_it_is_unpacked(edge: int) -> None:
    with pytest.raises(Unfit, match="万像素"):
        fit(bomb(edge, edge), SCAN_LIMIT)


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(Unfit, match="最大30MB"):
        fit(builders.jpeg_bytes() + bytes(fitting.MAX_BYTES), SCAN_LIMIT)


WHOLE = encoded(picture(400, 300))


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.4", WHOLE[: len(WHOLE) // 2], b"\xff\xd8\xff", bomb(10, 10)])
def test_what_is_no_picture_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Unfit, match="不是完整的JPEG或PNG图片"):
        fit(data, SCAN_LIMIT)


def test_pages_are_joined_below_each_other() -> None:
    first, second = Image.new("RGB", (600, 800), "red"), Image.new("RGB", (300, 400), "blue")
    sheet = opened(joined([encoded(first), encoded(second)]))
    assert sheet.size == (600, 1600)
    assert sheet.getpixel((300, 1200)) == pytest.approx((0, 0, 255), abs=10)
    with pytest.raises(Unfit):
        joined([])
