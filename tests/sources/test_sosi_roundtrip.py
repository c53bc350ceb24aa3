"""What is written as SOSI text comes back equal, whatever the letters, unit, origin and order."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from random import Random

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ikap.sources.ledger import Ledger
from ikap.sources.sosi import layers, objects

CHARSETS = {
    "ISO8859-1": "iso8859-1",
    "ISO8859-10": "iso8859-10",
    "ANSI": "cp1252",
    "DOSN8": "cp865",
    "UTF-8": "utf-8",
    "UTF-8 with mark": "utf-8-sig",
    "ND7": "ascii",
}
SEVEN_BITS = str.maketrans("ÆØÅæøå", "[\\]{|}")
LETTERS = "abcdefghijklmnopqrstuvwxyzABCXYZÆØÅæøå0123456789 !.,;:&()/-+*_'"
NAMES = ("NAVN", "OMRÅDENAVN", "KPAREALFORMÅL", "STØY", "VÆR-1")

values = st.text(LETTERS, min_size=1, max_size=12)
attributes = st.dictionaries(st.sampled_from(NAMES), values, max_size=4)
places = st.tuples(st.integers(-(10**7), 10**7), st.integers(-(10**7), 10**7))


@dataclass
class Writer:
    """Writes features as objects; surfaces as curves that are cut, turned and mixed at random."""

    unit: str
    origin: tuple[str, str]  # north, east
    random: Random
    objects: list[str] = field(default_factory=list)
    number: int = 0

    def add(self, kind: str, layer: str, said: dict[str, str], rows: str, ref: str = "") -> int:
        self.number += 1
        head = f".{kind} {self.number}:\n..OBJTYPE {layer}\n"
        listed = "".join(f'..{name} "{value}"\n' for name, value in said.items())
        self.objects.append(f"{head}{listed}{ref}..NØ\n{rows}\n")
        return self.number

    def rows(self, points: list[tuple[int, int]]) -> str:
        marks = ("", "", " ...KP 1", " ! merknad", "\n..NØ", "\n! linje\n")
        lines = [f"{n} {e}{self.random.choice(marks)}" for n, e in points]
        lines[-1] = lines[-1].partition("\n")[0]
        return "\n".join(lines)

    def ring(self, points: list[tuple[int, int]]) -> str:
        """References to the curves of a ring, whose last point is its first."""
        cuts = sorted(self.random.sample(range(1, len(points) - 1), self.random.randint(0, 2)))
        pieces = [
            points[a : b + 1] for a, b in zip([0, *cuts], [*cuts, len(points) - 1], strict=True)
        ]
        refs = []
        for piece in pieces:
            turned = self.random.random() < 0.5
            number = self.add("KURVE", "Grense", {}, self.rows(piece[::-1] if turned else piece))
            refs.append(f":{'-' if turned else ''}{number}")
        return self.random.choice((" ", "\n")).join(refs)

    def text(self, charset: str, newline: str) -> bytes:
        stated = charset.partition(" ")[0]
        head = (
            f".HODE\n..TEGNSETT {stated}\n..TRANSPAR\n...KOORDSYS 22\n"
            f"...ORIGO-NØ {' '.join(self.origin)}\n...ENHET {self.unit}\n..SOSI-NIVÅ 4\n"
        )
        self.random.shuffle(self.objects)
        text = "".join([head, *self.objects, ".SLUTT\n"]).replace("\n", newline)
        return (text.translate(SEVEN_BITS) if stated == "ND7" else text).encode(CHARSETS[charset])

    def xy(self, points: list[tuple[int, int]]) -> np.ndarray:
        """Exact coordinates, then the nearest doubles: east first."""
        north, east = map(Fraction, self.origin)
        unit = Fraction(self.unit)
        return np.array([[float(east + e * unit), float(north + n * unit)] for n, e in points])


def box_ring(low: int, high: int, random: Random) -> list[tuple[int, int]]:
    """A square with extra points on its sides, closed."""
    steps = sorted({low, high, *(random.randint(low, high) for _ in range(3))})
    side = steps[:-1]
    back = [high + low - s for s in side]
    return [
        *((low, s) for s in side),
        *((s, high) for s in side),
        *((high, s) for s in back),
        *((s, low) for s in back),
        (low, low),
    ]


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("sosi") / "a.sos"


@settings(max_examples=100)
@given(
    charset=st.sampled_from(list(CHARSETS)),
    newline=st.sampled_from(["\n", "\r\n"]),
    unit=st.sampled_from(["0.01", "0.010", "0.001", "1", "0.1"]),
    origin=st.sampled_from([("0", "0"), ("7034307", "569377"), ("7034307.25", "-569377.5")]),
    surfaces=st.lists(st.tuples(attributes, st.integers(0, 2)), min_size=1, max_size=3),
    lines=st.lists(
        st.tuples(attributes, st.lists(places, min_size=2, max_size=9)), min_size=1, max_size=3
    ),
    points=st.lists(st.tuples(attributes, places), min_size=1, max_size=3),
    random=st.randoms(use_true_random=False),
)
def test_round_trip(
    path, *, charset, newline, unit, origin, surfaces, lines, points, random
) -> None:
    writer = Writer(unit, origin, random)
    wanted: dict[str, list] = {"Flate": [], "Linje": [], "Punkt": []}
    for i, (said, holes) in enumerate(surfaces):
        shell = box_ring(i * 1000, i * 1000 + 900, random)
        inner = [
            box_ring(i * 1000 + 100 + 300 * k, i * 1000 + 300 + 300 * k, random)
            for k in range(holes)
        ]
        refs = [writer.ring(shell), *(f"({writer.ring(ring)})" for ring in inner)]
        number = writer.add("FLATE", "Flate", said, "0 0", f"..REF {' '.join(refs)}\n")
        shape = shapely.Polygon(writer.xy(shell), [writer.xy(ring) for ring in inner])
        wanted["Flate"].append((number, said, shape))
    for said, way in lines:
        number = writer.add("KURVE", "Linje", said, writer.rows(way))
        wanted["Linje"].append((number, said, shapely.LineString(writer.xy(way))))
    for said, place in points:
        number = writer.add("PUNKT", "Punkt", said, writer.rows([place]))
        wanted["Punkt"].append((number, said, shapely.Point(*writer.xy([place]))))
    path.write_bytes(writer.text(charset, newline))
    assert set(layers(path, Ledger("", ""))) == {"Flate", "Linje", "Punkt", "Grense"}
    for layer, features in wanted.items():
        ledger = Ledger("", "")
        frame = objects(path, layer, None, ledger)
        assert [q.what for q in ledger.quality] == []
        assert len(frame) == len(features)
        for number, said, shape in features:
            row = frame.loc[f"sosi:{number}"]
            found = {n: row[n] for n in NAMES if isinstance(row.get(n), str)}
            assert found == said
            assert row.geometry.geom_type == shape.geom_type
            same = row.geometry.normalize(), shape.normalize()
            assert shapely.equals_exact(*same, tolerance=0.0)
