"""Who is who: names in outside systems mapped to employees by a table that somebody has reviewed, never by likeness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tenfold.connectors.tables import Table, require_rows
from tenfold.kit.errors import Place, UserError


@dataclass(frozen=True)
class PeopleMap:
    """Employee ids by system and name there; `ignored` are robots and outsiders, by intent."""

    employees: Mapping[tuple[str, str], str]
    ignored: frozenset[tuple[str, str]]

    def employee(self, system: str, name: str) -> str | None:
        return self.employees.get((system.casefold(), name.casefold()))

    def names_not_mapped(self, system: str, names: Iterable[str]) -> list[str]:
        """Names that the table says nothing of, to be reviewed; nothing is counted for them before."""
        known = set(self.employees) | self.ignored
        return sorted({name for name in names if (system.casefold(), name.casefold()) not in known})


def read_people_map(
    table: Table, *, system: str = "system", name: str = "name", employee: str = "employee"
) -> PeopleMap:
    """The map in a table; a blank employee means that the name is to be ignored.

    Raises:
        UserError: a column is missing, or a name is mapped to two employees.
    """
    at = [require_rows(table).position(column) for column in (system, name, employee)]
    employees: dict[tuple[str, str], str] = {}
    ignored: set[tuple[str, str]] = set()
    for row in table.rows:
        where, who, person = (row.cells[each] for each in at)
        key = (where.casefold(), who.casefold())
        if not person:
            ignored.add(key)
        elif employees.setdefault(key, person) != person:
            raise UserError(
                f"“{who}” of {where} is mapped to {employees[key]} and to {person}.",
                remedy="Keep one of the two rows.",
                place=Place(file=table.name, line=row.line),
            )
    return PeopleMap(employees, frozenset(ignored - set(employees)))
