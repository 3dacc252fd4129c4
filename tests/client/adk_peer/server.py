"""The Agent Development Kit's own API server, with the three calls beside it that the service adds.

Run in the peer's environment: ``python server.py PORT``. What is tested, ``/run_sse``, is the kit's and is not touched.
"""

import sys
from pathlib import Path

import httpx
import uvicorn
from google.adk.cli.fast_api import get_fast_api_app

FOLDER = Path(__file__).parent
SESSIONS = "/apps/nemo_agent/users/me/sessions"

app = get_fast_api_app(agents_dir=str(FOLDER), web=False)
kit = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")


@app.post("/api/tasks/me/with-session/nemo_agent")
async def open_session() -> dict[str, object]:
    """Call 2."""
    session = (await kit.post(SESSIONS, json={})).json()
    return {"code": 0, "data": {"task_id": "t", "session_id": session["id"], "user_id": "me"}}


@app.get("/api/credits/balance/simple")
async def credits_balance() -> dict[str, object]:
    """Call 5."""
    return {"code": 0, "data": {"available": 100, "frozen": 0, "total": 100}}


@app.get("/api/state/nemo_agent/me/{session_id}/latest")
async def state(session_id: str) -> dict[str, object]:
    """Call 6: what the agent's tools wrote into the session."""
    found = await kit.get(f"{SESSIONS}/{session_id}")
    if found.status_code != httpx.codes.OK:
        return {"code": 1002, "message": "Session not found"}
    return {"code": 0, "data": {"session_id": session_id, "state": {"draft": found.json()["state"].get("draft") or {}}}}


@app.get("/seen/{session_id}")
async def seen(session_id: str) -> dict[str, object]:
    """Tell the test what the kit itself has seen: messages of the person, and scripts that were cancelled."""
    from nemo_agent.agent import stopped

    events = (await kit.get(f"{SESSIONS}/{session_id}")).json()["events"]
    return {"messages": sum(event.get("author") == "user" for event in events), "stopped": stopped}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
