"""Rows that are only ever added: no code of ours changes or removes one. A cascade of the database still may."""

from __future__ import annotations

from typing import Any, Never

from django.db import models


class RowChanged(TypeError):
    """Something tried to change or remove a row that is only added."""


class OnlyAddedQuerySet(models.QuerySet[Any]):
    def update(self, **_kwargs: Any) -> Never:
        raise RowChanged(f"Rows of {self.model.__name__} are only added.")

    def delete(self) -> Never:
        raise RowChanged(f"Rows of {self.model.__name__} are only added.")


class OnlyAdded(models.Model):
    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RowChanged(f"Rows of {type(self).__name__} are only added.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> Never:
        raise RowChanged(f"Rows of {type(self).__name__} are only added.")
