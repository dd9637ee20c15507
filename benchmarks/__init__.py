"""`make bench`: budgets as ratios to a limit measured beside them in the same run."""
