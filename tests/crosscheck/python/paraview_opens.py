"""results.xdmf as ParaView sees it: usage pvbatch paraview_opens.py FOLDER FRAMES (the run of tests/support/results.hpp)."""
import sys

from paraview import servermanager
from paraview.simple import XDMFReader, Xdmf3ReaderS
from paraview.vtk.util.numpy_support import vtk_to_numpy

folder, frames = sys.argv[1], int(sys.argv[2])


def blocks(data):
    if data.IsA("vtkCompositeDataSet"):
        it = data.NewIterator()
        it.InitTraversal()
        while not it.IsDoneWithTraversal():
            yield it.GetCurrentDataObject()
            it.GoToNextItem()
    else:
        yield data


def check(reader, name):
    reader.UpdatePipelineInformation()
    times = list(reader.TimestepValues)
    assert times == [60.0 * k for k in range(frames)], (name, times)
    for k, time in enumerate(times):
        reader.UpdatePipeline(time)
        found = list(blocks(servermanager.Fetch(reader)))
        grid = next(b for b in found if b.GetCellData().GetArray("oxygen (nM)"))
        cells = next(b for b in found if b.GetPointData().GetArray("radius (um)"))
        assert grid.GetBounds() == (-40.0, 40.0, 5.0, 35.0, 0.0, 10.0), (name, grid.GetBounds())
        assert grid.GetNumberOfCells() == 24, name
        oxygen = vtk_to_numpy(grid.GetCellData().GetArray("oxygen (nM)"))
        for c in range(24):
            x0, x1, y0, y1, z0, z1 = grid.GetCell(c).GetBounds()
            assert oxygen[c] == (x0 + x1) / 2 + 10 * (y0 + y1) / 2 + 100 * (z0 + z1) / 2 + 1000 * k, (name, c)
        assert grid.GetCellData().GetArray("drug <5 & up> (nM)").GetValue(0) == k
        assert cells.GetNumberOfPoints() == k + 2, name
        for i in range(k + 2):
            assert cells.GetPoint(i) == (10.0 * i, 1.0, 2.0), name
            values = {a: cells.GetPointData().GetArray(a).GetTuple1(i) for a in ("id", "type", "phase", "radius (um)", "ERK")}
            assert values == {"id": 100 + i, "type": i % 2, "phase": -i, "radius (um)": 5 + i, "ERK": 0.25 * i}, values


check(XDMFReader(FileNames=[folder + "/results.xdmf"]), "XDMF reader")
check(Xdmf3ReaderS(FileName=[folder + "/results.xdmf"]), "Xdmf3 reader")
print("opened")
