"""The one assertion that all tests of errors share."""

from __future__ import annotations

import unittest
from contextlib import contextmanager
from typing import Iterator

from tabular_preprocessing import PreprocessingError


@contextmanager
def raises(test: unittest.TestCase, code: str, message: str = "") -> Iterator[None]:
    """The body must raise a PreprocessingError with this code, whose sentence has `message` in it."""
    with test.assertRaises(PreprocessingError) as caught:
        yield
    test.assertEqual(caught.exception.code, code)
    test.assertIn(message, str(caught.exception))
