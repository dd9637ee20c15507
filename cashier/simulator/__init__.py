"""The practice gateway over real HTTP, its scenarios and its book. Imports nothing of cashier outside this folder."""

from cashier.simulator.callbacks import SHAPES
from cashier.simulator.faults import REMOVE, Fault
from cashier.simulator.simulator import Simulator

__all__ = ["REMOVE", "SHAPES", "Fault", "Simulator"]
