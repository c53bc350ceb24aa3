"""The TOML files of the example's workspace: what each file is, in words for planners."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ikap.example.declared import MAPS, PARAMETERS, THEMES, USE
from ikap.example.geography import MUNICIPALITIES
from ikap.example.places import Settlement
from ikap.example.tables import Tables
from ikap.example.town_plans import RULED

__all__ = ["write_declarations"]

LEVELS = {"city": "regionsenter", "town": "kommunesenter", "village": "lokalsenter"}
HEAD = "# KONSTRUERTE DATA: Eksempelregionen finnes ikke. Filen er skrevet av ikap.\n"
REGION = """\
key = "eksempelregionen"
name = { nb = "Eksempelregionen", en = "Example region" }
crs = "EPSG:25832"
as_of = 2026-06-01
constructed = true
"""
GOALS = """\
[[goals]]
number = 1
title = { nb = "Korte reiser og lave utslipp", en = "Short trips and low emissions" }
document = "Eksempelplanen (oppdiktet), vedtatt av Eksempelrådet"
dated = 2019-12-05

[[goals]]
number = 2
title = { nb = "Ta vare på jordbruksarealet", en = "Keep the farmland" }
document = "Eksempelplanen (oppdiktet), vedtatt av Eksempelrådet"
dated = 2019-12-05

[[goals]]
number = 3
title = { nb = "En god region å bo i", en = "A good region to live in" }
document = "Eksempelplanen (oppdiktet), vedtatt av Eksempelrådet"
dated = 2019-12-05

[[goals]]
number = 4
title = { nb = "Rom for arbeidsplasser", en = "Room for jobs" }
document = "Eksempelplanen (oppdiktet), vedtatt av Eksempelrådet"
dated = 2019-12-05

[use]
farmland = ["ar5"]
landcover = ["ar5"]
buildings = ["buildings"]
municipality = ["municipalities"]
{use}
# Verdiene er oppdiktet og står som vedtatt, slik at alle utfall vises i eksempelet.
[farmland.max_new_conversion]
unit = "daa"
[[farmland.max_new_conversion.values]]
from = 2020-01-01
value = 0
source = "Oppdiktet vedtak i Eksempelrådet 05.12.2019, sak 1"
status = "adopted"

[farmland.map_limit]
unit = "m2"
[[farmland.map_limit.values]]
from = 2020-01-01
value = 500
source = "Oppdiktet vedtak i Eksempelrådet 05.12.2019, sak 2"
status = "adopted"

[reserve.building_buffer]
unit = "m"
[[reserve.building_buffer.values]]
from = 2020-01-01
value = 10
source = "Oppdiktet vedtak i Eksempelrådet 05.12.2019, sak 3"
status = "adopted"
"""
DATED = "dated = 2026-01-15\n"
COMMON = """\
owner = "Konstruerte data"
licence = "CC0-1.0"
redistribute = true
constructed = true
"""
LAYERS = {
    "municipalities": """\
kind = "municipality"
title = { nb = "Kommuner (konstruerte data)", en = "Municipalities (constructed data)" }
source = { from = "files", path = "data/kommuner_konstruert.gpkg", layer = "Kommune" }
coverage = { municipalities = ["all"] }
columns = { kommunenummer = "kommunenummer", navn = "navn" }
""",
    "ar5": """\
kind = "landcover"
title = { nb = "Arealressurs AR5 (konstruerte data)", en = "Land cover AR5 (constructed data)" }
source = { from = "files", path = "data/ar5_konstruert.gpkg", layer = "ArealressursFlate" }
coverage = { own_polygons = true }
columns = { source_id = "lokalid", arealtype = "arealtype" }
accuracy = { metres = 2.0, source = "Oppdiktet spesifikasjon", status = "adopted" }
""",
    "ar5_2015": """\
kind = "landcover"
title = { nb = "Arealressurs AR5 2015 (konstruerte data)", \
en = "Land cover AR5 2015 (constructed data)" }
source = { from = "files", path = "data/arealressurs_2015_konstruert.gpkg", \
layer = "ArealressursFlate" }
coverage = { own_polygons = true }
columns = { source_id = "lokalid", arealtype = "arealtype" }
accuracy = { metres = 2.0, source = "Oppdiktet spesifikasjon", status = "adopted" }
dated = 2015-06-15
""",
    "buildings": """\
kind = "buildings"
title = { nb = "Bygninger (konstruerte data)", en = "Buildings (constructed data)" }
source = { from = "files", path = "data/bygninger_konstruert.gpkg", layer = "Bygning" }
coverage = { municipalities = ["all"] }
columns = { source_id = "bygningsnummer" }
""",
    "context": """\
kind = "context"
title = { nb = "Kartbakgrunn (konstruerte data)", en = "Map background (constructed data)" }
source = { from = "files", path = "data/kartbakgrunn_konstruert.gpkg", layer = "Kartbakgrunn" }
coverage = { municipalities = ["all"] }
""",
}
PLAN = """\
kind = "zoning"
title = {{ nb = "{nb} (konstruerte data)", en = "{en} (constructed data)" }}
source = {{ {source} }}
coverage = {{ municipalities = ["all"] }}
columns = {{ source_id = "lokalid" }}
plan = {{ id = "{plan}", role = "{role}", as_of = 2026-06-01{compare} }}
"""
PACKAGE = 'from = "files", path = "data/plan_{plan}_konstruert.gpkg", layer = "KpArealformålOmråde"'
SHAPEFILE = 'from = "files", path = "data/plan_{plan}_konstruert.shp"'
PLANS = {
    "gjeldende": ("Gjeldende kommuneplaner", "Adopted municipal plans", "adopted", ""),
    "forslag": ("Forslag til kommuneplaner", "Proposed municipal plans", "proposal", "gjeldende"),
    "alternativ": (
        "Alternativ med mindre jordbruksareal",
        "Alternative with less farmland",
        "alternative",
        "forslag",
    ),
}
PART = """\
kind = "zoning"
title = {{ nb = "{nb} (konstruerte data)", en = "{en} (constructed data)" }}
source = {{ from = "files", path = "data/{name}_konstruert.gpkg", layer = "{layer}" }}
coverage = {{ municipalities = ["{municipality}"] }}
columns = {{ source_id = "lokalid" }}
"""
PARTS = {
    "kommunedelplan": ("Kommunedelplan", "Municipal sub-plan", "KpArealformålOmråde"),
    "reguleringsplaner": ("Reguleringsplaner", "Zoning plans", "RpArealformålOmråde"),
}
SITUATION = """\
kind = "zoning"
coverage = {{ municipalities = ["{municipality}"] }}

[title]
nb = "Tolket plansituasjon i en by (konstruerte data)"
en = "Interpreted plan situation of one town (constructed data)"

[plan]
id = "situasjon"
role = "adopted"
as_of = 2026-06-01
made_of = ["kommunedelplan", "reguleringsplaner"]
"""
RULING = """
[[plan_rulings]]
plan = "{plan}"
reason = "Reguleringsplanen er lagt til grunn i byggesaker etter 2016 (oppdiktet)"
who = "Plansjefen i kommunen (oppdiktet)"
date = 2026-02-10
"""
MAP = """\
title = { nb = "Jordvern", en = "Farmland" }
goal = 2
checks = ["farmland_conversion", "farmland_adopted_unbuilt", "farmland_cultivable", \
"farmland_core", "farmland_fragments", "farmland_transport", \
"farmland_transport_lines"]
layers = ["ar5", "dyrkbar_jord", "kjerneomraader", "context"]
order = 20

[texts.ingress]
nb = "Kartet viser hvor planene i Eksempelregionen tar jordbruksareal. Alle data er konstruerte."
en = "The map shows where the plans of the Example region take farmland. All data are constructed."
"""


def write_declarations(folder: Path, settlements: Iterable[Settlement], tables: Tables) -> None:
    """Write region, goals, layers and maps of the example into `folder`."""
    layers, maps = folder / "layers", folder / "maps"
    files = {
        layers / "region.toml": REGION + _municipalities() + _places(settlements),
        layers / "goals.toml": GOALS.replace("{use}", USE) + PARAMETERS,
        maps / "jordvern.toml": MAP,
    }
    files |= {maps / f"{name}.toml": text for name, text in MAPS.items()}
    files |= {layers / f"{n}.toml": _common(text) for n, text in {**LAYERS, **THEMES}.items()}
    for plan, (nb, en, role, other) in PLANS.items():
        compare = f', compare_with = "{other}"' if other else ""
        form = tables[f"plan_{plan}_konstruert"].form
        source = SHAPEFILE if form == "latin1" else PACKAGE
        text = PLAN.format(
            plan=plan, nb=nb, en=en, role=role, compare=compare, source=source.format(plan=plan)
        )
        files[layers / f"{plan}.toml"] = _common(text)
    files |= {layers / f"{name}.toml": _common(text) for name, text in _situation(tables).items()}
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + text, encoding="utf-8", newline="\n")


def _common(text: str) -> str:
    """What all layers have in common, before a layer's own words."""
    return COMMON + ("" if "\ndated = " in text else DATED) + text


def _situation(tables: Tables) -> dict[str, str]:
    """Plans of one town, and what they come to; a ruling where the plan that it names is there."""
    detail = tables["reguleringsplaner_konstruert"].layers["RpArealformålOmråde"]
    number = str(detail["kommunenummer"].iloc[0])
    found = {
        name: PART.format(name=name, nb=nb, en=en, layer=layer, municipality=number)
        for name, (nb, en, layer) in PARTS.items()
    }
    plan = f"{number}-{RULED}"
    ruling = RULING.format(plan=plan) if plan in set(detail["planidentifikasjon"]) else ""
    return {**found, "situasjon": SITUATION.format(municipality=number) + ruling}


def _municipalities() -> str:
    return "".join(
        f'\n[[municipalities]]\nnumber = "{number}"\nname = "{name}"\nvalid_from = 2020-01-01\n'
        for number, name in MUNICIPALITIES.items()
    )


def _places(settlements: Iterable[Settlement]) -> str:
    return "".join(
        f'\n[[places]]\nname = "{s.name}"\nmunicipality = "{s.municipality}"\n'
        f'level = "{LEVELS[s.level]}"\nconfirmed = true\n'
        for s in settlements
    )
