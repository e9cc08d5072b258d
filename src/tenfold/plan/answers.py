"""Kinds of answer a plan may hold, and how a person may write them.

An absent key is unanswered. The word `none` is an answer: there is none. Amounts may be written `165000`, `165,000`
or `165k`; percentages `35` or `35 %`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from tenfold.catalogue.store import catalogue
from tenfold.kit.typed_numbers import NotANumber, read_amount, read_percent
from tenfold.kit.words import is_storable

T = TypeVar("T")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
THOUSANDS = 3


class Nothing(Enum):
    """The explicit answer `none`."""

    NONE = "none"


NONE = Nothing.NONE


class AllowNone:
    """Lets a field of type `inner` also take the word `none`, with the errors of `inner` alone."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        def validate(value: Any, inner: core_schema.ValidatorFunctionWrapHandler) -> Any:
            if value is NONE or (isinstance(value, str) and value.strip().casefold() == "none"):
                return NONE
            return inner(value)

        return core_schema.no_info_wrap_validator_function(
            validate,
            handler.generate_schema(self.inner),
            serialization=core_schema.plain_serializer_function_ser_schema(_plain),
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [handler(schema["schema"]), {"const": "none"}]}


def _plain(value: Any) -> Any:
    if value is NONE:
        return "none"
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.model_dump(mode="json", exclude_none=True) if hasattr(value, "model_dump") else value


def writable(text: str) -> str:
    """Text that every database and file keeps; raises ValueError for another."""
    if not is_storable(text):
        raise ValueError("a character in this text cannot be stored (NUL, or half of a pair); delete it")
    return text


def is_stated(value: T | Nothing | None) -> T | None:
    """The answer where one was given and it was not `none`."""
    return None if isinstance(value, Nothing) else value


def _amount(value: Any) -> Any:
    return read_amount(value) if isinstance(value, str) else _unambiguous(number(value))


def _price(value: Any) -> Any:
    return read_amount(value, is_price=True) if isinstance(value, str) else number(value)


def _unambiguous(value: Any) -> Any:
    """A figure that YAML took for 65 where a European hand wrote `65.000` is asked about."""
    decimals = getattr(value, "_width", 0) - getattr(value, "_prec", 0) - 1
    if isinstance(value, float) and decimals == THOUSANDS and 1 <= value < 1_000:
        raise ValueError(f"“{value:.3f}” could be {value:g} or {value * 1_000:,.0f}; write the one that you mean")
    return value


def _percent(value: Any) -> Any:
    return read_percent(value) if isinstance(value, str) else number(value)


def number(value: Any) -> Any:
    """Python counts `true` as 1; a plan does not."""
    if isinstance(value, bool):
        raise ValueError("this should be a number, not yes or no")  # noqa: TRY004 - pydantic tells ValueErrors
    if isinstance(value, str):
        try:
            return read_amount(value)
        except NotANumber:
            return value  # the field's own words say what it should be
    return value


def _day(value: Any) -> Any:
    """A day as a day; a bare number is not read as seconds since 1970."""
    written = isinstance(value, str) and _DAY.fullmatch(value.strip())
    if not written and (isinstance(value, datetime) or not isinstance(value, date)):
        raise ValueError("this should be a date such as 2026-11-18")
    return value


def _skill(value: str) -> str:
    """A skill's or competency's id, from its id, name or alias."""
    spine = catalogue()
    if found := spine.find(value):
        return found.id
    if value in spine.competencies:
        return value
    near = spine.similar(value)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; `tenfold catalogue find WORD` looks one up"
    raise ValueError(f"“{value}” is not a skill or competency of the catalogue{hint}")


def _competency(value: str) -> str:
    spine = catalogue()
    if value in spine.competencies:
        return value
    if found := spine.find(value):
        return found.competency
    raise ValueError(f"“{value}” is not a competency; one of {', '.join(spine.competencies)}")


def _one_of(what: str, known: Callable[[], Iterable[str]]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in known():
            raise ValueError(f"“{value}” is not a {what}; one of {', '.join(known())}")
        return value

    return check


# What editors may accept beside a bare number: the same forms as the reader takes.
_AmountAsWritten = Annotated[float, Field(ge=0)] | Annotated[str, Field(pattern=r"\d")]
PercentAsWritten = Annotated[float, Field(ge=0, le=100)] | Annotated[str, Field(pattern=r"^\s*\d+([.,]\d+)?\s*%?\s*$")]
Amount = Annotated[
    float, BeforeValidator(_amount, json_schema_input_type=_AmountAsWritten), Field(ge=0, allow_inf_nan=False)
]
Price = Annotated[
    float, BeforeValidator(_price, json_schema_input_type=_AmountAsWritten), Field(ge=0, allow_inf_nan=False)
]
Percent = Annotated[
    float, BeforeValidator(_percent, json_schema_input_type=PercentAsWritten), Field(ge=0, le=100, allow_inf_nan=False)
]
Count = Annotated[int, BeforeValidator(number), Field(ge=0, le=1_000_000)]
Every = Annotated[int, BeforeValidator(number), Field(ge=1, le=1_000)]
Minutes = Annotated[int, BeforeValidator(number), Field(ge=0, le=100_000)]
Years = Annotated[float, BeforeValidator(number), Field(ge=0, le=60)]
Day = Annotated[date, BeforeValidator(_day)]
SkillId = Annotated[str, AfterValidator(_skill)]
CompetencyId = Annotated[str, AfterValidator(_competency)]
RoleId = Annotated[str, AfterValidator(_one_of("role", lambda: catalogue().roles))]
LevelId = Annotated[str, AfterValidator(_one_of("level", lambda: catalogue().levels))]
ArchetypeId = Annotated[str, AfterValidator(_one_of("archetype", lambda: catalogue().archetypes))]
