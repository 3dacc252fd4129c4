"""The conversation with the service: `connect`, sessions, answers, uploads, exports."""

from nemo_widgets.client.client import Client, connect
from nemo_widgets.client.clip import Clip
from nemo_widgets.client.credits import Credits
from nemo_widgets.client.render import ExportProgress
from nemo_widgets.client.session import Session
from nemo_widgets.client.state import State
from nemo_widgets.client.stream import AnswerStream
from nemo_widgets.client.turn import Notice, Turn
from nemo_widgets.client.upload import Asset, UploadProgress
from nemo_widgets.client.weblink import WebLink
from nemo_widgets.protocol.events import AgentError, Heartbeat, TextDelta, ToolCall, ToolResult
from nemo_widgets.protocol.suggestions import Suggestion

__all__ = [
    "AgentError",
    "AnswerStream",
    "Asset",
    "Client",
    "Clip",
    "Credits",
    "ExportProgress",
    "Heartbeat",
    "Notice",
    "Session",
    "State",
    "Suggestion",
    "TextDelta",
    "ToolCall",
    "ToolResult",
    "Turn",
    "UploadProgress",
    "WebLink",
    "connect",
]
