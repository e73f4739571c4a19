"""Every table of every room, gathered by importing the modules that declare them."""

import turnero_hardware.models  # noqa: F401 - declares its tables
import turnero_queue.models  # noqa: F401 - declares its tables
import turnero_server.models  # noqa: F401 - declares its tables
from turnero_core.db import Base

__all__ = ["metadata"]

metadata = Base.metadata
