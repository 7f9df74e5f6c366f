"""Reading and writing CSV."""

import unittest

from tabular_preprocessing import Table, format_csv, parse_csv

from .raises import raises


class CsvTest(unittest.TestCase):
    def test_reads_header_and_rows_whatever_the_line_end(self) -> None:
        expected = Table(("a", "b"), (("1", "2"), ("3", "4")))
        for text in ("a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4", "a,b\r1,2\r3,4\r"):
            with self.subTest(text):
                self.assertEqual(parse_csv(text), expected)

    def test_passes_over_a_byte_order_mark(self) -> None:
        self.assertEqual(parse_csv("\ufeffa\n1\n").columns, ("a",))

    def test_reads_quoted_fields_with_commas_doubled_quotes_and_line_breaks(self) -> None:
        table = parse_csv('a,b\n"x,y","say ""hi"""\n"two\r\nlines",""\n')
        self.assertEqual(table.rows, (("x,y", 'say "hi"'), ("two\r\nlines", "")))

    def test_keeps_empty_fields_also_at_the_end_of_a_row(self) -> None:
        self.assertEqual(parse_csv("a,b,c\n,,\n1,,\n").rows, (("", "", ""), ("1", "", "")))

    def test_keeps_blanks_and_text_that_looks_like_a_number_as_they_are(self) -> None:
        self.assertEqual(parse_csv("a,b\n 1 ,007\n").rows, ((" 1 ", "007"),))

    def test_passes_over_empty_lines_except_in_a_table_of_one_column(self) -> None:
        self.assertEqual(parse_csv("a,b\n\n1,2\n\n").rows, (("1", "2"),))
        self.assertEqual(parse_csv("a\n1\n\n2\n").rows, (("1",), ("",), ("2",)))

    def test_a_table_may_have_no_rows(self) -> None:
        self.assertEqual(parse_csv("a,b"), Table(("a", "b"), ()))

    def test_text_without_a_header_row_is_an_error(self) -> None:
        for text in ("", "\n1\n"):
            with self.subTest(text), raises(self, "bad-csv", "The data has no header row."):
                parse_csv(text)

    def test_a_row_with_too_few_or_too_many_fields_is_an_error_that_names_row_and_line(self) -> None:
        with raises(self, "ragged-row", "Row 3 (line 5) has 1 fields, the header has 2."):
            parse_csv('a,b\n1,2\n"x\ny",2\n3\n')
        with raises(self, "ragged-row", "Row 1"):
            parse_csv("a,b\n1,2,3\n")

    def test_a_column_that_comes_twice_is_an_error(self) -> None:
        with raises(self, "repeated-column", 'column "a" twice'):
            parse_csv("a,b,a\n1,2,3\n")

    def test_wrong_quotes_are_an_error_that_names_the_line(self) -> None:
        cases = (('a\n"open', "is not closed"), ('a\nx"y\n', "a quote inside"), ('a\n"x"y\n', "text after the quote"))
        for text, message in cases:
            with self.subTest(text), raises(self, "bad-csv", message):
                parse_csv(text)

    def test_what_is_written_is_read_as_the_same(self) -> None:
        rows = (("plain", "a,b"), ('"', "two\nlines"), ("", " "))
        self.assertEqual(parse_csv(format_csv(("x", "y z"), rows)), Table(("x", "y z"), rows))


if __name__ == "__main__":
    unittest.main()
