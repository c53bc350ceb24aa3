"""A believable result folder, drawn by a fixed random generator: what the pages are tested on.

Not the example region (that is `ikap.example`): only the shape of the result tables matters here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import PCG64, Generator

from ikap.results import EMPTY, Results, write

CRS = "EPSG:25832"
E0, N0, WIDTH, HEIGHT = 386_000.0, 7_140_000.0, 36_000.0, 30_000.0
NAMES = {"9901": "Storvågen", "9902": "Åkerlia", "9903": "Fjordnes", "9904": "Høgdalen"}
PURPOSES = {
    "1110": "Boligbebyggelse",
    "1130": "Sentrumsformål",
    "1300": "Næringsbebyggelse",
    "1160": "Offentlig eller privat tjenesteyting",
    "3040": "Friområde",
    "5100": "LNFR",
}
CLASSES = {
    "21": {"nb": "Fulldyrka jord", "en": "Fully cultivated land"},
    "22": {"nb": "Overflatedyrka jord", "en": "Surface-cultivated land"},
    "23": {"nb": "Innmarksbeite", "en": "Infield pasture"},
    "30": {"nb": "Skog", "en": "Forest"},
    "50": {"nb": "Åpen fastmark", "en": "Open firm ground"},
    "not_covered": {"nb": "Ikke kartlagt", "en": "Not mapped"},
}


def wiggle(start: tuple[float, float], end: tuple[float, float], rng: Generator, size: float):
    """Line between two points that wanders by `size` metres."""
    t = np.linspace(0, 1, 40)
    walk = np.cumsum(rng.normal(0, 1, 40))
    walk = (walk - walk[0] - t * (walk[-1] - walk[0])) * size / 4
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = np.hypot(dx, dy)
    return shapely.LineString(
        np.column_stack(
            [start[0] + t * dx - walk * dy / length, start[1] + t * dy + walk * dx / length]
        )
    )


def municipalities(rng: Generator) -> gpd.GeoDataFrame:
    """Four members and one neighbour that share wandering borders."""
    mid_e, mid_n = E0 + WIDTH * 0.52, N0 + HEIGHT * 0.48
    frame = shapely.box(E0, N0, E0 + WIDTH, N0 + HEIGHT)
    lines = [
        wiggle((mid_e, N0 - 10), (mid_e, N0 + HEIGHT + 10), rng, 700),
        wiggle((E0 - 10, mid_n), (E0 + WIDTH + 10, mid_n), rng, 700),
        frame.exterior,
    ]
    noded = shapely.union_all(lines)
    parts = [p for p in shapely.polygonize([noded]).geoms if p.within(frame.buffer(1))]
    parts = sorted(sorted(parts, key=lambda p: -p.area)[:4], key=lambda p: p.centroid.x)
    rows = [
        {"kommunenummer": number, "navn": NAMES[number], "role": "member", "geometry": part}
        for number, part in zip(NAMES, parts, strict=True)
    ]
    side = shapely.box(E0 + WIDTH, N0, E0 + WIDTH + 9000, N0 + HEIGHT)
    rows.append({"kommunenummer": "9911", "navn": "Nabovik", "role": "neighbour", "geometry": side})
    return gpd.GeoDataFrame(rows, crs=CRS)


def landscape(rng: Generator) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Context for drawing and farmland along two valleys."""
    fjord = wiggle((E0, N0 + 25_000), (E0 + 24_000, N0 + 15_000), rng, 900).buffer(1300)
    valleys = [
        wiggle((E0 + 22_000, N0 + 14_000), (E0 + 33_000, N0 + 3_000), rng, 900),
        wiggle((E0 + 3_000, N0 + 5_000), (E0 + 21_000, N0 + 12_500), rng, 900),
        wiggle((E0 + 24_000, N0 + 17_000), (E0 + 33_000, N0 + 27_000), rng, 700),
    ]
    towns = [shapely.Point(v.coords[k]).buffer(700 + 200 * k) for v in valleys for k in (0, 20, 38)]
    context = [("sea", "Storfjorden", fjord)]
    context += [("urban", f"Tettsted {i + 1}", town) for i, town in enumerate(towns)]
    context += [("road", f"Fv. {6500 + i}", v) for i, v in enumerate(valleys)]
    for _ in range(25):
        centre = (E0 + rng.uniform(0, WIDTH), N0 + rng.uniform(0, HEIGHT))
        blob = shapely.Point(centre).buffer(rng.uniform(600, 2400))
        context.append(("forest", "", blob.difference(fjord)))
    rows = []
    for valley in valleys:
        band = valley.buffer(900).difference(shapely.union_all([fjord, valley.buffer(25)]))
        cuts = [band.boundary, valley]
        for d in np.arange(100, valley.length, 260):
            a, b = valley.interpolate(d), valley.interpolate(d + 30)
            nx, ny = (b.y - a.y) / 30, -(b.x - a.x) / 30
            s = 1100 / max(np.hypot(nx, ny), 1e-9)
            cuts.append(wiggle((a.x - nx * s, a.y - ny * s), (a.x + nx * s, a.y + ny * s), rng, 60))
        cuts += [valley.parallel_offset(350, side) for side in ("left", "right")]
        for field in shapely.polygonize([shapely.union_all(cuts, grid_size=0.01)]).geoms:
            inside = field.representative_point().within(band)
            if inside and rng.random() < 0.72 and field.area > 2000:
                code = rng.choice(["21", "22", "23"], p=[0.75, 0.05, 0.2])
                rows.append({"class": code, "source_layer": "ar5", "geometry": field})
    context_frame = gpd.GeoDataFrame(context, columns=["theme", "label", "geometry"], crs=CRS)
    return context_frame, gpd.GeoDataFrame(rows, crs=CRS)


def zones(
    rng: Generator, members: gpd.GeoDataFrame, context: gpd.GeoDataFrame, count: int
) -> gpd.GeoDataFrame:
    """Planned areas round the towns, without overlaps."""
    towns = context[context.theme == "urban"].geometry.centroid
    rows: list[dict[str, object]] = []
    taken: list[shapely.Polygon] = []
    tree: shapely.STRtree | None = None
    while len(rows) < count:
        town = towns.iloc[int(rng.integers(len(towns)))]
        centre = rng.normal(0, 1500, 2) + np.array([town.x, town.y])
        half = rng.uniform(45, 190, 2)
        area = shapely.affinity.rotate(
            shapely.box(*(centre - half), *(centre + half)), rng.uniform(0, 90)
        )
        tree = shapely.STRtree(taken) if taken else None
        if tree is not None and len(tree.query(area, predicate="intersects")):
            continue
        inside = members[members.contains(area.centroid)]
        if inside.empty:
            continue
        taken.append(area)
        n = len(rows) + 1
        purpose = str(rng.choice(list(PURPOSES), p=[0.45, 0.08, 0.2, 0.12, 0.1, 0.05]))
        use = int(rng.choice([1, 2, 3], p=[0.35, 0.55, 0.1])) if purpose[0] == "1" else 0
        rows.append(
            {
                "zone_key": f"z{n:04d}",
                "source_layer": "forslag",
                "source_id": f"kp-{n:04d}",
                "name": f"{purpose[:2]}-{n} Nordli",
                "purpose": purpose,
                "purpose_name": PURPOSES[purpose],
                "use_status": use,
                "development": {0: "none", 1: "adopted", 2: "future", 3: "further"}[use],
                "municipality": inside.kommunenummer.iloc[0],
                "area_m2": area.area,
                "geometry": area,
            }
        )
    return gpd.GeoDataFrame(rows, crs=CRS)


def measure(
    areas: gpd.GeoDataFrame, farmland: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Pieces of farmland inside the areas, and the statement."""
    pieces = gpd.overlay(
        areas[["zone_key", "geometry"]], farmland, how="intersection", keep_geom_type=True
    )
    pieces["area_m2"] = pieces.area
    pieces["source_id"] = [f"ar5-{i}" for i in range(len(pieces))]
    pieces["redistribute"] = True
    rows = []
    by_zone = pieces.groupby(["zone_key", "class"]).area_m2.sum()
    for i, zone in enumerate(areas.itertuples()):
        shares = by_zone.get(zone.zone_key, pd.Series(dtype=float))
        known = {str(k): float(v) for k, v in shares.items()}
        rest = zone.area_m2 - sum(known.values())
        known["30"] = rest * 0.8
        known["not_covered" if i % 40 == 0 else "50"] = rest * 0.2
        rows += [
            {
                "plan": "forslag",
                "zone_key": zone.zone_key,
                "class": k,
                "area_m2": v,
                "zone_area_m2": zone.area_m2,
            }
            for k, v in sorted(known.items())
        ]
    return pieces, pd.DataFrame(rows)


def _text_key(check: str, status: str, measured: float) -> str:
    if status in ("unknown", "not_applicable"):
        return status
    if measured > 500:
        return "over" if check == "farmland_conversion" else "unbuilt"
    return "sliver" if measured > 0 else "none"


def findings(areas: gpd.GeoDataFrame, statement: pd.DataFrame, adopted: bool) -> pd.DataFrame:
    """Two checks held against every area."""
    table = statement.pivot_table(index="zone_key", columns="class", values="area_m2").fillna(0)
    rows = []
    checks = {
        "farmland_adopted_unbuilt": ("adopted",),
        "farmland_conversion": ("future", "further"),
    }
    for check, applies in checks.items():
        for zone in areas.itertuples():
            shares = table.loc[zone.zone_key]
            measured = float(shares.get("21", 0) + shares.get("22", 0) + shares.get("23", 0))
            unknown = float(shares.get("not_covered", 0))
            status, reason = "not_applicable", ""
            if zone.development in applies:
                status = "ok"
                if measured > 500:
                    strict = adopted and check == "farmland_conversion"
                    status = "conflict" if strict else "warning"
                elif measured > 0:
                    status = "warning"
                elif unknown > 500:
                    status, reason = "unknown", "no_coverage"
            applies_here = status != "not_applicable"
            facts = {
                "by_class": {k: float(shares.get(k, 0)) for k in ("21", "22", "23")},
                "unknown_m2": unknown,
                "zone_area_m2": zone.area_m2,
                "parameters": [
                    "farmland.max_new_conversion",
                    "farmland.map_limit",
                    "reserve.building_buffer",
                ],
            }
            rows.append(
                {
                    "finding_id": f"{check}:forslag:{zone.zone_key}",
                    "check": check,
                    "goal": 2,
                    "plan": "forslag",
                    "zone_key": zone.zone_key,
                    "municipality": zone.municipality,
                    "status": status,
                    "reason": reason,
                    "measured": measured if applies_here else float("nan"),
                    "low": float("nan"),
                    "high": measured + unknown if applies_here else float("nan"),
                    "limit": 0.0 if applies_here else float("nan"),
                    "unit": "m2",
                    "parameter_status": "adopted" if adopted else "assumption",
                    "layer": "ar5" if applies_here else "",
                    "sliver": bool(status == "warning" and measured <= 500),
                    "text_key": _text_key(check, status, measured),
                    "facts_json": json.dumps(facts),
                }
            )
    return pd.DataFrame(rows)


LIMITS = {
    "distance.stop_walk_bus": (500, "m"),
    "distance.stop_walk_rail": (1000, "m"),
    "distance.centre_walk": (1000, "m"),
    "hazard.map_limit": (100, "m2"),
}
MORE = {"stop_distance": 1, "centre_distance": 3, "hazard": 3, "commercial_abc": 4}


def other_findings(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Checks of the other goals on every area: distances in m, hazards and classes in m2."""
    rows = []
    for check, goal in MORE.items():
        metres = check.endswith("distance")
        for i, zone in enumerate(areas.itertuples()):
            status = ("ok", "warning", "unknown")[i % 3]
            if zone.development not in ("future", "further"):
                status = "not_applicable"
            known = status in ("ok", "warning")
            measured = float(150 + i * 7) if metres else float(i * 90)
            facts = {
                "within_share": 0.6,
                "unknown_share": 0.0,
                "minimum_m": measured - 40,
                "median_m": measured,
                "walk_min": measured * 60 / 5000,
                "target_key": "mode.bus",
                "hazards_list": [],
                "zone_area_m2": zone.area_m2,
                "parameters": list(LIMITS),
            }
            keys = {"stop_distance": "within", "centre_distance": "within", "hazard": "zone"}
            rows.append(
                {
                    "finding_id": f"{check}:forslag:{zone.zone_key}",
                    "check": check,
                    "goal": goal,
                    "plan": "forslag",
                    "zone_key": zone.zone_key,
                    "municipality": zone.municipality,
                    "status": status,
                    "reason": "no_network" if status == "unknown" else "",
                    "measured": measured if known else float("nan"),
                    "low": float("nan"),
                    "high": float("nan"),
                    "limit": (500.0 if metres else 100.0) if known else float("nan"),
                    "unit": "m" if metres else "m2",
                    "parameter_status": "assumption",
                    "layer": "stops, network" if metres and known else "",
                    "sliver": False,
                    "text_key": keys.get(check, "match"),
                    "facts_json": json.dumps(facts),
                }
            )
    return pd.DataFrame(rows)


def series() -> pd.DataFrame:
    """People, built-up land and commuting by year; one municipality has a year unknown."""
    rows: list[tuple[str, int, str, float, str, int]] = []
    for i, number in enumerate(NAMES):
        for year in range(2000, 2023):
            people = 5000.0 * (i + 1) + 37 * (year - 2000)
            rows.append(("population", 1, number, people, "persons", year))
        for year in range(2020, 2051):
            people = 5000.0 * (i + 1) + 30 * (year - 2000)
            rows.append(("population_projected", 1, number, people, "persons", year))
        for year in (2021, 2022):
            unknown = number == "9904" and year == 2021
            km2 = float("nan") if unknown else 4.25e6 * (i + 1)
            rows.append(("builtup_area", 2, number, km2, "m2", year))
    for number, year, value in (
        ("9801", 2000, 1560.0),
        ("9902", 2000, 371.0),
        ("region", 2000, 1931.0),
    ):
        rows.append(("commuters_to_centre", 1, number, value, "persons", year))
    rows.append(("commuters_share", 1, "9902", 0.131, "share", 2000))
    return pd.DataFrame(
        [
            {
                "indicator": name,
                "goal": goal,
                "plan": "forslag",
                "municipality": number,
                "value": value,
                "unknown": float("nan") if np.isnan(value) else 0.0,
                "unit": unit,
                "direction": "none",
                "parameter_status": "",
                "year": year,
            }
            for name, goal, number, value, unit, year in rows
        ]
    )


def indicators(areas: gpd.GeoDataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Sums per municipality and for the region."""
    rows = []
    wanted = {
        "farmland_planned_conversion": "farmland_conversion",
        "farmland_adopted_unbuilt": "farmland_adopted_unbuilt",
    }
    for name, check in wanted.items():
        part = found[found.check == check]
        for number in [*NAMES, "region"]:
            own = part if number == "region" else part[part.municipality == number]
            unknown = own[own.status == "unknown"].high.sum()
            rows.append((name, number, float(own.measured.sum()), float(unknown), "lower"))
    for number in [*NAMES, "region"]:
        scale = 4 if number == "region" else 1
        rows.append(("farmland_stock", number, 21_456_000.0 * scale, 0.0, "higher"))
        own_areas = areas if number == "region" else areas[areas.municipality == number]
        rows.append(("planned_area", number, float(own_areas.area_m2.sum()), 0.0, "none"))
    return pd.DataFrame(
        [
            {
                "indicator": name,
                "goal": 2,
                "plan": "forslag",
                "municipality": number,
                "value": value,
                "unknown": unknown,
                "unit": "m2",
                "direction": direction,
                "parameter_status": "",
            }
            for name, number, value, unknown, direction in rows
        ]
    )


def layer(name: str, kind: str, **facts: object) -> dict[str, object]:
    """One row of `layers` in `run.json`."""
    return {
        "name": name,
        "title": {"nb": f"Laget {name}", "en": f"Layer {name}"},
        "kind": kind,
        "owner": "Konstruerte data",
        "licence": "CC0-1.0",
        "attribution": "",
        "redistribute": True,
        "constructed": True,
        "metadata": "",
        "dated": "2026-01-15",
        "present": True,
        "note": {},
        "path": f"layers/data/{name}-konstruert.gpkg",
        "sha256": "ab" * 32,
        "size": 12345,
        **facts,
    }


def run(plan: str, role: str, *, adopted: bool = True) -> dict[str, object]:
    """A `run.json` by the contract."""
    status = "adopted" if adopted else "assumption"
    source = "Oppdiktet vedtak 12/24" if adopted else "Standardverdi, må bekreftes"
    value = {"value": 0, "unit": "daa", "status": status, "source": source}
    limit = {"value": 500, "unit": "m2", "status": status, "source": source}
    buffer = {"value": 10, "unit": "m", "status": status, "source": source}
    goals = ("Klimavennlig transport", "Jordbruksarealet opprettholdes", "Bomiljø", "Næring")
    return {
        "toolkit": {"version": "0.1.0"},
        "plan": {
            "id": plan,
            "title": {"nb": f"Kommuneplanens arealdel, {plan}", "en": f"Master plan, {plan}"},
            "role": role,
            "compare_with": None,
            "missing": False,
        },
        "as_of": "2026-06-01",
        "region": {
            "key": "prøveregionen",
            "name": {"nb": "Prøveregionen", "en": "Test region"},
            "crs": CRS,
            "constructed": True,
            "municipalities": [{"number": k, "name": v} for k, v in NAMES.items()],
            "basemap": {},
            "links": {},
            "places": [],
        },
        "goals": [
            {
                "number": i,
                "title": {"nb": title, "en": f"Goal {i}"},
                "document": "Oppdiktet vedtak 12/24",
                "dated": "2024-03-01",
            }
            for i, title in enumerate(goals, start=1)
        ],
        "parameters": [
            {"name": "farmland.max_new_conversion", "valid_from": "2020-01-01", **value},
            {"name": "farmland.map_limit", "valid_from": "2020-01-01", **limit},
            {"name": "reserve.building_buffer", "valid_from": "2020-01-01", **buffer},
            *(
                {
                    "name": name,
                    "valid_from": "2020-01-01",
                    "value": limit,
                    "unit": unit,
                    "status": "assumption",
                    "source": "Standardverdi, må bekreftes",
                }
                for name, (limit, unit) in LIMITS.items()
            ),
        ],
        "checks": [
            {
                "name": "farmland_conversion",
                "goal": 2,
                "title": {"nb": "Omdisponering av jordbruksareal", "en": "Farmland converted"},
                "legal": ["jordlova § 9"],
                "parameters": {"farmland.max_new_conversion": "daa", "farmland.map_limit": "m2"},
            },
            {
                "name": "farmland_adopted_unbuilt",
                "goal": 2,
                "title": {"nb": "Vedtatt, ikke utbygd", "en": "Adopted, not built"},
                "legal": [],
                "parameters": {"farmland.map_limit": "m2", "reserve.building_buffer": "m"},
            },
            *(
                {
                    "name": name,
                    "goal": goal,
                    "title": {"nb": f"Regelen {name}", "en": f"Rule {name}"},
                    "legal": [],
                    "parameters": {"distance.stop_walk_bus": "m"} if "distance" in name else {},
                }
                for name, goal in MORE.items()
            ),
        ],
        "layers": [
            layer("ar5", "landcover"),
            layer(plan, "zoning"),
            layer("municipalities", "municipality"),
            layer("context", "context"),
            layer("stops", "stops", attribution="© Holdeplassene"),
            layer("network", "network", attribution="© Gangnettet"),
            layer("pendling", "commuting", note={"nb": "Som trykt.", "en": "As printed."}),
        ],
        "classes": CLASSES,
        "inputs": [{"path": "layers/data/ar5-konstruert.gpkg", "sha256": "ab" * 32, "size": 1}],
        "started": "2026-06-01T10:00:00+00:00",
        "seconds": 3.2,
        "options": {},
    }


def fabricate(
    folder: Path,
    *,
    count: int = 400,
    adopted: bool = True,
    plan: str = "forslag",
    role: str = "proposal",
    compare_with: str | None = None,
) -> Results:
    """Write a plan with `count` areas to `folder`."""
    rng = Generator(PCG64(20260601))
    members = municipalities(rng)
    context, farmland = landscape(rng)
    areas = zones(rng, members[members.role == "member"], context, count)
    pieces, statement = measure(areas, farmland)
    found = findings(areas, statement, adopted)
    summed = pd.concat([indicators(areas, found).assign(year=0), series()], ignore_index=True)
    found = pd.concat([found, other_findings(areas)], ignore_index=True)
    areas["source_layer"] = plan
    for table in (found, statement, summed):
        table["plan"] = plan
    layers = {
        "zones": areas,
        "pieces": pieces,
        "municipalities": members,
        "context": context,
        "farmland": farmland,
    }
    facts = run(plan, role, adopted=adopted)
    facts["plan"]["compare_with"] = compare_with  # type: ignore[index]
    results = Results(
        findings=found,
        statement=statement,
        indicators=summed,
        quality=EMPTY["quality"],
        provenance=EMPTY["provenance"],
        run=facts,
        layers=layers,
    )
    return write(results, folder)


def fabricate_missing(folder: Path) -> Results:
    """Write the results of a region whose plan is not there: boundaries and context only."""
    rng = Generator(PCG64(20260601))
    members = municipalities(rng)
    context, _ = landscape(rng)
    facts: dict[str, object] = run("kommuneplaner", "adopted", adopted=False)
    region = dict(facts["region"])  # type: ignore[call-overload]
    region |= {
        "key": "ekteregionen",
        "name": {"nb": "Ekteregionen", "en": "Real region"},
        "constructed": False,
        "basemap": {
            "url": "https://cache.kartverket.no/v1/wmts/1.0.0/topograatone/default/webmercator/{z}/{y}/{x}.png",
            "attribution": "© Kartverket",
            "link": "https://www.kartverket.no/",
        },
    }
    note = {"nb": "Legg fila i layers/data/plan.gpkg.", "en": "Put the file in layers/data/."}
    real: Mapping[str, object] = {"constructed": False, "licence": "CC-BY-4.0"}
    facts |= {
        "region": region,
        "plan": {
            "id": "kommuneplaner",
            "title": {"nb": "Kommuneplaner", "en": "Master plans"},
            "role": "adopted",
            "compare_with": None,
            "missing": True,
            "how": note,
        },
        "layers": [
            layer("ar5", "landcover", present=False, redistribute=False, note=note, **real),
            layer("kommuneplaner", "zoning", present=False, redistribute=False, note=note, **real),
            layer("municipalities", "municipality", attribution="© Kartverket", **real),
            layer("context", "context", attribution="© Kartverket", **real),
        ],
    }
    rows = [
        {
            "indicator": name,
            "goal": 2,
            "plan": "kommuneplaner",
            "municipality": number,
            "value": float("nan"),
            "unknown": float("nan"),
            "unit": "m2",
            "direction": "lower",
            "parameter_status": "",
        }
        for name in ("farmland_planned_conversion", "farmland_adopted_unbuilt")
        for number in [*NAMES, "region"]
    ]
    results = Results(
        findings=EMPTY["findings"],
        statement=EMPTY["statement"],
        indicators=pd.DataFrame(rows),
        quality=EMPTY["quality"],
        provenance=EMPTY["provenance"],
        run=facts,
        layers={"municipalities": members, "context": context},
    )
    return write(results, folder)
