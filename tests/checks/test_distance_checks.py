"""Each case of the distance and hazard checks, on hand-made facts."""

from datetime import date

import numpy as np
import pytest

from ikap.checks import centre_distance, hazard, service_distance, stop_distance
from ikap.facts.hazard_area import FACT as HAZARD
from ikap.kinds.services import SERVICES
from ikap.kinds.stops import MODES
from ikap.model import Distances, Fact, Facts, Parameter, Parameters, ParameterStatus, Zones

NAN = float("nan")
VALUES = {
    "distance.stop_walk_bus": (500, "m"),
    "distance.stop_walk_rail": (1000, "m"),
    "distance.walk_speed": (5, "km/h"),
    "distance.centre_walk": (1000, "m"),
    "distance.barnehage": (500, "m"),
    "distance.barneskole": (1000, "m"),
    "distance.dagligvare": (800, "m"),
    "hazard.map_limit": (100, "m2"),
}
PARAMETERS = Parameters(
    {
        name: Parameter(name, value, unit, "kilde", date(2020, 1, 1), ParameterStatus.ADOPTED)
        for name, (value, unit) in VALUES.items()
    }
)


def zones(n=1):
    text = np.full(n, "x", dtype=object)
    return Zones(
        "plan", text, text, text, np.full(n, 2), text, np.full(n, 10_000.0), np.ones(n, bool)
    )


def ways(name, classes, metres, certain=True, reason=""):
    """One zone, one sample: metres by class; classes that are not given are certain and absent."""
    row = [metres.get(c, NAN) for c in classes]
    sure = [certain if c in metres else True for c in classes]
    reasons = [reason if c in metres else "" for c in classes]
    fact = Distances(
        name,
        tuple(classes),
        np.zeros(1, dtype=np.int64),
        np.array([10_000.0]),
        np.array([row], dtype=float),
        np.array([sure], dtype=bool),
        np.array(["a, b"], dtype=object),
        np.array([reasons], dtype=object),
    )
    return Facts({}, {name: fact})


def outcome(module, facts):
    found = module.check(zones(), facts, PARAMETERS)
    limit = float(np.broadcast_to(found.limit, 1)[0])
    return found.status[0], float(found.measured.value[0]), limit, found.text_key[0]


@pytest.mark.parametrize(
    ("metres", "expected"),
    [
        ({"bus": 500}, ("ok", 500, 500, "within")),
        ({"bus": 501}, ("warning", 501, 500, "over")),
        ({"tram": 500}, ("ok", 500, 500, "within")),
        ({"tram": 501}, ("warning", 501, 500, "over")),
        ({"ferry": 501}, ("warning", 501, 500, "over")),
        ({"other": 400}, ("ok", 400, 500, "within")),
        ({"train": 1000}, ("ok", 1000, 1000, "within")),
        ({"metrobuss": 1000}, ("ok", 1000, 1000, "within")),
        ({"metrobuss": 1001}, ("warning", 1001, 1000, "over")),
        ({"bus": 600, "train": 900}, ("ok", 900, 1000, "within")),  # 0.9 beats 1.2
        ({"bus": 600, "train": 1500}, ("warning", 600, 500, "over")),  # 1.2 beats 1.5
        ({"bus": 300, "train": 900}, ("ok", 300, 500, "within")),
    ],
)
def test_stop_by_mode(metres, expected):
    assert outcome(stop_distance, ways("walk_distance", MODES, metres)) == expected


def test_stop_that_does_not_exist_and_stop_that_is_not_known():
    status, measured, _, text = outcome(stop_distance, ways("walk_distance", MODES, {}))
    assert (status, text) == ("warning", "none")
    assert np.isnan(measured)
    facts = ways("walk_distance", MODES, {"bus": NAN}, certain=False, reason="no_path")
    assert outcome(stop_distance, facts)[0] == "unknown"
    assert stop_distance.check(zones(), facts, PARAMETERS).reason.tolist() == ["no_path"]


def test_stop_within_whatever_is_missing_and_beyond_only_if_nothing_is():
    near = ways("walk_distance", MODES, {"bus": 400}, certain=False, reason="no_coverage")
    assert outcome(stop_distance, near)[0] == "ok"
    far = ways("walk_distance", MODES, {"bus": 900}, certain=False, reason="no_coverage")
    assert outcome(stop_distance, far)[0] == "unknown"


@pytest.mark.parametrize(
    ("metres", "status", "text"),
    [(0, "ok", "within"), (1000, "ok", "within"), (1000.1, "warning", "over")],
)
def test_centre(metres, status, text):
    facts = ways("centre_distance", ("own", "nearest"), {"own": metres, "nearest": metres / 2})
    found = centre_distance.check(zones(), facts, PARAMETERS)
    assert (found.status[0], found.text_key[0], found.limit) == (status, text, 1000)
    assert found.told[0]["nearest_centre_m"] == pytest.approx(metres / 2)


def test_centre_unknown():
    facts = ways("centre_distance", ("own", "nearest"), {"own": NAN}, certain=False, reason="x")
    assert outcome(centre_distance, facts)[0] == "unknown"


@pytest.mark.parametrize(
    ("metres", "certain", "expected"),
    [
        ((500, 1000, 800), True, ("ok", 500, 500, "within")),
        ((400, 900, 500), True, ("ok", 900, 1000, "within")),  # nearest its limit: 0.9
        ((501, 100, 100), True, ("warning", 501, 500, "over")),
        ((100, 3000, 100), True, ("warning", 3000, 1000, "over")),
        ((100, 100, NAN), False, ("unknown", 100, 500, "over")),
    ],
)
def test_services(metres, certain, expected):
    names = ("barnehage", "barneskole", "dagligvare")
    given = dict(zip(names, metres, strict=True))
    reason = "" if certain else "no_layer"
    facts = ways("service_distance", SERVICES, given, certain=certain, reason=reason)
    assert outcome(service_distance, facts) == expected


def hazards(unknown=0.0, **by_class):
    values = np.array([[by_class.get(c, 0.0) for c in HAZARD.classes]])
    layer, reason = np.array([""], dtype=object), np.array([""], dtype=object)
    fact = Fact("hazard_area", "m2", HAZARD.classes, values, np.array([unknown]), layer, reason)
    return Facts({"hazard_area": fact})


@pytest.mark.parametrize(
    ("by_class", "expected"),
    [
        ({}, ("ok", "none", False)),
        ({"natural": 4000, "hensynssone_skred": 4000}, ("warning", "zone", False)),
        ({"natural": 4000, "faresone_flom": 4000}, ("warning", "zone", False)),
        ({"natural": 4000, "aktsomhet_kvikkleire": 4000}, ("warning", "susceptible", False)),
        ({"natural": 100, "hensynssone_skred": 100}, ("warning", "zone", False)),
        ({"natural": 99, "hensynssone_skred": 99}, ("warning", "sliver", True)),
        ({"hensynssone_radon": 4000, "hensynssone_høyspenning": 9}, ("ok", "none", False)),
    ],
)
def test_hazards(by_class, expected):
    found = hazard.check(zones(), hazards(**by_class), PARAMETERS)
    assert (found.status[0], found.text_key[0], bool(found.sliver[0])) == expected


def test_hazard_that_may_be_there_is_no_ok_at_worst():
    found = hazard.check(zones(), hazards(unknown=10_000.0).at_worst(), PARAMETERS)
    assert found.status[0] == "warning"  # so that the runner says unknown


def test_no_text_claims_that_an_area_is_safe():
    for lang, words in (("nb", ("trygg", "sikker mot")), ("en", ("safe ", "is safe"))):
        text = hazard.CHECK.texts[lang]["none"].lower()
        assert not any(word in text for word in words)


def test_no_zones():
    none = zones(0)
    empty = Distances(
        "walk_distance",
        tuple(MODES),
        np.zeros(0, dtype=np.int64),
        np.zeros(0),
        np.zeros((0, len(MODES))),
        np.zeros((0, len(MODES)), dtype=bool),
        np.zeros(0, dtype=object),
        np.zeros((0, len(MODES)), dtype=object),
    )
    found = stop_distance.check(none, Facts({}, {"walk_distance": empty}), PARAMETERS)
    assert len(found.status) == 0
