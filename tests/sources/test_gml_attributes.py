"""Attributes of GML under their official names, and the plan that a feature refers to."""

import json

import pytest

from ikap.kinds import landcover, zoning
from ikap.kinds.columns import match_columns
from ikap.sources import read_path
from ikap.sources.gml_attributes import column_names


def leaf(name: str, value: str) -> str:
    return f"<app:{name}>{value}</app:{name}>"


def nested(name: str, kind: str, **values: str) -> str:
    return leaf(name, leaf(kind, "".join(leaf(k, v) for k, v in values.items())))


IDENTITY = nested("identifikasjon", "Identifikasjon", lokalId="l1", navnerom="n", versjonId="2")


def read(gml, zone, *inside: str, **options):
    return read_path(gml(*(zone(f"f{i}", None, text) for i, text in enumerate(inside)), **options))


def test_nested_attributes_get_their_official_names(gml, zone) -> None:
    quality = nested("kvalitet", "Posisjonskvalitet", målemetode="82", nøyaktighet="20")
    plan = leaf(
        "nasjonalArealplanId",
        leaf(
            "NasjonalArealplanId",
            nested("administrativEnhet", "AdministrativEnhetskode", kommunenummer="0301")
            + leaf("planidentifikasjon", "R-12"),
        ),
    )
    row = read(gml, zone, IDENTITY + quality + plan + leaf("arealformål", "1110")).frame.iloc[0]
    assert row.drop("geometry").to_dict() == {
        "lokalId": "l1",
        "navnerom": "n",
        "versjonId": "2",
        "målemetode": "82",
        "nøyaktighet": "20",
        "kommunenummer": "0301",
        "planidentifikasjon": "R-12",
        "arealformål": "1110",
    }


def test_attributes_without_the_name_of_their_type(gml, zone) -> None:
    row = read(gml, zone, leaf("kvalitet", leaf("nøyaktighet", "20")) + leaf("KOMM", "5001")).frame
    assert (row["nøyaktighet"].iloc[0], row["KOMM"].iloc[0]) == ("20", "5001")


def test_what_is_missing_is_missing(gml, zone) -> None:
    nil = '<app:feltnavn xsi:nil="true" nilReason="unknown"/>'
    raw = read(
        gml, zone, leaf("feltnavn", "B1"), nil, leaf("feltnavn", " "), "", leaf("feltnavn", " B2 ")
    )
    assert list(raw.frame["feltnavn"].fillna("-")) == ["B1", "-", "-", "-", "B2"]


def test_code_space_and_unit_are_left_out(gml, zone) -> None:
    text = (
        '<app:arealformål codeSpace="http://register.geonorge.no/x">1110</app:arealformål>'
        '<app:høyde uom="m">12.5</app:høyde><app:kode xlink:href="http://register.geonorge.no/x/1"/>'
    )
    row = read(gml, zone, text).frame.iloc[0]
    assert (row["arealformål"], row["høyde"]) == ("1110", "12.5")
    assert row["kode"] == "http://register.geonorge.no/x/1"


def test_repeated_attributes_are_all_kept(gml, zone) -> None:
    use = [
        nested("utnytting", "Utnytting", utnyttingstype="16", utnyttingstall="43"),
        nested("utnytting", "Utnytting", utnyttingstype="15"),
    ]
    raw = read(gml, zone, "".join(use), use[1] + use[0], use[0] + leaf("a", "1") + leaf("a", "2"))
    frame = raw.frame
    assert list(frame["utnyttingstype"]) == ["16", "15", "16"]
    assert list(frame["utnyttingstall"].fillna("-")) == ["43", "-", "43"]  # never of another group
    everything = json.loads(frame["utnytting_alle"].iloc[0])
    assert [use["Utnytting"]["utnyttingstype"] for use in everything] == ["16", "15"]
    assert (frame["a"].iloc[2], json.loads(frame["a_alle"].iloc[2])) == ("1", ["1", "2"])
    rows = {(r.facts["name"], r.facts["column"]): r.amount for r in raw.quality}
    assert rows == {("utnytting", "utnytting_alle"): 2, ("a", "a_alle"): 1}


def test_the_features_own_id_is_never_another_objects(gml, zone) -> None:
    other = nested("lenkesekvens", "Identifikasjon", lokalId="99", navnerom="x")
    frame = read(gml, zone, other + IDENTITY, other).frame
    assert list(frame["lokalId"].fillna("-")) == ["l1", "-"]
    assert list(frame["lenkesekvens_lokalId"]) == ["99", "99"]
    frame = read(gml, zone, other, name="b.gml").frame
    assert "lokalId" not in frame.columns


def test_names_are_told_apart() -> None:
    paths = [("a", "x"), ("x",), ("b", "x"), ("b", "c", "x"), ("a_x",)]
    names = column_names(paths)
    assert list(names.values()) == ["a_x", "x", "b_x", "b_c_x", "a_x_"]
    assert len(set(names.values())) == len(paths)


PLAN = (
    nested("identifikasjon", "Identifikasjon", lokalId="plan")
    + nested("arealplanId", "NasjonalArealplanId", planidentifikasjon="R-12", kommunenummer="5001")
    + leaf("planstatus", "3")
    + leaf("plantype", "35")
    + leaf("ikrafttredelsesdato", "2024-02-01")
)


def link(role: str, to: str) -> str:
    return f'<app:{role} xlink:href="#{to}"/>'


def plan_file(gml, zone, areas: list[str], outline: str = "", plan: str = ""):
    return gml(
        *areas,
        zone("o", None, outline, kind="RpOmråde"),
        zone("p", "", PLAN + plan, kind="Arealplan"),
    )


def test_area_gets_the_facts_of_its_plan_by_way_of_the_outline(gml, zone) -> None:
    areas = [zone("a", None, IDENTITY + link("planområde", "o")), zone("b")]
    path = plan_file(gml, zone, areas, link("arealplan", "p"))
    raw = read_path(path, layer="RpArealformålOmråde")
    facts = [c for c in raw.frame.columns if c.startswith("arealplan.")]
    assert facts == [
        "arealplan.kommunenummer",
        "arealplan.planidentifikasjon",
        "arealplan.plantype",
        "arealplan.planstatus",
        "arealplan.ikrafttredelsesdato",
    ]
    assert list(raw.frame.loc["gml:a", facts]) == ["5001", "R-12", "35", "3", "2024-02-01"]
    assert raw.frame.loc["gml:b", facts].isna().all()  # it refers to no plan: nothing is guessed
    assert [(r.what, r.amount) for r in raw.quality] == [("gml.facts.plan", 1)]
    names = match_columns(list(raw.frame.columns), zoning.COLUMNS, {})
    assert names["planstatus"] == "arealplan.planstatus"
    assert names["ikrafttredelsesdato"] == "arealplan.ikrafttredelsesdato"
    assert names["planidentifikasjon"] == "arealplan.planidentifikasjon"


@pytest.mark.parametrize("way", ["down", "straight", "up and down"])
def test_references_lead_to_the_plan_in_either_direction(gml, zone, way: str) -> None:
    area = {"straight": link("arealplan", "p"), "up and down": link("planområde", "o")}
    outline = link("formål", "a") if way == "down" else ""
    plan = "" if way == "straight" else link("rpOmråde", "o")
    path = plan_file(gml, zone, [zone("a", None, area.get(way, ""))], outline, plan)
    frame = read_path(path, layer="RpArealformålOmråde").frame
    assert frame["arealplan.planstatus"].iloc[0] == "3"


def test_own_facts_go_before_those_of_the_plan(gml, zone) -> None:
    area = zone("a", None, leaf("planstatus", "6") + link("arealplan", "p"))
    names = list(read_path(plan_file(gml, zone, [area]), layer="RpArealformålOmråde").frame.columns)
    assert match_columns(names, zoning.COLUMNS, {})["planstatus"] == "planstatus"


def test_two_plans_as_near_are_told_and_neither_is_taken(gml, zone) -> None:
    area = zone("a", None, link("arealplan", "p") + link("arealplan", "q"))
    other = PLAN.replace("R-12", "R-13")
    path = gml(area, zone("p", "", PLAN, kind="Arealplan"), zone("q", "", other, kind="Arealplan"))
    raw = read_path(path)
    assert "arealplan.planstatus" not in raw.frame.columns
    assert [(r.what, r.amount) for r in raw.quality] == [("gml.several.plan", 1)]


def test_each_area_has_the_facts_of_its_own_plan(gml, zone) -> None:
    other = PLAN.replace("R-12", "R-13")
    path = gml(
        zone("a", None, link("planområde", "o1")),
        zone("b", None, link("planområde", "o2")),
        zone("o1", None, link("arealplan", "p1"), kind="RpOmråde"),
        zone("o2", None, link("arealplan", "p2") + link("nabo", "o1"), kind="RpOmråde"),
        zone("p1", "", PLAN, kind="Arealplan"),
        zone("p2", "", other, kind="Arealplan"),
    )
    frame = read_path(path, layer="RpArealformålOmråde").frame
    assert list(frame["arealplan.planidentifikasjon"]) == ["R-12", "R-13"]


def test_borders_lead_to_no_plan(gml, zone) -> None:
    border = zone("g", None, link("arealplan", "p"), kind="RpFormålGrense")
    area = zone("a", None, link("avgrensesAv", "g"))
    path = plan_file(gml, zone, [area, border])
    raw = read_path(path, layer="RpArealformålOmråde")
    assert "arealplan.planstatus" not in raw.frame.columns


def test_references_that_lead_nowhere_are_counted(gml, zone) -> None:
    lost = link("avgrensesAv", "x") + link("avgrensesAv", "y") + link("avgrensesAv", "b")
    raw = read_path(gml(zone("a", None, lost), zone("b", None, link("planområde", "z"))))
    rows = [(r.what, r.amount, dict(r.facts)) for r in raw.quality]
    assert rows == [
        ("gml.link_missing", 2, {"role": "avgrensesAv", "ids": "gml:a"}),
        ("gml.link_missing", 1, {"role": "planområde", "ids": "gml:b"}),
    ]
    assert len(raw.frame) == 2


def test_references_to_other_files_are_counted_and_not_followed(gml, zone) -> None:
    outside = '<app:planområde xlink:href="file:///etc/passwd#a"/>'
    raw = read(gml, zone, outside)
    facts = {"role": "planområde", "example": "file:///etc/passwd#a"}
    assert [(r.what, r.amount, dict(r.facts)) for r in raw.quality] == [
        ("gml.link_outside", 1, facts)
    ]


def test_names_of_ar5_are_known_again(gml, zone) -> None:
    text = IDENTITY + nested("kvalitet", "Posisjonskvalitet", nøyaktighet="200")
    text += leaf("arealtype", "21") + leaf("treslag", "98") + leaf("skogbonitet", "98")
    names = list(read(gml, zone, text + leaf("grunnforhold", "44")).frame.columns)
    found = match_columns(names, landcover.COLUMNS, {})
    assert set(found) >= {"arealtype", "treslag", "skogbonitet", "grunnforhold", "nøyaktighet"}


def test_attribute_that_is_called_geometry(gml, zone) -> None:
    frame = read(gml, zone, leaf("geometry", "fin") + leaf("a", "1") + leaf("a", "2")).frame
    assert list(frame.columns) == ["geometry_", "a", "a_alle", "geometry"]
    assert frame.area.iloc[0] == 10_000


LEVEL = "planområde.vertikalnivå"


def test_area_gets_the_level_of_its_outline(gml, zone) -> None:
    path = gml(
        zone("a", None, link("planområde", "o1")),
        zone("b", None, link("planområde", "o2")),
        zone("c", None, leaf("vertikalnivå", "3") + link("planområde", "o1")),
        zone("d"),
        zone("e"),
        zone("f", None, link("planområde", "o1") + link("planområde", "o2")),
        zone("o1", None, leaf("vertikalnivå", "2"), kind="RpOmråde"),
        zone("o2", None, leaf("vertikalnivå", "1") + link("formål", "d"), kind="RpOmråde"),
    )
    raw = read_path(path, layer="RpArealformålOmråde")
    assert list(raw.frame[LEVEL].fillna("-")) == ["2", "1", "2", "1", "-", "-"]
    told = {row.what: row.amount for row in raw.quality}
    assert told == {"gml.facts.outline": 4, "gml.several.outline": 1}
    names = list(raw.frame.columns)
    assert match_columns(names, zoning.COLUMNS, {})["vertikalnivå"] == "vertikalnivå"
    names.remove("vertikalnivå")
    assert match_columns(names, zoning.COLUMNS, {})["vertikalnivå"] == LEVEL


def test_outlines_that_agree_are_no_doubt(gml, zone) -> None:
    both = link("planområde", "o1") + link("planområde", "o2")
    outlines = [zone(o, None, leaf("vertikalnivå", "2"), kind="RpOmråde") for o in ("o1", "o2")]
    raw = read_path(gml(zone("a", None, both), *outlines), layer="RpArealformålOmråde")
    assert raw.frame[LEVEL].iloc[0] == "2"


def test_level_is_not_that_of_another_outline_of_the_plan(gml, zone) -> None:
    path = gml(
        zone("a", None, link("arealplan", "p")),
        zone("p", "", PLAN + link("rpOmråde", "o"), kind="Arealplan"),
        zone("o", None, leaf("vertikalnivå", "1"), kind="RpOmråde"),
    )
    frame = read_path(path, layer="RpArealformålOmråde").frame
    assert LEVEL not in frame.columns
    assert frame["arealplan.planstatus"].iloc[0] == "3"
