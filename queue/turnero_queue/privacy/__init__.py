"""What is known of people: where it stands, how long it is kept, and how it is forgotten.

`inventory` is the one table of where personal data may be; `measures` empty it after the
configured days (`retention` runs and reports them); `person` finds what is held of somebody,
gives it out and erases it.
"""

from turnero_queue.privacy.erasing import erase, give_out
from turnero_queue.privacy.person import Found, Sought, find, sought
from turnero_queue.privacy.retention import Line, report, run

__all__ = ["Found", "Line", "Sought", "erase", "find", "give_out", "report", "run", "sought"]
