"""How long a person waits until a picture is under its limit: a telephone's photo, a scanned form."""

from __future__ import annotations

import io
import random
import time

from PIL import Image, ImageDraw, ImageFilter

from benchmarks.one import Bench
from benchmarks.report import Row
from enterprise.services.fitting import FORM_LIMIT, SCAN_LIMIT, Fitted, fit

TIMES = 7


def run(bench: Bench) -> tuple[list[Row], list[str]]:
    """Fit each kind of picture some times."""
    pictures = {
        "telephone's photo, 4000×3000, under 100 KB": (_photo(4000, 3000), SCAN_LIMIT, None),
        "counter's camera, 1280×960, to 800×600 under 100 KB": (_photo(1280, 960), SCAN_LIMIT, (800, 600)),
        "scanned form, A4 at 300 dpi, under 150 KB": (_form(2480, 3508), FORM_LIMIT, None),
    }
    rows = [_row(bench, what, *each) for what, each in pictures.items()]
    return rows, [
        "CPU time, median and slowest of seven, in one process. Floor: decode the same picture, scale it to the pixels "
        "that came out, and write it once, at the quality that was found. Pictures are drawn: soft shapes with the "
        "grain of a sensor, and a form with small print."
    ]


def _row(bench: Bench, what: str, data: bytes, limit: int, size: tuple[int, int] | None) -> Row:
    times, floors = [], []
    for _ in range(bench.sized(TIMES, 3)):
        started = time.process_time()
        fitted = fit(data, limit, size=size)
        times.append(time.process_time() - started)
        if len(fitted.data) > limit:
            raise RuntimeError("over the limit")
        floors.append(_floor(data, fitted))
    times.sort()
    floors.sort()
    middle, floor = times[len(times) // 2], floors[len(floors) // 2]
    bench.say(f"{what}: {middle:.2f} s")
    return Row(
        what=f"{what} (from {len(data) / 1024:,.0f} KB)",
        measured=f"{middle:.2f} s, slowest {times[-1]:.2f} s; {fitted.width}×{fitted.height}, quality {fitted.quality}",
        floor=f"{floor:.2f} s",
        ratio=floor / middle,
    )


def _floor(data: bytes, fitted: Fitted) -> float:
    started = time.process_time()
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as opened:
        image = opened.convert("RGB").resize((fitted.width, fitted.height))
    image.save(io.BytesIO(), "JPEG", quality=fitted.quality, optimize=True)
    return time.process_time() - started


def _photo(width: int, height: int) -> bytes:
    """Draw soft shapes and lay the grain of a sensor over them."""
    chance = random.Random(f"{width}×{height}")
    image = Image.new("RGB", (width, height), "#9fc3dc")
    draw = ImageDraw.Draw(image)
    for _ in range(160):
        x, y, r = chance.randrange(width), chance.randrange(height), chance.randrange(20, width // 5)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=tuple(chance.randrange(256) for _ in range(3)))
    image = image.filter(ImageFilter.GaussianBlur(3))
    grain = Image.effect_noise((width, height), 24).convert("RGB")
    return _jpeg(Image.blend(image, grain, 0.12))


def _form(width: int, height: int) -> bytes:
    """Draw a page of small print and rules, a little uneven as scanners see paper."""
    chance = random.Random(f"{width}×{height}")
    image = Image.new("RGB", (width, height), "#f7f5ef")
    draw = ImageDraw.Draw(image)
    for y in range(180, height - 120, 46):
        draw.line((120, y + 36, width - 120, y + 36), fill="#6a6a6a", width=2)
        for x in range(140, width - 160, 26):
            if chance.random() < 0.4:
                draw.rectangle((x, y + chance.randrange(8), x + chance.randrange(6, 20), y + 28), fill="#20242a")
    return _jpeg(Image.blend(image, Image.effect_noise((width, height), 18).convert("RGB"), 0.02))


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()
