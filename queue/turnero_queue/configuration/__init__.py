"""The configuration file: read it, compare it with what is stored, load it, write it."""

from turnero_queue.configuration.changes import Change
from turnero_queue.configuration.consequences import consequences
from turnero_queue.configuration.document import MAX_BYTES
from turnero_queue.configuration.dumping import dump, plain, render
from turnero_queue.configuration.loading import apply, diff, hold
from turnero_queue.configuration.occupied import occupied, refusal
from turnero_queue.configuration.parsing import parse
from turnero_queue.configuration.problems import ConfigurationError, Finding, sentence
from turnero_queue.configuration.values import Configuration, open_round_the_clock

__all__ = [
    "MAX_BYTES",
    "Change",
    "Configuration",
    "ConfigurationError",
    "Finding",
    "apply",
    "consequences",
    "diff",
    "dump",
    "hold",
    "occupied",
    "open_round_the_clock",
    "parse",
    "plain",
    "refusal",
    "render",
    "sentence",
]
