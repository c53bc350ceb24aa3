"""Speed and memory of reading a large SOSI file: land cover whose surfaces share their borders.

    python scripts/bench_sosi.py [MEGABYTES] [FOLDER]

Writes a file of about that size (200 MB if not said), reads its surfaces and its borders, and
prints seconds, MB/s and the peak of memory. Each cell of a grid is one surface with four curves.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ikap.sources.ledger import Ledger
from ikap.sources.sosi import frame, layers

CELL_M, STEPS = 60.0, 20
BYTES_A_CELL = 1320
HEAD = """.HODE
..TEGNSETT ISO8859-10
..TRANSPAR
...KOORDSYS 22
...ORIGO-NØ 0 0
...ENHET 0.01
..OMRÅDE
...MIN-NØ 6900000 400000
...MAX-NØ 7500000 900000
..SOSI-VERSJON 4.5
..SOSI-NIVÅ 4
"""


def curve(number: int, points: np.ndarray) -> str:
    """One border, with nodes at its ends."""
    rows = [f"{y} {x}" for x, y in points.tolist()]
    rows[0] += " ...KP 1"
    rows[-1] += " ...KP 1"
    lines = "\n".join(rows[1:])
    head = "..OBJTYPE ArealressursGrense\n..DATAFANGSTDATO 20200101\n..KVALITET 82 200\n..NØ"
    return f".KURVE {number}:\n{head}\n{rows[0]}\n..NØ\n{lines}\n"


def text_of(side: int) -> Iterator[str]:
    """Objects of a grid of `side` by `side` surfaces."""
    random = np.random.default_rng(5)
    share = np.linspace(0, 1, STEPS + 1)
    at = np.array([50_000_000, 700_000_000])
    step = int(CELL_M * 100)

    def line(i: int, j: int, across: bool) -> np.ndarray:
        run = np.zeros((STEPS + 1, 2))
        run[:, 0 if across else 1] = share * step
        run[1:-1] += random.integers(-100, 100, (STEPS - 1, 2))
        return (run + at + np.array([i * step, j * step])).astype(np.int64)

    across = lambda i, j: 1 + j * side + i  # noqa: E731 (numbers of the curves)
    up = lambda i, j: 1 + side * (side + 1) + j * (side + 1) + i  # noqa: E731
    count = 2 * side * (side + 1)
    for j in range(side + 1):
        yield from (curve(across(i, j), line(i, j, True)) for i in range(side))
    for j in range(side):
        yield from (curve(up(i, j), line(i, j, False)) for i in range(side + 1))
    for j in range(side):
        for i in range(side):
            refs = f":{across(i, j)} :{up(i + 1, j)} :-{across(i, j + 1)} :-{up(i, j)}"
            middle = at + np.array([i * step + step // 2, j * step + step // 2])
            yield (
                f".FLATE {count + 1 + j * side + i}:\n..OBJTYPE ArealressursFlate\n"
                f"..IDENT\n...LOKALID {i}-{j}\n...NAVNEROM https://data.geonorge.no/sosi/ar5\n"
                f"..ARTYPE {(21, 22, 23, 30, 60)[(i + j) % 5]}\n..ARSKOGBON 98\n..ARTRESLAG 39\n"
                f"..ARGRUNNF 44\n..DATAFANGSTDATO 20200101\n..KVALITET 82 200\n"
                f"..REF {refs}\n..NØ\n{middle[1]} {middle[0]}\n"
            )
    yield ".SLUTT\n"


def peak_mb() -> float:
    """Largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Write, read, print."""
    megabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 200.0
    with tempfile.TemporaryDirectory() as made:
        path = Path(sys.argv[2] if len(sys.argv) > 2 else made) / "bench.sos"
        side = max(int((megabytes * 1e6 / BYTES_A_CELL) ** 0.5), 1)
        with path.open("w", encoding="iso8859-10", newline="\n") as out:
            out.write(HEAD)
            out.writelines(text_of(side))
        size = path.stat().st_size / 1e6
        print(f"{size:.0f} MB, {side * side} surfaces; memory before {peak_mb():.0f} MB")
        started = time.perf_counter()
        names = layers(path, Ledger(str(path), ""))
        print(f"layers: {time.perf_counter() - started:.1f} s")
        for name in reversed(names):
            ledger = Ledger(str(path), name)
            started = time.perf_counter()
            found = frame(path, name, None, ledger)
            seconds = time.perf_counter() - started
            missing = int(found.geometry.isna().sum())
            print(
                f"{name}: {len(found)} rows, {missing} without geometry, {seconds:.1f} s, "
                f"{size / seconds:.1f} MB/s, peak {peak_mb():.0f} MB"
            )
            del found
        if len(sys.argv) > 2:
            path.unlink()


if __name__ == "__main__":
    main()
