"""The render calls, 7 to 10 (``protocol/README.md``, *Renders*)."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from nemo_widgets.local.server.answers import malformed, not_found
from nemo_widgets.local.server.calls import account_of, json_object, options_of, reply, session_of, studio_of
from nemo_widgets.local.server.shapes import MOST_FPS, RENDER_ID, RESOLUTIONS
from nemo_widgets.local.state.links import kept_url, new_key, published
from nemo_widgets.local.state.records import RenderRecord
from nemo_widgets.protocol.draft import Draft

_LONGEST_MS = 10 * 60_000
_ID = re.compile(RENDER_ID)


async def submit(request: Request) -> Response:
    """Call 7. The same id again answers the job that has it: a client may ask twice, it renders once."""
    studio = studio_of(request)
    body = await json_object(request)
    session = session_of(request, body.get("sessionId"))
    render_id, draft, output = body.get("id"), body.get("draft"), body.get("output", {})
    if not isinstance(render_id, str) or not _ID.fullmatch(render_id):
        raise malformed("id must be 1 to 128 letters, digits, - or _.")
    if not isinstance(output, Mapping) or output.get("format", "mp4") != "mp4":
        raise malformed("output must be an object, its format mp4.")
    if output.get("resolution", "1080p") not in RESOLUTIONS:
        raise malformed(f"resolution must be one of {', '.join(RESOLUTIONS)}.")
    fps = output.get("fps", 30)
    if not isinstance(fps, int) or isinstance(fps, bool) or not 1 <= fps <= MOST_FPS:
        raise malformed(f"fps must be a whole number from 1 to {MOST_FPS}.")
    if not isinstance(draft, Mapping) or Draft.parse(draft).is_empty:
        raise malformed("The draft has nothing to render: it needs t, and a track whose sg is not empty.")
    if Draft.parse(draft).duration_ms > _LONGEST_MS:
        raise malformed(f"The draft is longer than {_LONGEST_MS // 60_000} minutes. Trim it.")
    if studio.store.render(render_id) is None:
        studio.renders.submit(
            RenderRecord(
                id=render_id,
                session_id=session.id,
                user_id=session.user_id,
                key=new_key(),
                status="pending",
                error="",
                draft_json=json.dumps(draft),
                output_json=json.dumps(output),
                created_at=studio.store.clock(),
                completed_at=None,
            )
        )
    record = _render(request, render_id)
    return reply(request, {"id": record.id, "status": record.status, "progress": studio.renders.progress(record)})


async def status(request: Request) -> Response:
    """Call 8."""
    return _told(request, _render(request, request.path_params["render_id"]))


async def cancel(request: Request) -> Response:
    """Call 9."""
    render_id = request.path_params["render_id"]
    await studio_of(request).renders.cancel(_render(request, render_id))
    return _told(request, _render(request, render_id))


async def download(request: Request) -> Response:
    """Call 10."""
    record = _render(request, request.path_params["render_id"])
    held = studio_of(request).store.file(record.key)
    if held is None:
        raise not_found(f"Render {record.id} has no file: it is {record.status}.")
    return FileResponse(held[1], media_type="video/mp4", filename=f"{record.id}.mp4")


def _render(request: Request, render_id: str) -> RenderRecord:
    record = studio_of(request).store.render(render_id)
    if record is None or record.user_id != account_of(request).user_id:
        raise not_found("There is no such render.")
    return record


def _told(request: Request, record: RenderRecord) -> Response:
    studio = studio_of(request)
    progress = studio.renders.progress(record)
    held = studio.store.file(record.key) if record.status == "completed" else None
    url = kept_url(record.key, f"{record.id}.mp4") if held else None
    failure = {"error": record.error} if record.status == "failed" else {}
    if options_of(request).envelope == "bare":
        bare: dict[str, object] = {"taskId": record.id, "status": record.status, "progress": progress, **failure}
        if held:
            duration_s = Draft.parse(record.draft).duration_ms / 1000
            reachable = published(url, studio.presence.origin)
            bare["output"] = {"url": reachable, "duration": duration_s, "size": held[1].stat().st_size}
        return JSONResponse(bare)
    return reply(
        request,
        {
            "id": record.id,
            "status": record.status,
            "progress": progress,
            "outputUrl": url,
            "createdAt": _moment(record.created_at),
            "completedAt": _moment(record.completed_at),
            **failure,
        },
    )


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
