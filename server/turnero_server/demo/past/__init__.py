"""A past that never was: days of tickets and events, made by the rules of the states.

Written in bulk, straight into the tables of either database; what a day is like is drawn by lot
from a seed, so that the same call makes the same past. For the demonstration, tests and benchmark.
"""

from turnero_server.demo.past.writing import fill, weekdays

__all__ = ["fill", "weekdays"]
