"""The status of a client's connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Status:
    """How a client stands with its daemon, and why."""

    state: Literal["lost", "gap", "connected", "ended"]
    """`lost`: there is no connection. `gap`: there is one, and the daemon is restating lost events. `connected`: the
    state is complete. `ended`: the client was closed, or has given up."""
    reason: str
    """A sentence."""
