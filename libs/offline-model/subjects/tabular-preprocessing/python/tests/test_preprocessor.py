"""Fit and transform together: above all, that serving gives the numbers of training."""

import unittest
from pathlib import Path

from tabular_preprocessing import (
    Output,
    Table,
    fit,
    load_parameters,
    output_columns,
    parse_config,
    parse_csv,
    save_parameters,
    transform,
)

from .raises import raises

EXAMPLE = Path(__file__).parent.parent / "example"
CONFIG = parse_config((EXAMPLE / "config.json").read_text(encoding="utf-8"))
TRAINING = parse_csv((EXAMPLE / "train.csv").read_text(encoding="utf-8"))
SERVED = parse_csv((EXAMPLE / "serve.csv").read_text(encoding="utf-8"))
PARAMETERS = fit(TRAINING, CONFIG)


class PreprocessorTest(unittest.TestCase):
    def test_the_example_becomes_the_expected_table(self) -> None:
        output = transform(TRAINING, PARAMETERS)
        self.assertEqual(
            output.columns, ("age", "income", "visits", "city=Basel", "city=Bern", "city=Genf", "size")
        )
        self.assertEqual(
            [tuple(round(value, 3) for value in row) for row in output.rows],
            [
                (-0.724, 0.075, 3, 0, 1, 0, 1),
                (-1.539, 0.448, 1, 0, 0, 1, 0),
                (-0.045, 1, 0, 0, 1, 0, 2),
                (1.584, 0.493, 7, 1, 0, 0, 1),
                (0.77, 0, 2, 0, 1, 0, 1),
                (-0.045, 0.672, 4, 0, 1, 0, 2),
            ],
        )

    def test_each_training_row_served_alone_gets_exactly_the_numbers_it_got_in_training(self) -> None:
        together = transform(TRAINING, PARAMETERS).rows
        alone = tuple(transform(Table(TRAINING.columns, (row,)), PARAMETERS).rows[0] for row in TRAINING.rows)
        self.assertEqual(alone, together)

    def test_what_a_row_becomes_does_not_depend_on_the_rows_around_it(self) -> None:
        together = transform(TRAINING, PARAMETERS).rows
        backwards = transform(Table(TRAINING.columns, TRAINING.rows[::-1]), PARAMETERS).rows
        self.assertEqual(backwards[::-1], together)
        half = transform(Table(TRAINING.columns, TRAINING.rows[:3]), PARAMETERS).rows
        self.assertEqual(half, together[:3])

    def test_parameters_that_were_saved_and_loaded_give_exactly_the_same_numbers(self) -> None:
        loaded = load_parameters(save_parameters(PARAMETERS))
        self.assertEqual(transform(TRAINING, loaded), transform(TRAINING, PARAMETERS))

    def test_transform_changes_no_parameter(self) -> None:
        before = save_parameters(PARAMETERS)
        transform(SERVED, PARAMETERS)
        self.assertEqual(save_parameters(PARAMETERS), before)

    def test_the_place_of_a_column_and_columns_nobody_asked_for_do_not_matter(self) -> None:
        moved = parse_csv("size,extra,city,visits,income,age\nM,9,Bern,3,41000,34\n")
        self.assertEqual(transform(moved, PARAMETERS).rows[0], transform(TRAINING, PARAMETERS).rows[0])

    def test_the_output_columns_depend_on_the_parameters_alone(self) -> None:
        output = transform(SERVED, PARAMETERS)
        self.assertEqual(output.columns, output_columns(PARAMETERS))
        self.assertEqual(output.columns, transform(TRAINING, PARAMETERS).columns)
        self.assertEqual(output.rows[1][3:], (0, 0, 0, 2))

    def test_training_data_without_rows_is_an_error_serving_a_table_without_rows_gives_one(self) -> None:
        empty = Table(TRAINING.columns, ())
        with raises(self, "empty-data", "The training data has no rows."):
            fit(empty, CONFIG)
        self.assertEqual(transform(empty, PARAMETERS), Output(output_columns(PARAMETERS), ()))

    def test_a_missing_column_is_an_error_that_names_it_in_training_and_when_serving(self) -> None:
        table = parse_csv("age\n1\n")
        with raises(self, "missing-column", 'The data has no column "income"; it has age.'):
            fit(table, CONFIG)
        with raises(self, "missing-column", '"income"'):
            transform(table, PARAMETERS)

    def test_a_value_of_the_wrong_type_is_an_error_that_names_column_and_row(self) -> None:
        served = parse_csv("age,income,visits,city,size\n34,1,1,Bern,M\n35,many,1,Bern,M\n")
        with raises(self, "not-a-number", 'Column "income", row 2: "many" is not a number.'):
            transform(served, PARAMETERS)


if __name__ == "__main__":
    unittest.main()
