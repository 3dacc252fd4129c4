"""The studio as an ASGI application: the calls of ``protocol/README.md`` behind the guard."""

import logging

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from nemo_widgets.local.faults.misbehaving import Misbehaving
from nemo_widgets.local.server import calls, render_calls, uploads
from nemo_widgets.local.server.answers import Refusal, refuse
from nemo_widgets.local.server.describing import DESCRIPTION, describe
from nemo_widgets.local.server.guard import ANONYMOUS_TOKEN, Guard
from nemo_widgets.local.server.recording import Recording
from nemo_widgets.local.studio import Studio

_log = logging.getLogger(__name__)

ROUTES = [
    Route(ANONYMOUS_TOKEN, calls.anonymous_token, methods=["POST"]),
    Route("/api/auth/claim-token", calls.claim_token, methods=["POST"]),
    Route("/api/tasks/me/with-session/nemo_agent", calls.open_session, methods=["POST"]),
    Route("/run_sse", calls.chat, methods=["POST"]),
    Route("/api/upload-video/nemo_agent/me/{session_id}", uploads.upload, methods=["POST"]),
    Route("/api/credits/balance/simple", calls.credits_balance),
    Route("/api/state/nemo_agent/me/{session_id}/latest", calls.latest_state),
    Route("/api/render/proxy/lambda", render_calls.submit, methods=["POST"]),
    Route("/api/render/proxy/lambda/{render_id}", render_calls.status),
    Route("/api/render/proxy/lambda/{render_id}/cancel", render_calls.cancel, methods=["POST"]),
    Route("/api/render/proxy/{render_id}/download", render_calls.download),
    Route("/files/{key}/{name}", calls.file),
    Route(DESCRIPTION, describe),
]


def create_app(studio: Studio) -> ASGIApp:
    """Return the application of a studio.

    Parameters
    ----------
    studio : Studio
        Its parts; whoever serves the application enters and leaves it.
    """

    async def refused(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, Refusal)
        return refuse(request.url.path, problem, request.scope["options"])

    async def no_such_call(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, HTTPException)
        refusal = Refusal(problem.detail, code=problem.status_code, status=problem.status_code)
        return refuse(request.url.path, refusal, request.scope["options"])

    app = Starlette(
        routes=ROUTES,
        middleware=[
            Middleware(Guard, store=studio.store, presence=studio.presence, options=studio.options),
        ],
        exception_handlers={Refusal: refused, HTTPException: no_such_call},
    )
    app.router.redirect_slashes = False  # a path is right, or it is not there
    app.state.studio = studio

    def session_of_render(render_id: str) -> str:
        render = studio.store.render(render_id)
        return render.session_id if render else ""

    misbehaving = Misbehaving(app, lambda: studio.faults, studio.options)
    return Recording(misbehaving, lambda: studio.wire_log, session_of_render)
