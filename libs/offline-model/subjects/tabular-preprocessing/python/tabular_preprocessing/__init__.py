"""Preprocessing for tabular data, the same in training and in serving: see README.md."""

from .config import CategoricalColumn, Config, NumericColumn, parse_config
from .csv_table import Table, format_csv, parse_csv
from .errors import PreprocessingError
from .parameters import FORMAT_VERSION, load_parameters, save_parameters
from .preprocessor import Output, Parameters, fit, output_columns, transform

__all__ = [
    "FORMAT_VERSION",
    "CategoricalColumn",
    "Config",
    "NumericColumn",
    "Output",
    "Parameters",
    "PreprocessingError",
    "Table",
    "fit",
    "format_csv",
    "load_parameters",
    "output_columns",
    "parse_config",
    "parse_csv",
    "save_parameters",
    "transform",
]
