"""What can be wrong with the data, the configuration or the parameters."""


class PreprocessingError(ValueError):
    """Says in one sentence what is wrong, with the column and the row where there is one.

    `code` is stable, the sentence may change: bad-csv, ragged-row, repeated-column, missing-column, missing-value,
    not-a-number, not-finite, unseen-category, empty-data, nothing-to-learn, bad-config, bad-parameters,
    unknown-version, unreadable-file.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
