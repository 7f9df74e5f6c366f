"""Reading JSON from files: what is not as it should be is an error that names the place."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from .errors import PreprocessingError


class JsonReader:
    """Checks values; each error has the code given here."""

    def __init__(self, code: str) -> None:
        self._code = code

    def error(self, message: str) -> PreprocessingError:
        return PreprocessingError(self._code, message)

    def parse(self, source: str, what: str) -> object:
        try:
            # The three numbers that JSON does not have would come through otherwise.
            return json.loads(source, parse_constant=self._refuse_constant)
        except ValueError as error:
            raise self.error(f"{what} is not JSON.") from error

    @staticmethod
    def _refuse_constant(name: str) -> object:
        raise ValueError(name)

    def fields(self, value: object, place: str) -> dict[str, object]:
        if isinstance(value, dict):
            return value
        raise self.error(f"{place} must be an object.")

    def items(self, value: object, place: str) -> list[object]:
        if isinstance(value, list):
            return value
        raise self.error(f"{place} must be a list.")

    def text(self, value: object, place: str) -> str:
        if isinstance(value, str) and value != "":
            return value
        raise self.error(f"{place} must be a text that is not empty.")

    def any_text(self, value: object, place: str) -> str:
        if isinstance(value, str):
            return value
        raise self.error(f"{place} must be a text.")

    def texts(self, value: object, place: str) -> tuple[str, ...]:
        items = self.items(value, place)
        texts = tuple(item for item in items if isinstance(item, str))
        if len(texts) == len(items):
            return texts
        raise self.error(f"{place} must be a list of texts.")

    def finite_number(self, value: object, place: str) -> float:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            try:
                number = float(value)
            except OverflowError:
                number = math.inf
            if math.isfinite(number):
                return number
        raise self.error(f"{place} must be a finite number.")

    def one_of(self, names: Sequence[str], value: object, place: str) -> str:
        if isinstance(value, str) and value in names:
            return value
        raise self.error(f"{place} must be one of {', '.join(names)}.")
