"""The key indicators in their families, each with its change and what it means."""

from collections.abc import Iterable
from dataclasses import dataclass

from turnero_admin.statistics import differences
from turnero_admin.statistics.numbers import Writer
from turnero_core.i18n import N_, gettext
from turnero_queue.statistics import Figures

