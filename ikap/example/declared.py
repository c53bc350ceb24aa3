"""TOML texts of the layers and parameters for goals 1, 3 and 4, and the maps that show them.

`declarations` writes them. Every limit is invented and stands as adopted by the invented council.
"""

from __future__ import annotations

__all__ = ["MAPS", "PARAMETERS", "THEMES", "USE"]

USE = """\
network = ["network"]
stops = ["stops"]
centres = ["centres"]
services = ["services"]
hazards = ["skred", "flom", "kvikkleire"]
commercial = ["naeringsareal"]
population = ["folkemengde"]
population_grid = ["folkemengde_rutenett"]
builtup = ["bebygd_areal"]
cultivable = ["dyrkbar_jord"]
soil_quality = ["jordkvalitet"]
core_farmland = ["kjerneomraader", "h510"]
farmland_before = ["ar5_2015"]
farmland_decisions = ["omdisponering"]
"""
VALUE = """
[{name}]
unit = "{unit}"
[[{name}.values]]
from = 2020-01-01
value = {value}
source = "Oppdiktet vedtak i Eksempelrådet 05.12.2019, sak {case}"
status = "adopted"
"""
VALUES = (
    ("distance.stop_walk_bus", "m", 500),
    ("distance.stop_walk_rail", "m", 1000),
    ("distance.centre_walk", "m", 1000),
    ("distance.barnehage", "m", 500),
    ("distance.barneskole", "m", 1000),
    ("distance.dagligvare", "m", 800),
    ("distance.walk_speed", "km/h", 5),
    ("distance.max_offset", "m", 200),
    ("hazard.map_limit", "m2", 100),
    ("commercial.map_limit", "m2", 500),
    ("housing_density.city", "dwellings_per_daa", 3),
    ("housing_density.centre", "dwellings_per_daa", 2),
    ("housing_density.local", "dwellings_per_daa", 1),
    ("needs.persons_per_dwelling", "persons", 2.2),
    ("needs.from_year", "year", 2024),
    ("needs.to_year", "year", 2040),
    ("cultivable.map_limit", "m2", 500),
    ("core_farmland.max_conversion", "daa", 0),
    ("core_farmland.map_limit", "m2", 500),
)
FIRST_CASE = 4
PARAMETERS = "".join(
    VALUE.format(name=name, unit=unit, value=value, case=case)
    for case, (name, unit, value) in enumerate(VALUES, FIRST_CASE)
)

LAYER = """\
kind = "{kind}"
title = {{ nb = "{nb} (konstruerte data)", en = "{en} (constructed data)" }}
source = {{ from = "files", path = "data/{file}_konstruert.gpkg", layer = "{layer}" }}
columns = {{ source_id = "{source_id}" }}
"""
TABLE = """\
kind = "{kind}"
title = {{ nb = "{nb} (konstruerte data)", en = "{en} (constructed data)" }}
source = {{ from = "tables", path = "data/{file}_konstruert.csv" }}
"""
NOTE = """
[note]
nb = "{nb}"
en = "{en}"
"""


def _layer(kind: str, words: tuple[str, str], file: str, layer: str, source_id: str) -> str:
    nb, en = words
    return LAYER.format(kind=kind, nb=nb, en=en, file=file, layer=layer, source_id=source_id)


def _table(kind: str, words: tuple[str, str], file: str) -> str:
    return TABLE.format(kind=kind, nb=words[0], en=words[1], file=file)


def _hazard(words: tuple[str, str], layer: str) -> str:
    return _layer("hazards", words, "naturfare", layer, "lokalid")


EVERYWHERE = 'coverage = { municipalities = ["all"] }\n'
TODAY = "constants = { inndeling = 2020 }\n"
NO_FLOODS = NOTE.format(
    nb="Flomfare er ikke kartlagt i Tåkefjord. Der er naturfare ukjent, ikke fraværende.",
    en="Floods are not mapped in Tåkefjord. There, natural hazards are unknown, not absent.",
)
AT_LEAST = NOTE.format(
    nb="Registeret er ikke fullstendig i Reinurdal. Tallene der er det minste det kan være.",
    en="The register is not complete in Reinurdal. Figures there are the least it can be.",
)
DERIVED = 'accuracy = { metres = 2.0, source = "Oppdiktet spesifikasjon", status = "adopted" }\n'
NOT_CULTIVABLE = NOTE.format(
    nb="Dyrkbar jord er ikke kartlagt i Tåkefjord. Der er svaret ukjent, ikke null.",
    en="Cultivable land is not mapped in Tåkefjord. There, the answer is unknown, not nought.",
)
THEMES = {
    "network": _layer("network", ("Gangnett", "Walking network"), "gangnett", "Veglenke", "lokalid")
    + EVERYWHERE,
    "stops": _layer(
        "stops", ("Holdeplasser", "Stops"), "holdeplasser", "StopPlace", "stoppested_id"
    )
    + EVERYWHERE,
    "centres": _layer("centres", ("Sentre", "Centres"), "sentre", "Sentrum", "lokalid")
    + EVERYWHERE,
    "services": _layer("services", ("Tjenester", "Services"), "tjenester", "Tjeneste", "lokalid")
    + EVERYWHERE,
    "skred": _hazard(("Skredfare H310", "Avalanche zones H310"), "Skredsone") + EVERYWHERE,
    "flom": _hazard(("Flomfare H320", "Flood zones H320"), "Flomsone")
    + 'coverage = { municipalities = ["9901", "9902", "9904"] }\n'
    + NO_FLOODS,
    "kvikkleire": _hazard(("Kvikkleire, aktsomhet", "Quick clay, susceptibility"), "Kvikkleire")
    + 'constants = { "kartnivå" = "aktsomhet" }\n'
    + 'coverage = { municipalities = ["9902"] }\n',
    "naeringsareal": _layer(
        "commercial",
        ("Næringsareal, register", "Commercial land, register"),
        "naeringsareal",
        "Næringsareal",
        "område_id",
    )
    + 'coverage = { municipalities = ["9901", "9902", "9903"] }\n'
    + AT_LEAST,
    "dyrkbar_jord": _layer(
        "cultivable", ("Dyrkbar jord", "Cultivable land"), "dyrkbar_jord", "DyrkbarJord", "lokalid"
    )
    + 'coverage = { municipalities = ["9901", "9902", "9904"] }\n'
    + DERIVED
    + NOT_CULTIVABLE,
    "jordkvalitet": _layer(
        "soil_quality", ("Jordkvalitet", "Soil quality"), "jordkvalitet", "Jordkvalitet", "lokalid"
    )
    + "coverage = { own_polygons = true }\n"
    + DERIVED,
    "kjerneomraader": _layer(
        "core_farmland",
        ("Kjerneområder for landbruk", "Core farmland"),
        "kjerneomraader",
        "Kjerneområde",
        "lokalid",
    )
    + 'coverage = { municipalities = ["9901", "9902"] }\n',
    "h510": _layer(
        "core_farmland",
        ("Hensynssone H510 landbruk", "Zone of concern H510 agriculture"),
        "hensynssoner",
        "KpAngittHensynSone",
        "lokalid",
    )
    + 'coverage = { municipalities = ["9901", "9902"] }\n',
    "folkemengde": _table(
        "population",
        ("Folkemengde og framskriving", "Population and projection"),
        "folkemengde",
    )
    + TODAY,
    "folkemengde_rutenett": _table(
        "population_grid",
        ("Bosatte på rutenett 250 m", "Residents in 250 m cells"),
        "folkemengde_rutenett",
    )
    + EVERYWHERE,
    "omdisponering": _table(
        "farmland_decisions",
        ("Vedtak om omdisponering", "Decisions that release farmland"),
        "omdisponering",
    )
    + TODAY,
    "bebygd_areal": _table("builtup", ("Bebygd areal", "Built-up area"), "bebygd_areal") + TODAY,
}

MAPS = {
    "klima": """\
title = { nb = "Gange og kollektivtransport", en = "Walking and public transport" }
goal = 1
checks = ["stop_distance"]
layers = ["network", "stops", "context"]
order = 10

[texts.ingress]
nb = """
    '"Kartet viser hvor langt det er å gå langs veg fra planlagte områder til holdeplass og '
    'stasjon. Alle data er konstruerte."\nen = '
    '"The map shows how far it is to walk along roads from planned areas to stops and stations. '
    'All data are constructed."\n',
    "bomiljo": """\
title = { nb = "Nærhet og naturfare", en = "Nearness and natural hazards" }
goal = 3
checks = ["centre_distance", "service_distance", "hazard"]
layers = ["network", "centres", "services", "skred", "flom", "kvikkleire", "context"]
order = 30

[texts.ingress]
nb = """
    '"Kartet viser hvor langt det er å gå fra planlagte boligområder til eget senter, barnehage, '
    "skole og dagligvare, og hvor planlagte områder ligger i kartlagt naturfare. Alle data er "
    'konstruerte."\nen = '
    "\"The map shows how far it is to walk from planned housing to the municipality's own centre, "
    "kindergarten, school and food store, and where planned areas lie in mapped natural hazards. "
    'All data are constructed."\n',
    "naering": """\
title = { nb = "Næringsareal", en = "Commercial land" }
goal = 4
checks = ["commercial_abc"]
layers = ["naeringsareal", "context"]
order = 40

[texts.ingress]
nb = """
    '"Kartet viser om arealformålet passer med ABC-klassen i næringsregisteret. Alle data er '
    'konstruerte."\nen = '
    '"The map shows whether the purpose fits the ABC class in the register of commercial land. '
    'All data are constructed."\n',
}
