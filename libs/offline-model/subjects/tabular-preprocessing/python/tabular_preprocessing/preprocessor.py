"""Fit on training data, apply unchanged when serving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Union

from .categorical import (
    CategoricalParameters,
    apply_categorical,
    categorical_outputs,
    learn_categorical,
    parse_categories,
)
from .config import ColumnConfig, Config, NumericColumn
from .csv_table import Table
from .errors import PreprocessingError
from .numeric import NumericParameters, apply_numeric, learn_numeric, parse_numbers

ColumnParameters = Union[NumericParameters, CategoricalParameters]


@dataclass(frozen=True)
class Parameters:
    """All that serving needs: nothing of the training data but what was learned from it."""

    #: The spellings of a missing value.
    missing: tuple[str, ...]
    columns: tuple[ColumnParameters, ...]


@dataclass(frozen=True)
class Output:
    """The table as numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]


def fit(table: Table, config: Config) -> Parameters:
    """Learns every parameter from the training data. Raises PreprocessingError."""
    if not table.rows:
        raise PreprocessingError("empty-data", "The training data has no rows.")
    return Parameters(config.missing, tuple(_learn_column(column, table, config.missing) for column in config.columns))


def _learn_column(column: ColumnConfig, table: Table, missing: Sequence[str]) -> ColumnParameters:
    fields = _fields_of(table, column.name)
    if isinstance(column, NumericColumn):
        return learn_numeric(column, parse_numbers(column.name, fields, missing))
    return learn_categorical(column, parse_categories(fields, missing))


def transform(table: Table, parameters: Parameters) -> Output:
    """Applies learned parameters, row by row: what a row becomes depends on that row and the parameters alone.

    A table without rows gives a table without rows. Raises PreprocessingError.
    """
    parts = [_apply_column(column, table, parameters.missing) for column in parameters.columns]
    rows = (tuple(number for part in parts for number in part[row]) for row in range(len(table.rows)))
    return Output(output_columns(parameters), tuple(rows))


def output_columns(parameters: Parameters) -> tuple[str, ...]:
    """Names and order of the output columns."""
    names: list[str] = []
    for column in parameters.columns:
        names.extend([column.name] if isinstance(column, NumericParameters) else categorical_outputs(column))
    return tuple(names)


def _apply_column(column: ColumnParameters, table: Table, missing: Sequence[str]) -> Sequence[Sequence[float]]:
    """For each row the numbers that the column becomes."""
    fields = _fields_of(table, column.name)
    if isinstance(column, NumericParameters):
        return [[value] for value in apply_numeric(column, parse_numbers(column.name, fields, missing))]
    return apply_categorical(column, parse_categories(fields, missing))


def _fields_of(table: Table, name: str) -> list[str]:
    if name not in table.columns:
        raise PreprocessingError(
            "missing-column", f'The data has no column "{name}"; it has {", ".join(table.columns)}.'
        )
    position = table.columns.index(name)
    return [row[position] for row in table.rows]
