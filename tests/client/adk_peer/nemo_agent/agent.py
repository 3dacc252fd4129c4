"""An agent with a model that plays a script by what it is asked: no network, no key."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from google.adk.agents import LlmAgent
from google.adk.models.base_llm import BaseLlm
from google.adk.models.llm_request import LlmRequest
from google.adk.models.llm_response import LlmResponse
from google.adk.tools.tool_context import ToolContext
from google.genai import types

stopped: list[str] = []
"""The scripts that were cancelled while they played."""


def add_title(text: str, tool_context: ToolContext) -> dict[str, str]:
    """Add a title to the timeline."""
    title = {"tt": 7, "sg": [{"s": 0, "d": 3000, "m": {"text": text}}]}
    draft = tool_context.state.get("draft") or {"t": []}
    tool_context.state["draft"] = {**draft, "t": [*draft["t"], title]}
    return {"status": "success"}


def answer(*parts: types.Part, partial: bool | None = None) -> LlmResponse:
    return LlmResponse(content=types.Content(role="model", parts=list(parts)), partial=partial)


def said(text: str, *, partial: bool | None = None) -> LlmResponse:
    return answer(types.Part(text=text), partial=partial)


def call(text: str) -> LlmResponse:
    return answer(types.Part(function_call=types.FunctionCall(name="add_title", args={"text": text})))


async def played(script: str, *, after_tool: bool) -> AsyncIterator[LlmResponse]:
    match script:
        case "text":
            pieces = ["Hel", "lo **wor", "ld**\u2028", "你好 🎬."]
            yield answer(types.Part(text="The person greets me.", thought=True), partial=True)
            for piece in pieces:
                yield said(piece, partial=True)
            yield said("".join(pieces))
        case "whole text":
            yield said("Hello world.")
        case "tools" if after_tool:
            yield said("I added ", partial=True)
            yield said("a title.", partial=True)
            yield said("I added a title.")
        case "tools":
            yield said("One moment.", partial=True)
            yield said("One moment.")
            yield call("Urban Dreams")
        case "silent" if after_tool:
            yield answer()
        case "silent":
            yield call("Quiet")
        case "nothing":
            yield answer()
        case "error":
            yield said("I will try.", partial=True)
            raise ValueError("the model is broken")
        case "error code":
            yield LlmResponse(error_code="SAFETY", error_message="That is not possible.")
        case "pause" | "long pause":
            yield said("Wait a moment. ", partial=True)
            await asyncio.sleep(2 if script == "pause" else 60)
            yield said("Here it is.", partial=True)
            yield said("Wait a moment. Here it is.")


class ScriptedModel(BaseLlm):
    """Says what its script says."""

    async def generate_content_async(
        self, llm_request: LlmRequest, stream: bool = False
    ) -> AsyncGenerator[LlmResponse, None]:
        """Play the script that the last person's words name."""
        words = [part.text for content in llm_request.contents for part in content.parts or [] if part.text]
        scripts = [word for word in words if word in SCRIPTS]
        last = llm_request.contents[-1].parts or []
        try:
            async for response in played(scripts[-1], after_tool=any(part.function_response for part in last)):
                yield response
        except asyncio.CancelledError:
            stopped.append(scripts[-1])
            raise


SCRIPTS = ("text", "whole text", "tools", "silent", "nothing", "error", "error code", "pause", "long pause")

root_agent = LlmAgent(name="agent", model=ScriptedModel(model="scripted"), tools=[add_title])
