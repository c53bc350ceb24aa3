"""Reading a plan or land layer of five thousand polygons takes less than a second of work."""

import time

import geopandas as gpd
from shapely import Point


def test_five_thousand_polygons_in_a_second(layers) -> None:
    places = [(569000 + 120 * (i % 70), 7034000 + 120 * (i // 70)) for i in range(5000)]
    circles = [Point(*place).buffer(50, quad_segs=24) for place in places]
    columns = {"arealformål": ["1110"] * 5000, "lokalid": [str(i) for i in range(5000)]}
    path = layers.write(gpd.GeoDataFrame(columns, geometry=circles, crs="EPSG:25832"))
    layers.make("zoning", {"arealformål": ["1110"]}, [circles[0]])  # imports and code lists
    seconds = []
    for _ in range(3):  # the best of three, of the processor's time
        start = time.process_time()
        layer = layers.read(path, "zoning")
        seconds.append(time.process_time() - start)
    assert min(seconds) < 1.0
    assert len(layer.frame) == 5000
