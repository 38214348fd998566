"""How many voxels and points ParaView sees in each frame: usage pvbatch paraview_counts.py FOLDER KIND."""
import sys

from paraview import servermanager
from paraview.simple import XDMFReader, Xdmf3ReaderS

folder, kind = sys.argv[1:]
for reader in (XDMFReader(FileNames=[folder + "/results.xdmf"]), Xdmf3ReaderS(FileName=[folder + "/results.xdmf"])):
    reader.UpdatePipelineInformation()
    assert list(reader.TimestepValues) == [0.0, 60.0, 120.0], list(reader.TimestepValues)
    for k, time in enumerate(reader.TimestepValues):
        reader.UpdatePipeline(time)
        data = servermanager.Fetch(reader)
        found = []
        if data.IsA("vtkCompositeDataSet"):
            it = data.NewIterator()
            it.InitTraversal()
            while not it.IsDoneWithTraversal():
                found.append(it.GetCurrentDataObject())
                it.GoToNextItem()
        else:
            found.append(data)
        voxels = sum(d.GetNumberOfCells() for d in found if d.GetCellData().GetArray("oxygen (nM)"))
        points = sum(d.GetNumberOfPoints() for d in found if d.GetPointData().GetArray("radius (um)"))
        assert voxels == (0 if kind == "no-fields" else 12), (kind, k, voxels)
        expected = 0 if kind == "no-cells" or (kind == "die-out" and k == 2) else k + 2
        assert points == expected, (kind, k, points)
