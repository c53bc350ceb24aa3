"""DuckDB with its spatial part, and a PostGIS server of one's own for as long as it is needed.

For benchmarks and tests. Nothing is downloaded: DuckDB's part lies in the Python package
`duckdb-extension-spatial`, PostGIS comes from the system's packages. The server listens on a
socket in a folder of its own, on no network, and is gone with its data when the block ends.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

__all__ = ["AREAS_BY_CLASS", "NotInstalledError", "duckdb_with", "postgis", "postgis_with"]

POSTGIS_CONTROL = (
    "/usr/share/postgresql/*/extension/postgis.control",
    "/usr/pgsql-*/share/extension/postgis.control",
)

SETTINGS = {
    "listen_addresses": "''",
    "shared_buffers": "'1GB'",
    "work_mem": "'256MB'",
    "maintenance_work_mem": "'512MB'",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}

AREAS_BY_CLASS = """
SELECT z.id AS zone, l.class AS class, sum(
    CASE WHEN ST_Covers(z.geom, l.geom) THEN ST_Area(l.geom)
         ELSE ST_Area(ST_Intersection(z.geom, l.geom)) END) AS area_m2
FROM zones z JOIN land l ON ST_Intersects(z.geom, l.geom)
GROUP BY 1, 2 ORDER BY 1, 2
"""


class NotInstalledError(Exception):
    """A program or package is not here; the text says which, and how it is installed."""


def duckdb_with(zones: gpd.GeoSeries, land: gpd.GeoSeries, classes: pd.Series) -> Any:  # noqa: ANN401 (its package has no types)
    """Connect to a DuckDB in memory with the tables `zones(id, geom)`, `land(id, class, geom)`."""
    spec = importlib.util.find_spec("duckdb_extension_spatial")
    if spec is None or spec.origin is None or importlib.util.find_spec("duckdb") is None:
        raise NotInstalledError("DuckDB med romlig del:  pip install 'ikap[bench]'")
    import duckdb  # noqa: PLC0415 (only where it is installed)

    found = sorted(Path(spec.origin).parent.rglob(f"v{duckdb.__version__}/*.duckdb_extension"))
    if not found:
        raise NotInstalledError("DuckDBs romlige del i samme versjon:  pip install 'ikap[bench]'")
    connection = duckdb.connect()
    connection.execute(f"LOAD '{found[0]}'")
    for name, frame in _tables(zones, land, classes).items():
        connection.register("given", frame)
        connection.execute(
            f"CREATE TABLE {name} AS SELECT * EXCLUDE wkb, ST_GeomFromWKB(wkb) AS geom FROM given"  # noqa: S608 (names of our own)
        )
        connection.unregister("given")
    return connection


def _tables(
    zones: gpd.GeoSeries, land: gpd.GeoSeries, classes: pd.Series
) -> dict[str, pd.DataFrame]:
    return {
        "zones": pd.DataFrame({"id": range(len(zones)), "wkb": shapely.to_wkb(zones.values)}),
        "land": pd.DataFrame(
            {
                "id": range(len(land)),
                "class": classes.astype(str).to_numpy(),
                "wkb": shapely.to_wkb(land.values),
            }
        ),
    }


def _program(name: str) -> str:
    """Path of one of PostgreSQL's programs, the newest that has PostGIS."""
    controls = [f for pattern in POSTGIS_CONTROL for f in Path("/").glob(pattern[1:])]
    for control in sorted(controls, key=lambda f: f.parts[-3].zfill(4), reverse=True):
        version = control.parts[-3]
        for folder in (Path("/usr/lib/postgresql") / version / "bin", control.parents[2] / "bin"):
            if (folder / name).exists():
                return str(folder / name)
    raise NotInstalledError("PostGIS:  sudo apt-get install postgresql-postgis")


def _somebody() -> dict[str, Any]:
    """Whom the server runs as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    import pwd  # noqa: PLC0415 (not on Windows)

    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise NotInstalledError("En bruker som ikke er root, til PostGIS")


@contextmanager
def postgis() -> Iterator[Any]:
    """Connection of psycopg to an empty database with PostGIS; the server ends with the block."""
    if sys.platform == "win32":
        raise NotInstalledError("PostGIS på Windows startes ikke herfra")
    if importlib.util.find_spec("psycopg") is None:
        raise NotInstalledError("psycopg:  pip install 'ikap[bench]'")
    import psycopg  # noqa: PLC0415 (only where it is installed)

    initdb, server, who = _program("initdb"), _program("postgres"), _somebody()
    # short, for the path of a socket holds 107 letters
    folder = Path(tempfile.mkdtemp(prefix="ikap-pg-", dir="/tmp"))
    try:
        if who:
            os.chown(folder, who["user"], who["group"])
        data = folder / "data"
        subprocess.run(
            [initdb, "-D", data, "-U", "ikap", "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **who,
        )
        with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
        with (folder / "log").open("wb") as log:
            running = subprocess.Popen(
                [server, "-D", data, "-k", folder], cwd=folder, stderr=log, stdout=log, **who
            )
        try:
            yield from _connected(psycopg, folder, running)
        finally:
            running.send_signal(signal.SIGINT)  # ends without waiting for clients
            running.wait(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _connected(psycopg: Any, folder: Path, running: subprocess.Popen[bytes]) -> Iterator[Any]:  # noqa: ANN401
    for _ in range(600):
        try:
            connection = psycopg.connect(host=str(folder), user="ikap", dbname="postgres")
            break
        except psycopg.OperationalError:
            if running.poll() is not None:
                raise NotInstalledError((folder / "log").read_text(errors="replace")) from None
            time.sleep(0.05)
    else:
        raise NotInstalledError("PostGIS: tjeneren svarer ikke")
    try:
        connection.execute("CREATE EXTENSION postgis")
        connection.commit()
        yield connection
    finally:
        connection.close()


def postgis_with(
    connection: Any,  # noqa: ANN401
    zones: gpd.GeoSeries,
    land: gpd.GeoSeries,
    classes: pd.Series,
) -> None:
    """Fill the tables `zones(id, geom)` and `land(id, class, geom)`, with indexes."""
    types = {"zones": ("int4", "bytea"), "land": ("int4", "text", "bytea")}
    for name, frame in _tables(zones, land, classes).items():
        columns = ", ".join(f"{c} {t}" for c, t in zip(frame.columns, types[name], strict=True))
        connection.execute(f"DROP TABLE IF EXISTS {name}")
        connection.execute(f"CREATE TABLE {name} ({columns})")
        into = f"COPY {name} FROM STDIN (FORMAT BINARY)"
        with connection.cursor().copy(into) as copy:
            copy.set_types(types[name])
            for row in frame.itertuples(index=False):
                copy.write_row(row)
        connection.execute(f"ALTER TABLE {name} ADD COLUMN geom geometry")
        connection.execute(f"UPDATE {name} SET geom = ST_GeomFromWKB(wkb)")  # noqa: S608 (names of our own)
        connection.execute(f"ALTER TABLE {name} DROP COLUMN wkb")
        connection.execute(f"CREATE INDEX ON {name} USING gist (geom)")
        connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE zones")
    connection.execute("VACUUM ANALYZE land")
