"""Learns with scikit-learn to predict a column of a table: python3 train.py TRAINING MODEL

It chooses between a logistic regression and a forest by cross-validation. The model is plain JSON with all that was learnt, and
predict.py reads it without scikit-learn. The same table gives the same model.

python3 train.py --check REPORT says whether the packages that it needs are there.
"""

import json
import os
import platform
import sys
import warnings

# One thread: sums are the same whatever machine it is.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

from predict import number_of, predict, word_of

SEED = 0
MOST_FOLDS = 5


def check(path):
    report = {"python": platform.python_version(), "version": None, "problem": None}
    try:
        import sklearn.ensemble  # What is installed in part fails here.

        report["version"] = sklearn.__version__
    except ImportError as error:
        report["problem"] = f"Its Python has no scikit-learn that can be used: {error}."
    # What happens to be on a machine is nothing that a workspace asked for.
    if sys.prefix == sys.base_prefix:
        report["problem"] = "It has no set-up that makes a Python of its own, as a requirements.txt has."
    with open(path, "w", encoding="utf-8") as file:
        json.dump(report, file)


def learner(features):
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, Pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers = make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler())
    encoders = [
        (str(index), numbers if kind == "number" else OneHotEncoder(handle_unknown="ignore"), [index])
        for index, kind in enumerate(feature["kind"] for feature in features)
    ]
    columns = ColumnTransformer(encoders, sparse_threshold=0)
    return Pipeline([("columns", columns), ("method", LogisticRegression())])


def candidates():
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression

    return [
        {"method": [LogisticRegression(max_iter=2000)], "method__C": [0.01, 0.1, 1.0, 10.0]},
        {
            "method": [RandomForestClassifier(n_estimators=30, random_state=SEED)],
            "method__max_depth": [2, 4],
            "method__min_samples_leaf": [1, 3],
        },
    ]


def fitted(pipeline, table, labels):
    """The best of the candidates, fitted on all rows; with how right it was on rows that it had not seen, and on how many folds."""
    from sklearn.model_selection import GridSearchCV, StratifiedKFold

    folds = min(MOST_FOLDS, min(labels.count(label) for label in set(labels)))
    if folds < 2:
        return pipeline.fit(table, labels), None, 0
    split = StratifiedKFold(folds, shuffle=True, random_state=SEED)
    search = GridSearchCV(pipeline, candidates(), scoring="accuracy", cv=split, n_jobs=1, error_score="raise")
    search.fit(table, labels)
    return search.best_estimator_, float(search.best_score_), folds


def encoding_of(pipeline, features):
    encoding = []
    for (_, encoder, _), feature in zip(pipeline.named_steps["columns"].transformers_, features):
        if feature["kind"] == "number":
            imputer, scaler = encoder[0], encoder[1]
            numbers = {"fill": imputer.statistics_[0], "mean": scaler.mean_[0], "scale": scaler.scale_[0]}
            encoding.append({**feature, **{name: float(value) for name, value in numbers.items()}})
        else:
            encoding.append({**feature, "values": [str(value) for value in encoder.categories_[0]]})
    return encoding


def tree_of(tree):
    shares = [[float(count) / float(sum(node[0])) for count in node[0]] for node in tree.value]
    return {
        "feature": tree.feature.tolist(),
        "threshold": tree.threshold.tolist(),
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "shares": shares,
    }


def parameters_of(pipeline, features):
    method = pipeline.named_steps["method"]
    encoding = encoding_of(pipeline, features)
    if hasattr(method, "estimators_"):
        return {"encoding": encoding, "trees": [tree_of(each.tree_) for each in method.estimators_]}
    return {"encoding": encoding, "weights": method.coef_.tolist(), "intercepts": method.intercept_.tolist()}


def train(target, features, rows):
    import numpy
    import sklearn

    rows = [row for row in rows if row.get(target) is not None]
    features = [{"column": each["column"], "kind": each["kind"]} for each in features if each["column"] != target]
    labels = [word_of(row[target]) for row in rows]
    if len(set(labels)) < 2:
        sys.exit(f"Fewer than two values of {target} occur, so there is nothing to learn.")
    if not features:
        sys.exit(f"There is no column to learn {target} from.")
    table = numpy.empty((len(rows), len(features)), dtype=object)
    for at, feature in enumerate(features):
        for index, row in enumerate(rows):
            cell = row.get(feature["column"])
            number = number_of(cell)
            table[index, at] = (float("nan") if number is None else number) if feature["kind"] == "number" else word_of(cell)
    pipeline, validated, folds = fitted(learner(features), table, labels)
    method = pipeline.named_steps["method"]
    is_forest = hasattr(method, "estimators_")
    settings = ["max_depth", "min_samples_leaf", "n_estimators"] if is_forest else ["C"]
    predicted = [str(label) for label in pipeline.predict(table)]
    model = {
        "library": f"scikit-learn {sklearn.__version__}",
        "method": "random forest" if is_forest else "logistic regression",
        "settings": {name: getattr(method, name) for name in settings},
        "target": target,
        "classes": [json.loads(label) for label in pipeline.classes_],
        "columns": [feature["column"] for feature in features],
        "trainedOn": len(rows),
        "metrics": {
            "trainingAccuracy": sum(a == b for a, b in zip(predicted, labels)) / len(rows),
            "crossValidatedAccuracy": validated,
            "folds": folds,
        },
        "parameters": parameters_of(pipeline, features),
    }
    written = json.dumps(model, allow_nan=False)
    again = json.loads(written)
    if [word_of(predict(again, row)) for row in rows] != predicted:
        sys.exit("What was written does not predict what was learnt.")
    return written


def main(argv):
    if len(argv) != 2:
        sys.exit("Say two paths: the training table, and where to write the model.")
    if argv[0] == "--check":
        return check(argv[1])
    try:
        with open(argv[0], encoding="utf-8") as file:
            table = json.load(file)
        target, features, rows = table["target"], table["features"], table["rows"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(f"The training table cannot be read: {error}.")
    warnings.filterwarnings("ignore")
    written = train(target, features, rows)
    with open(argv[1], "w", encoding="utf-8") as file:
        file.write(written)


if __name__ == "__main__":
    main(sys.argv[1:])
