"""The model-based run: the real till on one thread under virtual time, against a modelled gateway and cashier.

`python -m tests.model --schedules N --seed S` runs it; docs/reliability.md says what it proves.
"""
