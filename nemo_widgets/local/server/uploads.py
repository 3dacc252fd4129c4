"""Call 4 (``protocol/README.md``, *Uploads*): files in the request, or URLs to fetch them from."""

from collections.abc import Sequence
from contextlib import ExitStack

import anyio.to_thread
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from nemo_widgets.local.server.answers import malformed
from nemo_widgets.local.server.calls import json_object, reply, session_of, studio_of
from nemo_widgets.local.server.fetch import fetch
from nemo_widgets.local.server.intake import Intake
from nemo_widgets.local.server.shapes import MOST_FILES
from nemo_widgets.local.state.records import AssetRecord


async def upload(request: Request) -> Response:
    """Call 4. All the files of a request are taken, or none."""
    studio = studio_of(request)
    session = session_of(request, request.path_params["session_id"])
    intake = Intake(studio.store, session.id, studio.options.max_file_bytes)
    if request.headers.get("content-type", "").startswith("application/json"):
        urls = (await json_object(request)).get("urls")
        if (
            not isinstance(urls, list)
            or not all(isinstance(url, str) for url in urls)
            or not 0 < len(urls) <= MOST_FILES
        ):
            raise malformed(f"urls must be a list of 1 to {MOST_FILES} URLs.")
        assets = await anyio.to_thread.run_sync(_take_urls, intake, urls, studio.options.max_file_bytes)
    else:
        assets = await _take_parts(request, intake)
    return reply(request, {"files": [asset.wire() for asset in assets], "session_state_applied": True})


async def _take_parts(request: Request, intake: Intake) -> list[AssetRecord]:
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FILES) as form:
        parts = [part for part in form.getlist("files") if isinstance(part, UploadFile)]
        if not parts:
            raise malformed("There is no file in the request: its parts must be named files.")
        sources = [(part.filename or "file", part.file) for part in parts]
        return await anyio.to_thread.run_sync(intake.take, sources)


def _take_urls(intake: Intake, urls: Sequence[str], limit_bytes: int) -> list[AssetRecord]:
    with ExitStack() as fetched:
        return intake.take([fetched.enter_context(fetch(url, limit_bytes=limit_bytes)) for url in urls])
