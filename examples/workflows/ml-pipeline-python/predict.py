"""Predicts a column by what train.py learnt: python3 predict.py MODEL ROWS PREDICTIONS

It needs Python 3.9 and nothing that has to be installed.
"""

import json
import struct
import sys


def number_of(cell):
    """A cell of a column of numbers; None where there is none."""
    return float(cell) if isinstance(cell, (int, float)) else None


def word_of(cell):
    """A cell of a column of categories: what is empty is a category, too."""
    return json.dumps(cell)


def encode(encoding, row):
    """A row as numbers, as it was learnt from: what is missing is the mean, what was never seen is nothing."""
    values = []
    for column in encoding:
        cell = row.get(column["column"])
        if column["kind"] == "number":
            number = number_of(cell)
            values.append(((column["fill"] if number is None else number) - column["mean"]) / column["scale"])
        else:
            word = word_of(cell)
            values.extend(1.0 if word == known else 0.0 for known in column["values"])
    return values


def scores_of(parameters, values):
    """How much speaks for each class."""
    if "trees" in parameters:
        # Trees compare in single precision.
        short = [struct.unpack("f", struct.pack("f", value))[0] for value in values]
        leaves = [leaf_of(tree, short) for tree in parameters["trees"]]
        return [sum(shares) for shares in zip(*leaves)]
    scores = [
        sum(weight * value for weight, value in zip(weights, values)) + intercept
        for weights, intercept in zip(parameters["weights"], parameters["intercepts"])
    ]
    return [0.0, *scores] if len(scores) == 1 else scores


def leaf_of(tree, values):
    node = 0
    while tree["left"][node] != -1:
        below = values[tree["feature"][node]] <= tree["threshold"][node]
        node = tree["left"][node] if below else tree["right"][node]
    return tree["shares"][node]


def predict(model, row):
    parameters = model["parameters"]
    scores = scores_of(parameters, encode(parameters["encoding"], row))
    return model["classes"][scores.index(max(scores))]


def main(argv):
    if len(argv) != 3:
        sys.exit("Say three paths: the model, the rows, and where to write the predictions.")
    model_path, rows_path, predictions_path = argv
    try:
        with open(model_path, encoding="utf-8") as file:
            model = json.load(file)
        with open(rows_path, encoding="utf-8") as file:
            rows = json.load(file)
        predictions = [predict(model, row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sys.exit(f"The model or the rows cannot be read: {error}.")
    with open(predictions_path, "w", encoding="utf-8") as file:
        json.dump(predictions, file)


if __name__ == "__main__":
    main(sys.argv[1:])
