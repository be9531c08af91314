"""Teaching the recogniser: data sets, recipes, training, evaluation."""
