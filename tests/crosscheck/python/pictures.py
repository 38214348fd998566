"""Pillow as the second reader and writer of pictures.

pictures.py write FOLDER   draws a pattern, writes it in every format and compression, and its values as text beside it
pictures.py read FOLDER    reads the TIFFs that lie there and compares them with the values as text beside each

Values: one line per channel, row after row, in NAME.txt.
"""
import sys
from pathlib import Path

from PIL import Image

WIDTH, HEIGHT = 37, 23


def values(seed, limit):
    return [(i * 7919 + seed * 104729 + i * i * 31) % limit for i in range(WIDTH * HEIGHT)]


def plane(data, mode="L"):
    picture = Image.new(mode, (WIDTH, HEIGHT))
    picture.putdata(data)
    return picture


def note(path, channels):
    Path(str(path) + ".txt").write_text("\n".join(" ".join(str(v) for v in c) for c in channels) + "\n")


def write(folder):
    grey, deep = values(0, 256), values(0, 65536)
    rgb = [values(c, 256) for c in range(3)]
    colour = Image.merge("RGB", [plane(c) for c in rgb])
    palette = plane([v % 16 for v in grey], "P")
    palette.putpalette([n for i in range(16) for n in (i * 16, 255 - i * 16, i)])
    painted = [[(v % 16) * 16 for v in grey], [255 - (v % 16) * 16 for v in grey], [v % 16 for v in grey]]
    for suffix, options in (("png", {}), ("tif", {}), ("lzw.tif", {"compression": "tiff_lzw"}), ("packbits.tif", {"compression": "packbits"}),
                            ("deflate.tif", {"compression": "tiff_adobe_deflate"})):
        for name, picture, channels in (("grey", plane(grey), [grey]), ("rgb", colour, rgb), ("palette", palette, painted)):
            path = folder / f"{name}.{suffix}"
            picture.save(path, **options)
            note(path, channels)
        path = folder / f"deep.{suffix}"
        plane(deep, "I;16").save(path, **options)
        note(path, [deep])
    path = folder / "pages.tif"
    plane(rgb[0]).save(path, save_all=True, append_images=[plane(rgb[1]), plane(rgb[2])])
    note(path, rgb)
    path = folder / "big-endian.tif"
    plane([v >> 8 | (v & 255) << 8 for v in deep], "I;16").save(folder / "swap.tif")
    plane(deep, "I;16B").save(path)
    (folder / "swap.tif").unlink()
    note(path, [deep])


def read(folder):
    seen = 0
    for path in sorted(folder.glob("*.tif")):
        lines = [[float(v) for v in line.split()] for line in Path(str(path) + ".txt").read_text().splitlines()]
        with Image.open(path) as picture:
            found = []
            for page in range(getattr(picture, "n_frames", 1)):
                picture.seek(page)
                found += [list(band.getdata()) for band in picture.split()] if picture.mode == "RGB" else [list(picture.getdata())]
        assert len(found) == len(lines), (path, len(found), len(lines))
        for a, b in zip(found, lines):
            assert len(a) == len(b) and all(abs(x - y) <= 1e-6 * abs(y) for x, y in zip(a, b)), path
        seen += 1
    assert seen > 0, "no picture"


if __name__ == "__main__":
    {"write": write, "read": read}[sys.argv[1]](Path(sys.argv[2]))
