"""Columns of numbers: reading, imputation and scaling."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional, Union

from .config import Constant, NumericColumn
from .errors import PreprocessingError

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)

#: A value is None where it is missing.
NumericValues = Sequence[Optional[float]]


@dataclass(frozen=True)
class NumericParameters:
    """What was learned. A value becomes (value - center) / spread, or 0 where spread is 0."""

    name: str
    #: What a missing value becomes; None: missing values are an error.
    fill: Optional[float]
    scale: str
    center: float
    spread: float


def parse_numbers(name: str, fields: Sequence[str], missing: Sequence[str]) -> list[Optional[float]]:
    """Reads the fields of a column. Raises not-a-number or not-finite, naming column and row."""
    return [
        None if field in missing else _parse_number(name, field, row) for row, field in enumerate(fields, start=1)
    ]


def _parse_number(name: str, field: str, row: int) -> float:
    trimmed = field.strip()
    if _NUMBER.fullmatch(trimmed):
        value = float(trimmed)
        if math.isfinite(value):
            return value
    elif not _NOT_FINITE.fullmatch(trimmed):
        raise PreprocessingError("not-a-number", f'Column "{name}", row {row}: "{field}" is not a number.')
    raise PreprocessingError("not-finite", f'Column "{name}", row {row}: "{field}" is not a finite number.')


def learn_numeric(column: NumericColumn, values: NumericValues) -> NumericParameters:
    """Learns fill value and scale of a column."""
    fill = _learn_fill(column.name, column.impute, values)
    try:
        center, spread = _learn_scaling(_filled(column.name, fill, values), column.scale)
    except OverflowError:
        center, spread = math.inf, math.inf
    if not (math.isfinite(center) and math.isfinite(spread) and (fill is None or math.isfinite(fill))):
        raise PreprocessingError("not-finite", f'Column "{column.name}": the values are too large to compute with.')
    return NumericParameters(column.name, fill, column.scale, center, spread)


def apply_numeric(parameters: NumericParameters, values: NumericValues) -> list[float]:
    """Applies what was learned. Nothing here depends on the other values of the batch."""
    numbers = _filled(parameters.name, parameters.fill, values)
    center, spread = parameters.center, parameters.spread
    scaled = [0.0 if spread == 0 else (value - center) / spread for value in numbers]
    for row, (value, result) in enumerate(zip(numbers, scaled), start=1):
        if not math.isfinite(result):
            raise PreprocessingError(
                "not-finite", f'Column "{parameters.name}", row {row}: {value} is too large to scale.'
            )
    return scaled


def _learn_fill(name: str, impute: Union[str, Constant], values: NumericValues) -> Optional[float]:
    if isinstance(impute, Constant):
        return float(impute.value)
    if impute == "none":
        return None
    present = [value for value in values if value is not None]
    if not present:
        raise PreprocessingError("nothing-to-learn", f'Column "{name}" has no value to learn the {impute} from.')
    if impute == "mean":
        return _mean(present)
    if impute == "median":
        return _median(present)
    # Of several most frequent values the smallest, so that the order of the rows does not matter.
    return min(Counter(present).items(), key=lambda item: (-item[1], item[0]))[0]


def _filled(name: str, fill: Optional[float], values: NumericValues) -> list[float]:
    numbers = []
    for row, value in enumerate(values, start=1):
        number = fill if value is None else value
        if number is None:
            raise PreprocessingError(
                "missing-value", f'Column "{name}", row {row}: the value is missing, and the column has no imputation.'
            )
        numbers.append(number)
    return numbers


def _learn_scaling(values: Sequence[float], scale: str) -> tuple[float, float]:
    if scale == "none":
        return 0.0, 1.0
    if scale == "min-max":
        return min(values), max(values) - min(values)
    center = _mean(values)
    # Asked directly: the rounded mean of equal values can differ from them, and would give a tiny spread instead of none.
    if all(value == values[0] for value in values):
        return center, 0.0
    return center, math.sqrt(_mean([(value - center) ** 2 for value in values]))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _median(values: Sequence[float]) -> float:
    """The middle value, or the mean of the two middle ones."""
    ordered = sorted(values)
    return _mean(ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1])
