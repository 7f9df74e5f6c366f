"""Columns of categories: imputation and encoding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional, Union

from .config import CategoricalColumn, Constant
from .errors import PreprocessingError

#: A value is None where it is missing.
CategoricalValues = Sequence[Optional[str]]

_IGNORED = -1


@dataclass(frozen=True)
class CategoricalParameters:
    """What was learned about a categorical column."""

    name: str
    #: What a missing value becomes; None: missing values are an error.
    fill: Optional[str]
    encode: str
    unseen: str
    #: In the order of their codes.
    categories: tuple[str, ...]


def parse_categories(fields: Sequence[str], missing: Sequence[str]) -> list[Optional[str]]:
    """The fields of a column, None where they are missing."""
    return [None if field in missing else field for field in fields]


def learn_categorical(column: CategoricalColumn, values: CategoricalValues) -> CategoricalParameters:
    """Learns fill value and categories of a column."""
    fill = _learn_fill(column.name, column.impute, values)
    seen = _filled(column.name, fill, values)
    categories = tuple(sorted(set(seen))) if column.order is None else column.order
    known = set(categories)
    for row, category in enumerate(seen, start=1):
        if category not in known:
            raise PreprocessingError(
                "unseen-category", f'Column "{column.name}", row {row}: "{category}" is not in the configured order.'
            )
    return CategoricalParameters(column.name, fill, column.encode, column.unseen, categories)


def categorical_outputs(parameters: CategoricalParameters) -> list[str]:
    """The names of the output columns: one a category, or the column's own."""
    if parameters.encode == "ordinal":
        return [parameters.name]
    return [f"{parameters.name}={category}" for category in parameters.categories]


def apply_categorical(parameters: CategoricalParameters, values: CategoricalValues) -> list[list[int]]:
    """Applies what was learned: for each value its numbers, one an output column."""
    codes = {category: code for code, category in enumerate(parameters.categories)}
    rows = []
    for row, category in enumerate(_filled(parameters.name, parameters.fill, values), start=1):
        code = codes.get(category, _IGNORED)
        if code == _IGNORED and parameters.unseen == "error":
            raise PreprocessingError(
                "unseen-category",
                f'Column "{parameters.name}", row {row}: the category "{category}" was not seen in training.',
            )
        if parameters.encode == "ordinal":
            rows.append([code])
        else:
            rows.append([1 if position == code else 0 for position in range(len(codes))])
    return rows


def _learn_fill(name: str, impute: Union[str, Constant], values: CategoricalValues) -> Optional[str]:
    if isinstance(impute, Constant):
        return str(impute.value)
    if impute == "none":
        return None
    counts = Counter(value for value in values if value is not None)
    if not counts:
        raise PreprocessingError(
            "nothing-to-learn", f'Column "{name}" has no value to learn the most frequent one from.'
        )
    return min(counts.items(), key=lambda item: (-item[1], item[0]))[0]


def _filled(name: str, fill: Optional[str], values: CategoricalValues) -> list[str]:
    categories = []
    for row, value in enumerate(values, start=1):
        category = fill if value is None else value
        if category is None:
            raise PreprocessingError(
                "missing-value", f'Column "{name}", row {row}: the value is missing, and the column has no imputation.'
            )
        categories.append(category)
    return categories
