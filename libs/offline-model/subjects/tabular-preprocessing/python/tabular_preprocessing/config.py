"""Which columns to use, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional, Union

from .json_fields import JsonReader

_READ = JsonReader("bad-config")
_SETTINGS = {
    "numeric": ("name", "type", "impute", "scale"),
    "categorical": ("name", "type", "impute", "encode", "unseen", "order"),
}


@dataclass(frozen=True)
class Constant:
    """Imputation with a fixed value."""

    value: Union[float, str]


@dataclass(frozen=True)
class NumericColumn:
    """A column of numbers."""

    name: str
    #: "none", "mean", "median", "most-frequent", or a constant.
    impute: Union[str, Constant] = "none"
    #: "none", "standard" or "min-max".
    scale: str = "none"


@dataclass(frozen=True)
class CategoricalColumn:
    """A column of categories."""

    name: str
    #: "none", "most-frequent", or a constant.
    impute: Union[str, Constant] = "none"
    #: "one-hot" or "ordinal".
    encode: str = "one-hot"
    #: What happens to a category that training did not have: "error", or "ignore" for zeros (one-hot) and -1 (ordinal).
    unseen: str = "error"
    #: The categories in their order; None: those of the training data, sorted.
    order: Optional[tuple[str, ...]] = None


ColumnConfig = Union[NumericColumn, CategoricalColumn]


@dataclass(frozen=True)
class Config:
    """The columns, and the spellings of a missing value."""

    columns: tuple[ColumnConfig, ...]
    missing: tuple[str, ...] = ("",)


def parse_config(source: str) -> Config:
    """Reads a configuration. Only name and type must be there; by default nothing is imputed, scaled or ignored."""
    what = "The configuration"
    fields = _READ.fields(_READ.parse(source, what), what)
    _refuse_others(fields, ("missing", "columns"), what)
    entries = _READ.items(fields.get("columns"), "columns")
    columns = tuple(_parse_column(entry, f"columns[{index}]") for index, entry in enumerate(entries))
    if not columns:
        raise _READ.error("The configuration lists no column.")
    seen: set[str] = set()
    for column in columns:
        if column.name in seen:
            raise _READ.error(f'The configuration lists the column "{column.name}" twice.')
        seen.add(column.name)
    return Config(columns, _READ.texts(fields["missing"], "missing") if "missing" in fields else ("",))


def _parse_column(value: object, place: str) -> ColumnConfig:
    fields = _READ.fields(value, place)
    name = _READ.text(fields.get("name"), f"{place}.name")
    kind = _READ.one_of(("numeric", "categorical"), fields.get("type"), f"{place}.type")
    _refuse_others(fields, _SETTINGS[kind], f"{place}, a {kind} column,")
    impute = fields.get("impute", "none")
    if kind == "numeric":
        return NumericColumn(
            name,
            _imputation(impute, ("none", "mean", "median", "most-frequent"), f"{place}.impute", is_numeric=True),
            _READ.one_of(("none", "standard", "min-max"), fields.get("scale", "none"), f"{place}.scale"),
        )
    return CategoricalColumn(
        name,
        _imputation(impute, ("none", "most-frequent"), f"{place}.impute", is_numeric=False),
        _READ.one_of(("one-hot", "ordinal"), fields.get("encode", "one-hot"), f"{place}.encode"),
        _READ.one_of(("error", "ignore"), fields.get("unseen", "error"), f"{place}.unseen"),
        _categories(fields["order"], f"{place}.order") if "order" in fields else None,
    )


def _refuse_others(fields: dict[str, object], known: Sequence[str], place: str) -> None:
    """A misspelt setting must not be passed over as if it were not there."""
    for key in fields:
        if key not in known:
            raise _READ.error(f'{place} has no setting "{key}".')


def _imputation(value: object, names: Sequence[str], place: str, *, is_numeric: bool) -> Union[str, Constant]:
    if isinstance(value, str):
        return _READ.one_of(names, value, place)
    constant = _READ.fields(value, place).get("constant")
    if is_numeric:
        return Constant(_READ.finite_number(constant, f"{place}.constant"))
    return Constant(_READ.text(constant, f"{place}.constant"))


def _categories(value: object, place: str) -> tuple[str, ...]:
    order = _READ.texts(value, place)
    if order and len(set(order)) == len(order):
        return order
    raise _READ.error(f"{place} must list each category once.")
