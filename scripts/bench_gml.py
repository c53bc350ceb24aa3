"""How fast and in how much memory a large GML file is read.

Writes a file like an AR5 delivery (polygons, nested attributes, surfaces whose borders are curves
of other features, one in ten with an arc) and reads its surfaces in a process of its own.

    python scripts/bench_gml.py --mb 200
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2"
 xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:app="https://skjema.geonorge.no/SOSI/produktspesifikasjon/FKB-AR5/5.0" gml:id="c">
"""
IDENTITY = """<app:identifikasjon><app:Identifikasjon><app:lokalId>{id}</app:lokalId>
<app:navnerom>https://data.geonorge.no/sosi/ar5</app:navnerom>
<app:versjonId>2025-01-01</app:versjonId></app:Identifikasjon></app:identifikasjon>
<app:oppdateringsdato>2025-01-{day:02d}T00:00:00</app:oppdateringsdato>
<app:kvalitet><app:Posisjonskvalitet><app:datafangstmetode>fot</app:datafangstmetode>
<app:nøyaktighet>200</app:nøyaktighet></app:Posisjonskvalitet></app:kvalitet>
"""
SRS = 'srsName="http://www.opengis.net/def/crs/EPSG/0/25832" srsDimension="2"'
SIDE = 100.0
POINTS = 40


def feature(i: int, across: int, *, shared: bool) -> str:
    """One surface with its own ring, or one whose ring is the curve of a border feature."""
    x, y = 500_000 + SIDE * (i % across), 7_000_000 + SIDE * (i // across)
    corners = [(x, y), (x + SIDE, y), (x + SIDE, y + SIDE), (x, y + SIDE), (x, y)]
    line = [
        (a[0] + (b[0] - a[0]) * k / POINTS, a[1] + (b[1] - a[1]) * k / POINTS)
        for a, b in pairwise(corners)
        for k in range(POINTS)
    ]
    text = " ".join(f"{e:.2f} {n:.2f}" for e, n in (*line, corners[0]))
    name = f"f{i:08d}-5a2c-4e7b-9d61-0c8f3e1b7a94"
    identity = IDENTITY.format(id=name, day=1 + i % 28)
    curve = (
        f'<gml:Curve gml:id="c{i}" {SRS}><gml:segments><gml:LineStringSegment><gml:posList>{text}'
        "</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve>"
    )
    ring = f"<gml:LinearRing><gml:posList>{text}</gml:posList></gml:LinearRing>"
    if shared:
        ring = f'<gml:Ring><gml:curveMember xlink:href="#c{i}"/></gml:Ring>'
    surface = (
        f'<gml:featureMember><app:ArealressursFlate gml:id="{name}">{identity}'
        f'<app:område><gml:Surface gml:id="s{i}" {SRS}><gml:patches><gml:PolygonPatch>'
        f"<gml:exterior>{ring}</gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface>"
        f"</app:område><app:arealtype>{(21, 22, 23, 30, 60)[i % 5]}</app:arealtype>"
        "<app:treslag>98</app:treslag><app:skogbonitet>98</app:skogbonitet>"
        "<app:grunnforhold>44</app:grunnforhold>"
        f'<app:avgrensesAvArealressursGrense xlink:href="#g{i}"/>'
        "</app:ArealressursFlate></gml:featureMember>\n"
    )
    if not shared:
        return surface
    return surface + (
        f'<gml:featureMember><app:ArealressursGrense gml:id="g{i}">{identity}<app:grense>{curve}'
        "</app:grense></app:ArealressursGrense></gml:featureMember>\n"
    )


def write(path: Path, megabytes: int, *, shared: bool) -> int:
    """File of about that size; number of surfaces."""
    count = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEAD)
        while stream.tell() < megabytes << 20:
            block = (feature(i, 2000, shared=shared) for i in range(count, count + 200))
            stream.write("".join(block))
            count += 200
        stream.write("</gml:FeatureCollection>\n")
    return count


def read(path: Path) -> None:
    """Read the surfaces and print count, seconds, peak and output, MiB."""
    from ikap.sources.gml import frame, layers  # noqa: PLC0415 (only in the measured process)
    from ikap.sources.ledger import Ledger  # noqa: PLC0415

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    ledger = Ledger(str(path), "bench")
    names = layers(path, ledger)
    scanned = time.perf_counter() - start
    table = frame(path, names[0], None, ledger)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    points = int(table.geometry.count_coordinates().sum())
    output = table.memory_usage(deep=True).sum() / 2**20 + 16 * points / 2**20
    size = path.stat().st_size / 2**20
    print(f"{size:.0f} MiB, {len(table)} features, {points} points: scan {scanned:.1f} s,")
    print(f"  all {seconds:.1f} s, {size / seconds:.1f} MiB/s; peak {peak:.0f} MiB")
    print(f"  ({before:.0f} before, output about {output:.0f})")
    assert abs(table.area.sum() - len(table) * SIDE**2) < 1e-3 * len(table)


def main() -> None:
    """Write and read, without and with shared borders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, default=100)
    parser.add_argument("--read", type=Path)
    options = parser.parse_args()
    if options.read:
        read(options.read)
        return
    for shared in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ar5.gml"
            write(path, options.mb, shared=shared)
            print("shared borders:" if shared else "own rings:")
            sys.stdout.flush()
            subprocess.run([sys.executable, __file__, "--read", str(path)], check=True)


if __name__ == "__main__":
    main()
