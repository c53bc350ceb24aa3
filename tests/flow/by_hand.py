"""A recipe of `ikap explain` followed as in QGIS: layers opened under their names, then the query.

The query is run by GDAL's SQLite dialect, which has SpatiaLite's functions, as QGIS' virtual layers
have; ikap's own sums are not asked.
"""

from pathlib import Path

import pyogrio


class Project:
    """Layers that are open, each under its name, with their geometry in `geometry`."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.path, self.root = folder / "project.gpkg", root
        self.open: set[str] = set()

    def figure(self, hand) -> float:
        """What the query of a recipe gives."""
        for one in hand["layers"]:
            key = f"{one['name']} {one['path']}"
            if key in self.open:
                continue
            file = self.root / one["path"]
            layer = one["layer"] or str(pyogrio.list_layers(file)[0, 0])
            pyogrio.write_dataframe(
                pyogrio.read_dataframe(file, layer=layer),
                self.path,
                layer=one["name"],
                driver="GPKG",
                append=self.path.exists(),
                geometry_type="Unknown",
                layer_options={"GEOMETRY_NAME": "geometry"},
            )
            self.open.add(key)
        found = pyogrio.read_dataframe(self.path, sql=hand["sql"], sql_dialect="SQLITE")
        return float(found.iloc[0, 0])
