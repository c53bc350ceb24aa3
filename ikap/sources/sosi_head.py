"""The head of a SOSI file: letters, coordinate system, and how numbers become metres."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from mmap import mmap

import numpy as np
from numpy.typing import NDArray

from ikap.sources.ledger import Ledger
from ikap.sources.names import fold
from ikap.sources.sosi_text import SEPARATOR, Parser

__all__ = ["Charset", "Head", "Scale", "charset_of", "check_head", "read_head"]

BOM = b"\xef\xbb\xbf"
UTF8, DANISH_NORWEGIAN, SEVEN_BITS, MAC = "utf-8", "cp865", "nd7", "mac_roman"
CHARSETS = {
    "ISO885910": "iso8859-10",
    "ISO88591": "iso8859-1",
    "ISO885915": "iso8859-15",
    "LATIN1": "iso8859-1",
    "DECN8": "iso8859-1",
    "ANSI": "cp1252",
    "WINDOWS1252": "cp1252",
    "UTF8": UTF8,
    "DOSN8": DANISH_NORWEGIAN,
    "ND7": SEVEN_BITS,
    "DECN7": SEVEN_BITS,
    "MACROMAN": MAC,
}
ONE_BYTE = ("iso8859-10", "iso8859-1", "iso8859-15", "cp1252")
"""Charsets in which æøå and ÆØÅ are the same bytes."""
DEFAULT, WIDEST = "iso8859-10", "cp1252"
NORTH_EAST = re.compile(rb"[-.]N(\xc3\x98|\xd8|\x9d|\xaf|\\)[HD]?\s")
"""The Ø of `..NØ` or `ORIGO-NØ`: every file has it, and it gives the charset away."""
FAMILY = {
    b"\xc3\x98": UTF8,
    b"\xd8": WIDEST,
    b"\x9d": DANISH_NORWEGIAN,
    b"\xaf": MAC,
    b"\\": SEVEN_BITS,
}
SEVEN_BIT_LETTERS = str.maketrans("[\\]{|}", "ÆØÅæøå")
BLOCK = 1 << 24

CODE = re.compile(r"\d{1,4}")
NUMBER = re.compile(r"[-+]?\d{1,12}(?:\.\d{0,12})?")
NOWHERE = (Decimal(0), Decimal(0))
EXACT = 1 << 53
"""Whole numbers below this are doubles without loss."""

UTM = {code: f"EPSG:{25810 + code}" for code in range(21, 27)}
NTM = {code: f"EPSG:{4900 + code}" for code in range(205, 231)}
KOORDSYS = {**UTM, **NTM, 84: "EPSG:4258"}
OLD_DATUM = {
    **{axis: f"NGO1948, akse {axis}" for axis in range(1, 9)},
    9: "NGO1948",
    **{code: f"ED50 UTM {code}" for code in range(31, 37)},
}


@dataclass(frozen=True)
class Charset:
    """How the bytes of a file become letters."""

    codec: str  # Python's name, or `nd7`
    stated: str  # as the file has it; empty where it has none
    declared: bool = False  # whether the layer's TOML states it

    @property
    def name(self) -> str:
        """Name for messages."""
        return "ND7" if self.codec == SEVEN_BITS else codecs.lookup(self.codec).name.upper()

    @property
    def as_stated(self) -> bool:
        """Whether the file is written in the charset that it states."""
        stated = _codec(self.stated) or (DEFAULT if not self.stated else "")
        return (
            self.declared or stated == self.codec or (stated in ONE_BYTE and self.codec in ONE_BYTE)
        )

    @property
    def known_by(self) -> str:
        """How it is known: text key under [letters_known_by]."""
        if not self.as_stated:
            return "tested"
        return "header" if self.stated else "format"

    @property
    def decoder(self) -> Callable[[bytes], str]:
        """Function from bytes to text; what cannot be read becomes U+FFFD."""
        if self.codec == SEVEN_BITS:
            return lambda raw: raw.decode("latin-1").translate(SEVEN_BIT_LETTERS)
        return lambda raw: raw.decode(self.codec, "replace")


@dataclass(frozen=True)
class Scale:
    """How written numbers become coordinates: origin + number x unit, in decimals."""

    north: Decimal = Decimal(0)
    east: Decimal = Decimal(0)
    unit: Decimal = Decimal(1)

    def xy(self, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """Coordinates of numbers as they are written.

        Parameters
        ----------
        numbers : array of int64, shape (n, 2)
            North and east.

        Returns
        -------
        array of float64, shape (n, 2)
            East and north: the doubles nearest to the exact decimal values.

        Examples
        --------
        >>> scale = Scale(Decimal(7034307), Decimal(569377), Decimal("0.010"))
        >>> scale.xy(np.array([[666, 966]])).tolist()
        [[569386.66, 7034313.66]]
        """
        places = max(0, *(-int(d.as_tuple().exponent) for d in (self.north, self.east, self.unit)))
        power = 10**places
        step, origin = int(self.unit * power), [int(d * power) for d in (self.north, self.east)]
        largest = int(np.abs(numbers).max(initial=0))
        if largest * step + max(map(abs, origin)) >= EXACT or places > 22:  # noqa: PLR2004 (10^22 is exact)
            rows = [
                [
                    float(Fraction(o + int(n) * step, power))
                    for o, n in zip(origin, row, strict=True)
                ]
                for row in numbers
            ]
            return np.array(rows, dtype=float).reshape(-1, 2)[:, ::-1].copy()
        whole = numbers * step + np.array(origin, dtype=np.int64)
        return (whole[:, ::-1] / float(power)).astype(np.float64)

    def with_unit(self, text: bytes) -> Scale | None:
        """Scale of an object that has a unit of its own; None where that is no number.

        Parameters
        ----------
        text : bytes
            Value of its `..ENHET`.

        Returns
        -------
        Scale or None
            With the origin of the file.
        """
        unit = _numbers(text.decode("latin-1"), 1)
        return replace(self, unit=unit[0]) if unit and unit[0] > 0 else None

    def of_decimals(self, pairs: list[tuple[bytes, bytes]]) -> NDArray[np.float64]:
        """Coordinates of numbers that are written with decimals.

        Parameters
        ----------
        pairs : list of tuple of bytes
            North and east.

        Returns
        -------
        array of float64, shape (n, 2)
            East and north.
        """
        north, east, unit = Fraction(self.north), Fraction(self.east), Fraction(self.unit)
        return np.array(
            [
                (
                    float(east + Fraction(e.decode()) * unit),
                    float(north + Fraction(n.decode()) * unit),
                )
                for n, e in pairs
            ],
            dtype=float,
        ).reshape(-1, 2)


@dataclass(frozen=True)
class Head:
    """What the head of a file says of all its objects."""

    scale: Scale
    koordsys: str
    crs: str  # empty where KOORDSYS has no CRS that ikap can use
    area: tuple[float, float, float, float] | None  # west, south, east, north
    quality: str  # KVALITET of objects that have none of their own
    unit: bool  # whether ENHET is there, and a number
    origin: bool  # whether ORIGO-NØ is


def charset_of(data: mmap | bytes) -> Charset:
    """Charset of a file: by the letter Ø in it; else by whether it is UTF-8, and as stated.

    Parameters
    ----------
    data : mmap or bytes
        The whole file.

    Returns
    -------
    Charset
        The one that the file is written in, which may not be the stated one.
    """
    match = re.search(rb"\n[ \t]*\.\.[ \t]*TEGNSETT[ \t]+([^\s!]+)", data)
    stated = match[1].decode("latin-1").strip("\"'") if match else ""
    codec = _codec(stated)
    letter = NORTH_EAST.search(data)
    if letter is None:
        found = codec or DEFAULT
        if _is_utf8(data) and not _is_ascii(data):
            found = UTF8
        elif found == UTF8 and not _is_utf8(data):
            found = WIDEST
        return Charset(found, stated)
    found = FAMILY[letter[1]]
    if found == WIDEST:
        found = codec if codec in ONE_BYTE else WIDEST if codec else DEFAULT
    return Charset(found, stated)


def _codec(stated: str) -> str:
    return CHARSETS.get(re.sub(r"[^A-Z0-9]", "", stated.upper()), "")


def _blocks(data: mmap | bytes) -> Iterator[bytes]:
    return (data[i : i + BLOCK] for i in range(0, len(data), BLOCK))


def _is_ascii(data: mmap | bytes) -> bool:
    return all(block.isascii() for block in _blocks(data))


def _is_utf8(data: mmap | bytes) -> bool:
    decoder = codecs.getincrementaldecoder(UTF8)()
    try:
        for block in _blocks(data):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def read_head(chunk: bytes, decode: Callable[[bytes], str]) -> Head:
    """What the head says.

    Parameters
    ----------
    chunk : bytes
        From `.HODE` to the next object.
    decode : callable
        From bytes to text.

    Returns
    -------
    Head
        With origin 0 0 and unit 1 where the head does not say.
    """
    said = Parser(decode).parse(chunk.removeprefix(BOM)).attributes
    ends = {fold(path.rsplit(SEPARATOR, 1)[-1]): value for path, value in said}
    units, origin = _numbers(ends.get("enhet", ""), 1) or [Decimal(0)], _pair(ends, "origo")
    low, high = _pair(ends, "min"), _pair(ends, "max")
    koordsys = (ends.get("koordsys", "") or ends.get("syskode", "")).split(" ")[0]
    return Head(
        scale=Scale(*(origin or NOWHERE), units[0] if units[0] > 0 else Decimal(1)),
        koordsys=koordsys,
        crs=KOORDSYS.get(int(koordsys), "") if CODE.fullmatch(koordsys) else "",
        area=_box(low, high),
        quality=ends.get("kvalitet", ""),
        unit=units[0] > 0,
        origin=origin is not None,
    )


def _box(
    low: tuple[Decimal, Decimal] | None, high: tuple[Decimal, Decimal] | None
) -> tuple[float, float, float, float] | None:
    if low is None or high is None:
        return None
    return float(low[1]), float(low[0]), float(high[1]), float(high[0])


def _pair(ends: dict[str, str], name: str) -> tuple[Decimal, Decimal] | None:
    """North and east of `ORIGO-NØ`, or of `ORIGO-N` and `ORIGO-Ø`."""
    both = ends.get(f"{name}-no", "") or f"{ends.get(f'{name}-n', '')} {ends.get(f'{name}-o', '')}"
    found = _numbers(both, 2)
    return (found[0], found[1]) if found else None


def _numbers(text: str, count: int) -> list[Decimal] | None:
    words = text.split()[:count]
    if len(words) < count or not all(NUMBER.fullmatch(word) for word in words):
        return None
    return [Decimal(word) for word in words]


def check_head(head: Head, ledger: Ledger) -> None:
    """Tell what in the head keeps its coordinates from being used.

    Parameters
    ----------
    head : Head
        As read.
    ledger : Ledger
        Gets the faults `crs.koordsys_old` and `sosi.head`; is told `sosi.koordsys`.
    """
    code = int(head.koordsys) if CODE.fullmatch(head.koordsys) else 0
    if code in OLD_DATUM:
        ledger.fault("crs.koordsys_old", koordsys=head.koordsys, name=OLD_DATUM[code])
    elif not head.crs:
        ledger.told("sosi.koordsys", 1, koordsys=head.koordsys or "–")
    if not head.unit:
        ledger.fault("sosi.head", name="ENHET")
