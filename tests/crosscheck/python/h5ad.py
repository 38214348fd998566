"""A cell table as python3-anndata reads it: usage h5ad.py FILE CELLS (the table of tests/crosscheck/h5ad_test.cpp)."""
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore", FutureWarning)
import anndata  # noqa: E402

path, cells = sys.argv[1], int(sys.argv[2])
with warnings.catch_warnings():
    warnings.simplefilter("error", anndata._warnings.OldFormatWarning)  # every element must say what it is
    a = anndata.read_h5ad(path)
i = np.arange(cells)
assert a.shape == (cells, 3) and a.X.dtype == np.float32
assert np.array_equal(a.X, np.stack([i / 8, i / 8 + 1, i / 8 + 2], axis=1).astype("f4"))
assert list(a.obs_names) == ["HepG2-%d" % k for k in i] and list(a.var_names) == ["ERK", "AKT", "caspase 3 \u03b1"]
assert list(a.obs.columns) == ["volume", "marker", "lineage", "fate"], list(a.obs.columns)
assert a.obs["volume"].dtype == np.float64 and np.array_equal(a.obs["volume"], 0.1 * i)
assert a.obs["marker"].dtype == np.float32 and np.array_equal(a.obs["marker"], (0.5 * i).astype("f4"))
assert a.obs["lineage"].dtype == np.int64 and np.array_equal(a.obs["lineage"], -i)
assert list(a.obs["fate"].cat.categories) == ["live", "apoptotic", "necrotic"]
codes = a.obs["fate"].cat.codes
assert np.array_equal(codes, i % 4 - 1) and not a.obs["fate"].cat.ordered
assert np.array_equal(a.obsm["spatial"], np.stack([1.0 * i, 2.0 * i, 3.0 * i], axis=1))
assert a.uns["title"] == "a made-up table \u00b5m" and list(a.uns) == ["title"]
# What Stroma wrote, anndata writes and reads again.
a.write_h5ad(path + ".again")
assert np.array_equal(anndata.read_h5ad(path + ".again").X, a.X)
