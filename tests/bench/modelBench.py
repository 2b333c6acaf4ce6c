"""The nested evaluation of modelBench.ts by scikit-learn and xgboost: reads data, folds and grids as JSON from standard
input, writes CPU seconds and pooled AUROC of each model to standard output. One thread throughout."""
import json
import sys
import time
import warnings

import numpy as np
import xgboost as xgb
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
task = json.load(sys.stdin)
X = np.array(task["x"])


def make(model, s):
    if model == "logistic":
        return LogisticRegression(C=s["c"], max_iter=1000)
    if model == "mlp":
        return MLPClassifier(tuple(s["hidden"]), alpha=s["alpha"], learning_rate_init=s["learningRate"],
                             max_iter=s["maxEpochs"], random_state=1)
    if model == "forest":
        return RandomForestClassifier(s["trees"], min_samples_leaf=s["minLeafRows"], random_state=1, n_jobs=1)
    return xgb.XGBClassifier(n_estimators=s["rounds"], max_depth=s["maxDepth"], learning_rate=s["learningRate"],
                             tree_method=task["treeMethod"], n_jobs=1)


out = {}
for model, grid in task["grids"].items():
    areas = []
    start = time.process_time()
    for criterion in task["criteria"]:
        y = np.array(criterion["y"])
        pooled = np.zeros(len(y))
        for fold in criterion["folds"]:
            train, test, inner = np.array(fold["train"]), np.array(fold["test"]), np.array(fold["inner"])
            best, chosen = -1, None
            for settings in grid:
                score = 0
                for k in range(inner.max() + 1):
                    a, b = train[inner != k], train[inner == k]
                    scale = StandardScaler().fit(X[a])
                    fitted = make(model, settings).fit(scale.transform(X[a]), y[a])
                    score += roc_auc_score(y[b], fitted.predict_proba(scale.transform(X[b]))[:, 1])
                if score > best:
                    best, chosen = score, settings
            scale = StandardScaler().fit(X[train])
            fitted = make(model, chosen).fit(scale.transform(X[train]), y[train])
            pooled[test] = fitted.predict_proba(scale.transform(X[test]))[:, 1]
        areas.append(roc_auc_score(y, pooled))
    out[model] = {"seconds": time.process_time() - start, "auroc": areas}
json.dump(out, sys.stdout)
