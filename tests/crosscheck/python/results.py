"""results.h5 as h5py sees it: usage results.py FOLDER FRAMES (the small run of tests/support/results.hpp)."""
import sys

import h5py
import numpy as np

folder, frames = sys.argv[1], int(sys.argv[2])
with h5py.File(folder + "/results.h5", "r") as f:
    assert f.attrs["frame_count"] == frames and f.attrs["title"] == "a made-up run"
    assert list(f["frames"]) == ["%015d" % (6000 * k) for k in range(frames)], list(f["frames"])
    assert list(f["index/tick"]) == [6000 * k for k in range(frames)]
    assert list(f["index/minutes"]) == [60.0 * k for k in range(frames)]
    assert list(f["index/cells"]) == [k + 2 for k in range(frames)]
    assert list(f["series/count/HepG2/live"]) == [10.0 * k for k in range(frames)]
    assert f["series/volume"].attrs["unit"] == "um^3" and list(f["series/volume"]) == [0.5 * k for k in range(frames)]
    for k, name in enumerate(f["frames"]):
        frame = f["frames"][name]
        assert frame.attrs["tick"] == 6000 * k
        oxygen = frame["fields/oxygen"]
        assert oxygen.shape == (2, 3, 4) and oxygen.dtype == "<f4" and oxygen.attrs["unit"] == "nM"
        z, y, x = np.meshgrid(2.5 + 5 * np.arange(2), 10 + 10 * np.arange(3), -30 + 20 * np.arange(4), indexing="ij")
        assert np.array_equal(oxygen[:], (x + 10 * y + 100 * z + 1000 * k).astype("f4"))
        cells = frame["cells"]
        i = np.arange(k + 2)
        assert np.array_equal(cells["position"][:], np.stack([10.0 * i, 1 + 0 * i, 2 + 0 * i], axis=1))
        assert np.array_equal(cells["id"], 100 + i) and np.array_equal(cells["phase"], -i)
        assert np.array_equal(cells["radius"], 5.0 + i) and cells["radius"].attrs["unit"] == "um"
        assert list(cells["type"].attrs["categories"]) == ["HepG2", "CAF"] and np.array_equal(cells["type"], i % 2)
        assert np.array_equal(cells["ERK"], 0.25 * i)
