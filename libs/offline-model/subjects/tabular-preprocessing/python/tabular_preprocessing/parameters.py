"""Learned parameters as JSON."""

from __future__ import annotations

import json

from .categorical import CategoricalParameters
from .errors import PreprocessingError
from .json_fields import JsonReader
from .numeric import NumericParameters
from .preprocessor import ColumnParameters, Parameters

_FORMAT = "tabular-preprocessing"
#: Raised when the meaning of a field changes.
FORMAT_VERSION = 1

_READ = JsonReader("bad-parameters")


def save_parameters(parameters: Parameters) -> str:
    """Parameters as JSON text. Numbers are written with every digit they have."""
    content = {
        "format": _FORMAT,
        "version": FORMAT_VERSION,
        "missing": list(parameters.missing),
        "columns": [_column_to_json(column) for column in parameters.columns],
    }
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _column_to_json(column: ColumnParameters) -> dict[str, object]:
    if isinstance(column, NumericParameters):
        return {
            "name": column.name,
            "type": "numeric",
            "fill": column.fill,
            "scale": column.scale,
            "center": column.center,
            "spread": column.spread,
        }
    return {
        "name": column.name,
        "type": "categorical",
        "fill": column.fill,
        "encode": column.encode,
        "unseen": column.unseen,
        "categories": list(column.categories),
    }


def load_parameters(source: str) -> Parameters:
    """Reads what save_parameters wrote. Raises bad-parameters or unknown-version."""
    what = "The parameter file"
    fields = _READ.fields(_READ.parse(source, what), what)
    if fields.get("format") != _FORMAT:
        raise _READ.error(f"{what} was not written by this module.")
    version = fields.get("version")
    if version != FORMAT_VERSION:
        raise PreprocessingError(
            "unknown-version",
            f"{what} has version {json.dumps(version)}, this module reads version {FORMAT_VERSION}.",
        )
    entries = _READ.items(fields.get("columns"), "columns")
    return Parameters(
        _READ.texts(fields.get("missing"), "missing"),
        tuple(_parse_column(entry, f"columns[{index}]") for index, entry in enumerate(entries)),
    )


def _parse_column(value: object, place: str) -> ColumnParameters:
    fields = _READ.fields(value, place)
    kind = _READ.one_of(("numeric", "categorical"), fields.get("type"), f"{place}.type")
    name = _READ.text(fields.get("name"), f"{place}.name")
    if "fill" not in fields:
        raise _READ.error(f"{place}.fill is missing.")
    fill = fields["fill"]
    if kind == "numeric":
        return NumericParameters(
            name,
            None if fill is None else _READ.finite_number(fill, f"{place}.fill"),
            _READ.one_of(("none", "standard", "min-max"), fields.get("scale"), f"{place}.scale"),
            _READ.finite_number(fields.get("center"), f"{place}.center"),
            _READ.finite_number(fields.get("spread"), f"{place}.spread"),
        )
    return CategoricalParameters(
        name,
        None if fill is None else _READ.any_text(fill, f"{place}.fill"),
        _READ.one_of(("one-hot", "ordinal"), fields.get("encode"), f"{place}.encode"),
        _READ.one_of(("error", "ignore"), fields.get("unseen"), f"{place}.unseen"),
        _READ.texts(fields.get("categories"), f"{place}.categories"),
    )
