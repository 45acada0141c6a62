"""How quickly pictures come in; run with `python benchmarks/data.py`.

Prints figures with their targets: toy faces drawn per second, files decoded per second against
a bare loop over Pillow in one process, the time of a second start, and one original.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from explorer.data import DataSpec, load, original
from explorer.data.decode import fill, num_workers
from explorer.data.toy_drawing import draw_faces
from explorer.data.toy_faces import listing
from explorer.data.toy_factors import draw_factors

NUM_FACES = 8_000
NUM_FILES = 12_000
FACE_SIZE = (178, 218)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def toy_faces() -> None:
    faces = listing(DataSpec("toy-faces", limit=NUM_FACES, channels=3), progress=False)
    with tempfile.TemporaryDirectory() as folder:
        file, shape = Path(folder) / "faces.npy", (NUM_FACES, 64, 64, 3)
        out = np.lib.format.open_memmap(file, "w+", np.uint8, shape)
        wall = seconds(lambda: fill(out, faces.draw, label="", progress=False))
    report("toy-faces 64x64, all cores", NUM_FACES / wall, "img/s", "target 2,000")
    factors = draw_factors(np.arange(1000), seed=0)
    start = time.process_time()
    draw_faces(factors)
    used = time.process_time() - start
    report("toy-faces 64x64, per second of one core", 1000 / used, "img/s", "")


def write_photos(folder: Path) -> None:
    """Photographs of CelebA's size; a few hundred different ones under many names."""
    (folder / "img").mkdir()
    faces = draw_faces(draw_factors(np.arange(300), seed=0), size=128)
    blobs = []
    for face in faces:
        stream = BytesIO()
        Image.fromarray(face).resize(FACE_SIZE).save(stream, "JPEG", quality=90)
        blobs.append(stream.getvalue())
    for number in range(NUM_FILES):
        (folder / "img" / f"{number:06d}.jpg").write_bytes(blobs[number % len(blobs)])


def bare_loop(folder: Path) -> np.ndarray:
    """What anyone would write first."""
    files = sorted((folder / "img").iterdir())
    out = np.empty((len(files), 64, 64, 3), np.uint8)
    for row, file in enumerate(files):
        with Image.open(file) as image:
            square = image.convert("RGB").crop((15, 35, 163, 183))
        out[row] = np.asarray(square.resize((64, 64), Image.Resampling.BICUBIC))
    return out


def files() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_photos(folder)
        bare = NUM_FILES / seconds(lambda: bare_loop(folder))
        report("bare Pillow loop, one process", bare, "img/s", "")
        spec = DataSpec("folder", root=folder / "img", crop=148)
        cache = folder / "cache"
        ours = NUM_FILES / seconds(lambda: load(spec, cache_dir=cache, progress=False))
        target = f"{ours / bare:.2f} of the bare loop, with the cache written"
        report(f"load(), {num_workers()} cores", ours, "img/s", target)
        again = seconds(lambda: load(spec, cache_dir=cache, progress=False))
        report(f"second start, {NUM_FILES:,} files", again * 1000, "ms", "target below 1,000")
        section = {"source": "folder", "image_size": 64, "crop": 148}
        original(section, "000001.jpg", root=folder / "img")
        one = seconds(lambda: original(section, "000002.jpg", root=folder / "img"))
        report("one original", one * 1000, "ms", "target below 20")


def report(what: str, value: float, unit: str, remark: str) -> None:
    print(f"{what:<44}{value:>10,.1f} {unit:<6} {remark}")


if __name__ == "__main__":
    toy_faces()
    files()
