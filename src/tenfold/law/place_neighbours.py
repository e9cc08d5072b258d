"""How the names of a line settle one another: a town, its region and its country become one place, in either order.

“Portland” and “OR” become Portland in Oregon, “US”, “CA” and “Santa Clara” the Californian town. “New York, Paris”
stay two places, for a town that is plain by itself is led by none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tenfold.law.gazetteer import Kind, Meaning, gazetteer, place, subdivision_of
from tenfold.law.place_names import BETWEEN_NAMES, PAST_A_PART, Hit, lies_in

FEWEST_LISTED = 3
FEWEST_CODES = 2
_COUNTRY_CODE = re.compile(r"[A-Z]{2}")


def join(hits: Sequence[Hit], text: str) -> list[Hit]:
    """Hits with what stands beside them taken in: "Portland", "OR" become one, and so do "US", "CA", "Santa Clara"."""
    if (listed := _read_as_list(hits, text)) is not None:
        return listed
    joined: list[Hit] = []
    for at, hit in enumerate(hits):
        beside = (
            bool(joined) and BETWEEN_NAMES.match(text, joined[-1].end, hit.start) and not _leads_to(joined[-1], hit)
        )
        if beside and (hit.code or not hit.is_town) and _is_between_town_and_country(hits, at, joined[-1], text):
            continue
        past_a_part = (
            bool(joined)
            and joined[-1].is_town
            and not joined[-1].qualified
            and PAST_A_PART.match(text, joined[-1].end, hit.start)
        )
        both = _narrow(joined[-1], hit) if beside or past_a_part else None
        both = both or (_namesake(joined[-1], hit, alone=len(hits) == 2) if beside else None)
        if both is not None:
            joined[-1] = both
        else:
            joined.append(_with_what_leads_to(joined, hit, text) if hit.is_town else hit)
    joined = _with_countries_before_states(joined, text)
    return [kept for hit in joined if (kept := _without_small_namesakes(hit)).meanings]


def _with_countries_before_states(hits: list[Hit], text: str) -> list[Hit]:
    """“United States, Oregon” is one place where no third stands beside the two."""
    joined: list[Hit] = []
    for at, hit in enumerate(hits):
        last = joined[-1] if joined else None
        is_pair = last is not None and _is_country_then_state(last, hit) and _stands_beside(last, hit, text)
        apart = (len(joined) < 2 or not _stands_beside(joined[-2], joined[-1], text)) and (
            at + 1 == len(hits) or not _stands_beside(hit, hits[at + 1], text)
        )
        both = _narrow(hit, last, end=hit.end) if last is not None and is_pair and apart else None
        if both is not None and last is not None:
            joined[-1] = replace(both, start=last.start)
        else:
            joined.append(hit)
    return joined


def _stands_beside(one: Hit, two: Hit, text: str) -> bool:
    return BETWEEN_NAMES.match(text, one.end, two.start) is not None


def _read_as_list(hits: Sequence[Hit], text: str) -> list[Hit] | None:
    """A line of country codes only, or of three states or more by name, with each read as that; None elsewhere."""
    if len(hits) >= FEWEST_LISTED and all(not hit.code and _of_kind(hit, Kind.STATE) for hit in hits):
        return [replace(hit, meanings=_of_kind(hit, Kind.STATE)) for hit in hits]
    if len(hits) >= FEWEST_CODES and all(_may_be_listed(text[hit.start : hit.end]) for hit in hits):
        countries = [_of_kind(hit, Kind.COUNTRY) for hit in hits]
        if all(countries) and any(
            _is_no_state(hit, each, of=len(hits)) for hit, each in zip(hits, countries, strict=True)
        ):
            return [replace(hit, meanings=_own(hit, each, text)) for hit, each in zip(hits, countries, strict=True)]
    return None


def _may_be_listed(code: str) -> bool:
    return _COUNTRY_CODE.fullmatch(code) is not None and code not in gazetteer().trade_words


def _is_no_state(hit: Hit, countries: tuple[Meaning, ...], *, of: int) -> bool:
    """Of a code: it is of a country and of no state; “US” says nothing, since states are listed beside it too.

    `of`: how many codes there are; of two, one that is a word as well (“IT”) does not count.
    """
    is_word = not countries[0].alone and of < FEWEST_LISTED
    return countries == hit.meanings and countries[0].ids != ("US",) and not is_word


def _own(hit: Hit, countries: tuple[Meaning, ...], text: str) -> tuple[Meaning, ...]:
    """The country that has this very code: BE is Belgium's, though it is written for Bern and Berlin too."""
    return tuple(one for one in countries if one.ids == (text[hit.start : hit.end],)) or countries[:1]


def _of_kind(hit: Hit, kind: Kind) -> tuple[Meaning, ...]:
    return tuple(one for one in hit.meanings if not one.city and len(one.ids) == 1 and place(one.ids[0]).kind is kind)


def _is_between_town_and_country(hits: Sequence[Hit], at: int, town: Hit, text: str) -> bool:
    """A region between a town and the country it lies in is one of it: “Chennai, TN, India”, “Bogotá, D.C., …”."""
    after = hits[at + 1] if at + 1 < len(hits) else None
    if after is None or not town.is_town or not BETWEEN_NAMES.match(text, hits[at].end, after.start):
        return False
    if after.code:
        return _country_of_both(town, hits[at], after) is False
    return _narrow(town, hits[at]) is None and _narrow(town, after) is not None


def _country_of_both(town: Hit, region: Hit, after: Hit) -> bool | None:
    """Whether a code between is a region of the country whose code follows; None where the town is not there either."""
    held = [
        id_
        for meaning in after.meanings
        for id_ in meaning.ids
        if place(id_).kind is Kind.COUNTRY and any(lies_in(each, id_) for each in town.meanings)
    ]
    if not held:
        return None
    return any(lies_in(meaning, id_) and meaning.ids != (id_,) for meaning in region.meanings for id_ in held)


def _leads_to(outer: Hit, town: Hit) -> bool:
    """Whether the state or country stands before its town: “CA, Santa Clara”."""
    return town.is_town and _may_lead(outer, town) and _narrow(town, outer) is not None


def _may_lead(outer: Hit, town: Hit) -> bool:
    """“New York, Troy” is one place, “New York, Paris” two: a town too leads only one that is not plain by itself."""
    is_town_too = any(meaning.city and meaning.alone for meaning in outer.meanings)
    if _of_kind(town, Kind.STATE) and _of_kind(outer, Kind.STATE) == outer.meanings:
        return False  # “Michigan, Wyoming”
    return outer.is_region and not outer.qualified and not (is_town_too and _is_plain_town(town))


def _with_what_leads_to(joined: list[Hit], town: Hit, text: str) -> Hit:
    """A town with the state and country written before it, which are taken off the list."""
    while joined and _stands_beside(joined[-1], town, text):
        outer = _below_country(joined, text)
        leads = _may_lead(outer or joined[-1], town) or (outer is not None and not outer.qualified)
        both = _narrow(town, outer or joined[-1], end=town.end) if leads else None
        if both is None or (town.is_region and _is_region_of(town, outer or joined[-1])):
            break
        town = replace(both, start=joined.pop().start)
    return town


def _below_country(joined: list[Hit], text: str) -> Hit | None:
    """The last as a region of the country right before it: of “US, CA” the state; None where it is none."""
    country = sure_of(joined[-2].meanings) if len(joined) > 1 and _stands_beside(joined[-2], joined[-1], text) else ()
    if len(country) != 1 or place(country[0]).kind is not Kind.COUNTRY:
        return None
    inside = tuple(one for one in joined[-1].meanings if lies_in(one, country[0]) and one.ids != country)
    return replace(joined[-1], meanings=inside) if any(not one.city for one in inside) else None


def _is_region_of(hit: Hit, outer: Hit) -> bool:
    """Whether the name may be a state of the country before it: “United States, Oregon”."""
    ids = {one.ids[0] for one in _of_kind(outer, Kind.COUNTRY)}
    return any(not one.city and any(lies_in(one, id_) for id_ in ids) for one in hit.meanings)


def _is_country_then_state(first: Hit, second: Hit) -> bool:
    outer = sure_of(first.meanings)
    return (
        len(outer) == 1
        and place(outer[0]).kind is Kind.COUNTRY
        and not second.code
        and (second.is_region or second.qualified)
    )


def _narrow(hit: Hit, beside: Hit, *, end: int | None = None) -> Hit | None:
    """The hit with only those meanings that lie in what stands beside it; None where none does."""
    regions = tuple(meaning for meaning in beside.meanings if not meaning.city)
    if not regions and not beside.code and _is_plain_town(hit):
        return None  # “Boston, London” lists two towns; “Richmond, London” says which
    outers = {id_ for meaning in regions or beside.meanings for id_ in meaning.ids}  # “Windsor, Ontario”
    left = tuple(meaning for meaning in hit.meanings if any(lies_in(meaning, outer) for outer in outers))
    if not left or (hit.code and beside.code) or (_is_country(beside) and _is_equal_of_country(hit, left)):
        return None
    meant = _regions_first(left) if _is_country(beside) else _innermost(_town_of_state(left, beside))
    return replace(hit, end=end or beside.end, meanings=meant, qualified=True)


def _is_country(hit: Hit) -> bool:
    return all(place(id_).kind is Kind.COUNTRY for meaning in hit.meanings for id_ in meaning.ids)


def _is_equal_of_country(hit: Hit, left: tuple[Meaning, ...]) -> bool:
    """“Mexico, United States” are two countries, though Missouri has a town called Mexico."""
    return bool(_of_kind(hit, Kind.COUNTRY)) and not hit.qualified and all(one.city and not one.alone for one in left)


def _regions_first(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """Beside its country “Oregon” is the state and not the town in Ohio; “New York” stays state and city."""
    if all(meaning.city for meaning in meanings):
        return _innermost(meanings)
    return tuple(meaning for meaning in meanings if meaning.alone) or meanings


def _is_plain_town(hit: Hit) -> bool:
    """A town that is meant without a neighbour that says so."""
    alone = tuple(meaning for meaning in hit.meanings if meaning.alone)
    return hit.is_town and bool(sure_of(alone))


def _town_of_state(meanings: tuple[Meaning, ...], beside: Hit) -> tuple[Meaning, ...]:
    """Before a code that may be a state's, the town in it: “Ontario, CA” is written of the Californian town."""
    towns = tuple(meaning for meaning in meanings if meaning.city and subdivision_of(meaning.ids[0]))
    return towns if beside.code and towns else meanings


def _namesake(city: Hit, state: Hit, *, alone: bool) -> Hit | None:
    """A city that the table knows elsewhere, before a state: "Albany, OR" is in Oregon, "Warsaw, Indiana" in Indiana.

    A state's full name says so only where the two stand `alone`: “London, California, Texas” is a list.
    """
    towns = gazetteer().town_names
    if (
        city.qualified
        or not (state.code or alone)
        or not all(meaning.city or meaning.ids[0] in towns for meaning in city.meanings)
    ):
        return None
    states = tuple(meaning for meaning in state.meanings if place(meaning.ids[0]).kind is Kind.STATE)
    sure = states if state.code or len(state.meanings) == 1 else ()
    return replace(state, start=city.start, meanings=sure, qualified=True) if sure else None


def _innermost(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """Without those that hold another: of "New York, NY" the city."""
    return tuple(
        meaning
        for meaning in meanings
        if not any(other.ids != meaning.ids and lies_in(other, meaning.ids[0]) for other in meanings)
    )


def _without_small_namesakes(hit: Hit) -> Hit:
    if hit.qualified:
        return hit
    return replace(hit, meanings=tuple(meaning for meaning in hit.meanings if meaning.alone))


def sure_of(meanings: tuple[Meaning, ...]) -> tuple[str, ...]:
    """What several meanings have in common: the only one, or one that holds all others; else nothing."""
    for meaning in meanings:
        if len(meaning.ids) == 1 and all(lies_in(other, meaning.ids[0]) for other in meanings):
            return meaning.ids
    return meanings[0].ids if len(meanings) == 1 else ()
