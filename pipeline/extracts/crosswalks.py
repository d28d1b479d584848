"""From the codes of other data sets to ours: countries to ISO 3166-1 alpha-3, CAMEO codes to PLOVER types."""

from collections.abc import Mapping
from functools import cache

import polars as pl

from pipeline.codebook.ontology import load_ontology
from pipeline.codebook.seed_files import read_seed
from pipeline.resources import SEEDS

# CAMEO's parts of countries, and codes that were in use beside those of seeds/crosswalks.
_OTHER_CAMEO = {"GZS": "PSE", "WSB": "PSE"}
_OTHER_FIPS = {"GZ": "PSE", "RB": "SRB"}

# The crosswalk from PLOVER has no appeals; both appeals (02) and demands (10) became REQUEST.
_APPEAL = {"02": "REQUEST"}

_QUADS_BY_ROOT = ((5, "verbal cooperation"), (8, "material cooperation"), (13, "verbal conflict"), (20, "material conflict"))


@cache
def by_fips() -> Mapping[str, str]:
    """Country by FIPS 10-4 code, which GDELT's places have."""
    return {row["fips_code"]: row["country"] for row in _crosswalk() if row["fips_code"]} | _OTHER_FIPS


@cache
def by_cameo_country() -> Mapping[str, str]:
    """Country by CAMEO's code, which GDELT's actors have; regions such as AFR are no countries."""
    return {row["cameo_code"]: row["country"] for row in _crosswalk() if row["cameo_code"]} | _OTHER_CAMEO


@cache
def by_number() -> Mapping[str, str]:
    """Country by ISO 3166-1 numeric code, three digits."""
    return {row["numeric"]: row["actor_id"] for row in _countries() if row["numeric"]}


@cache
def by_name() -> Mapping[str, str]:
    """Country by its names and codes in lower case."""
    codes = {row["actor_id"] for row in _countries()}
    aliases = read_seed(SEEDS / "actors" / "aliases.csv", ("alias", "actor_id", "alias_type", "valid_from", "valid_to"))
    names = {row["alias"]: row["actor_id"] for row in aliases if row["actor_id"] in codes and row["alias_type"] in ("name", "official")}
    for row in _countries():
        names |= {row[name]: row["actor_id"] for name in ("name", "official_name", "actor_id")}
    return {name.lower(): code for name, code in names.items()}


@cache
def plover_types() -> Mapping[str, str]:
    """PLOVER type by CAMEO code: the crosswalk's own row, else that of the code above it, else that of the root's general code."""
    rows = list(read_seed(SEEDS / "codebook" / "cameo_crosswalk.csv", ("event_type", "mode", "context", "cameo_code")))
    # A row without a context is the code's plain meaning.
    own = {row["cameo_code"]: row["event_type"] for row in sorted(rows, key=lambda row: (row["context"] == "", row["mode"] == ""))}
    codes = [row["cameo_code"] for row in read_seed(SEEDS / "codebook" / "cameo.csv", ("cameo_code", "name", "goldstein_score"))]
    types = {}
    for code in codes:
        above = (code, code[:3], f"{code[:2]}0")
        found = next((own[one] for one in above if one in own), _APPEAL.get(code[:2]))
        if found:
            types[code] = found
    return types


def quad_class_of_root(code: pl.Expr) -> pl.Expr:
    """Quad class by the first two digits of a CAMEO code, as CAMEO itself groups them."""
    root = code.str.slice(0, 2).cast(pl.Int32, strict=False)
    quad = pl.lit(None, pl.String)
    for last, name in reversed(_QUADS_BY_ROOT):
        quad = pl.when(root.is_between(1, last)).then(pl.lit(name)).otherwise(quad)
    return quad


def quad_class_of_type(event_type: pl.Expr) -> pl.Expr:
    """Quad class of a PLOVER type."""
    quads = {kind.event_type: kind.quad_class for kind in load_ontology().types.values()}
    return look_up(event_type, quads)


def look_up(value: pl.Expr, mapping: Mapping[str, str]) -> pl.Expr:
    """What the mapping says of a value; null where it says nothing."""
    return value.replace_strict(dict(mapping), default=None, return_dtype=pl.String)


def _crosswalk() -> list[Mapping[str, str]]:
    return [row.values for row in read_seed(SEEDS / "crosswalks" / "countries.csv", ("country", "fips_code", "cameo_code"))]


def _countries() -> list[Mapping[str, str]]:
    columns = (
        "actor_id", "alpha2", "numeric", "cow_code", "name", "official_name", "capital", "capital_geonames_id", "valid_from", "valid_to",
    )  # fmt: skip
    return [row.values for row in read_seed(SEEDS / "actors" / "countries.csv", columns)]
