# Made from the spec by `make docs`; a change goes there.
"""The daemonproxy wire protocol: the commands and events of controllers, and the command line.

A line consists of fields separated by TAB, and ends with LF. Nothing is escaped, so no field can hold a TAB, LF
or NUL; every other byte passes unchanged. Lines that begin with `#` and blank lines are ignored.
"""

from __future__ import annotations

PROTOCOL = "daemonproxy"
"""Its name."""

VERSION = 1
"""It is raised when controllers of the version before can break."""
