"""Fabricated results and a built portal, shared by the tests of the pages."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from ikap.checks import (
    centre_distance,
    commercial_abc,
    farmland_adopted_unbuilt,
    farmland_conversion,
    hazard,
    stop_distance,
)
from ikap.model import Edition, MapDeclaration
from ikap.pages import build_portal
from ikap.texts import Catalogue

HERE = Path(__file__).parent
CHECKS = {
    "farmland_conversion": farmland_conversion.CHECK,
    "farmland_adopted_unbuilt": farmland_adopted_unbuilt.CHECK,
}
OTHERS = {
    "stop_distance": stop_distance.CHECK,
    "centre_distance": centre_distance.CHECK,
    "hazard": hazard.CHECK,
    "commercial_abc": commercial_abc.CHECK,
}


def load(name: str) -> ModuleType:
    """Module beside this file, by path."""
    spec = importlib.util.spec_from_file_location(f"pages_{name}", HERE / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def make_catalogue(lang: str) -> Catalogue:
    """Shared words and those of the checks."""
    words = dict(Catalogue.load(lang).words)
    for name, check in {**CHECKS, **OTHERS}.items():
        words |= {f"check.{name}.{k}": v for k, v in check.texts[lang].items()}
    return Catalogue(lang, words)


JORDVERN = MapDeclaration(
    name="jordvern",
    title={"nb": "Jordvern", "en": "Farmland"},
    goal=2,
    checks=tuple(CHECKS),
    layers=(),
    texts={"ingress": {"nb": "Mål 2 er jordvern.", "en": "Goal 2 is farmland."}},
)


KLIMA = MapDeclaration(
    name="klima",
    title={"nb": "Klima og transport", "en": "Climate and transport"},
    goal=1,
    checks=("stop_distance",),
    layers=("stops", "network", "context"),
    order=1,
)
BOMILJO = MapDeclaration(
    name="bomiljo",
    title={"nb": "Bomiljø", "en": "Living"},
    goal=3,
    checks=("centre_distance", "hazard"),
    layers=(),
    order=3,
)
NAERING = MapDeclaration(
    name="naering",
    title={"nb": "Næring", "en": "Business"},
    goal=4,
    checks=("commercial_abc", "unknown_rule"),
    layers=(),
    order=4,
)


@pytest.fixture(scope="session")
def edition() -> Callable[..., Edition]:
    """Maker of one region with the farmland map, from its key and result folders."""
    return lambda key, *folders: Edition(key, folders, (JORDVERN,))


@pytest.fixture(scope="session")
def fabricated() -> ModuleType:
    """Maker of result folders."""
    return load("fabricated")


@pytest.fixture(scope="session")
def catalogues() -> dict[str, Catalogue]:
    """Both languages."""
    return {lang: make_catalogue(lang) for lang in ("nb", "en")}


@pytest.fixture(scope="session")
def folders(fabricated: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A proposal with 400 areas, an adopted plan with 60, and a region without a plan."""
    base = tmp_path_factory.mktemp("resultater")
    fabricated.fabricate(base / "forslag")
    fabricated.fabricate(base / "gjeldende", count=60, plan="gjeldende", role="adopted")
    fabricated.fabricate(
        base / "alternativ",
        count=60,
        plan="alternativ",
        role="alternative",
        compare_with="forslag",
    )
    fabricated.fabricate_missing(base / "kommuneplaner")
    return {path.name: path for path in sorted(base.iterdir())}


@pytest.fixture(scope="session")
def portal(
    folders: dict[str, Path],
    catalogues: dict[str, Catalogue],
    edition: Callable[..., Edition],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Folder of a built portal over both regions, in both languages."""
    target = tmp_path_factory.mktemp("ut") / "portal"
    editions = [
        edition("eksempel", folders["forslag"], folders["gjeldende"]),
        edition("ekte", folders["kommuneplaner"]),
    ]
    return build_portal(target, editions, catalogues).parent


@pytest.fixture(scope="session")
def wide_portal(
    folders: dict[str, Path],
    catalogues: dict[str, Catalogue],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Folder of a portal with a map for each goal, and a proposal with an alternative."""
    target = tmp_path_factory.mktemp("ut") / "portal"
    plans = tuple(folders[name] for name in ("forslag", "gjeldende", "alternativ"))
    maps = (JORDVERN, KLIMA, BOMILJO, NAERING)
    return build_portal(target, [Edition("eksempel", plans, maps)], catalogues).parent


@pytest.fixture(scope="session")
def hostile() -> ModuleType:
    """Texts that try to run, and results full of them."""
    return load("hostile")
