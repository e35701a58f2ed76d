"""All exceptions: a class for each error of the protocol, and for failures of connections."""

from .failures import AnswerLost as AnswerLost
from .failures import ConnectFailed as ConnectFailed
from .failures import ConnectionClosed as ConnectionClosed
from .failures import NoAnswer as NoAnswer
from .failures import NobodyListens as NobodyListens
from .failures import NoPermission as NoPermission
from .failures import NoSocket as NoSocket
from .messages import CommandFailed as CommandFailed
from .messages import DaemonproxyError as DaemonproxyError
from .protocol.errors import *
