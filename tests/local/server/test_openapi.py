"""The studio's description of itself, held against what it does; and a fuzzer that goes by it."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nemo_widgets.local import Engine, LocalStudio, Options
from nemo_widgets.local.engine import OWN_ENGINE
from nemo_widgets.local.server.app import ROUTES
from nemo_widgets.local.server.describing import DESCRIPTION, description

from ..conftest import Caller, TinyEngine, until

REQUIREMENT = "schemathesis==4.32.*"
FEWEST_REQUESTS = 1000
OTHER_FORMS: Mapping[str, Any] = {"dialect": "adk", "envelope": "bare", "errors": "inside"}
CLIENT_ID = {"X-Client-Id": "5b1f2a3c-0000-4000-8000-000000000000"}
DRAFT = {"t": [{"tt": 0, "sg": [{"d": 500, "m": {"name": "the sea"}}]}]}


@pytest.fixture(scope="module")
def studio() -> Iterator[LocalStudio]:
    """Run a studio that understands words as it does for people, and draws one colour."""
    with LocalStudio(engine=_engine(), options=Options(workers=1, credits=10**6)) as running:
        yield running


def _engine() -> Engine:
    return Engine(plan=OWN_ENGINE.plan, render=TinyEngine().render, canvas_size=lambda draft, resolution: (64, 36))


def known(call: Caller) -> dict[str, str]:
    """Return ids of things that are there, whatever form the studio answers in."""

    def content(answer: httpx.Response) -> dict[str, Any]:
        body: dict[str, Any] = answer.json()
        return body.get("data", body)  # type: ignore[no-any-return]

    task = {"task_name": "project", "language": "en"}
    opened = content(call.http.post("/api/tasks/me/with-session/nemo_agent", json=task))
    session, render = opened["session_id"], f"render_{opened['session_id']}"
    call.say(session, "a 1-second clip of the sea")
    state = content(call.http.get(f"/api/state/nemo_agent/me/{session}/latest"))["state"]
    call.submit(session, render, state["draft"])
    job = f"/api/render/proxy/lambda/{render}"
    until(lambda: content(call.http.get(job)), lambda record: record["status"] == "completed")
    *_, key, name = state["generated_media"][0]["url"].split("/")
    ids = {"session_id": session, "sessionId": session, "task_id": opened["task_id"], "render_id": render}
    return {**ids, "key": key, "name": name}


def requests(ids: Mapping[str, str]) -> dict[str, Any]:
    """Return a good body for each call that takes one, by its path."""
    message = {"session_id": ids["session_id"], "new_message": {"parts": [{"text": "hello"}]}}
    render = {"id": "render_asked", "sessionId": ids["session_id"], "draft": DRAFT, "output": {"resolution": "360p"}}
    return {
        "/api/auth/claim-token": {"task_id": ids["task_id"], "session_id": ids["session_id"]},
        "/api/tasks/me/with-session/nemo_agent": {"task_name": "project", "language": "zh-CN"},
        "/run_sse": message,
        "/api/upload-video/nemo_agent/me/{session_id}": {"urls": ["http://127.0.0.1/x.png"], "source_type": "url"},
        "/api/render/proxy/lambda": render,
    }


def test_every_call_is_described_and_nothing_else() -> None:
    described = description(ROUTES)
    found = {(path, method.upper()) for path, item in described["paths"].items() for method in item}
    served = {(route.path, method) for route in ROUTES for method in (route.methods or set()) - {"HEAD"}}
    assert found == served - {(DESCRIPTION, "GET")}
    for schema in described["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("envelope", ["documented", "bare"])
def test_requests_and_answers_are_as_they_are_described(envelope: Any) -> None:
    options = Options(workers=1, envelope=envelope)
    with LocalStudio(engine=_engine(), options=options) as studio, Caller(studio.url, studio.token).http as http:
        described = http.get(DESCRIPTION).json()
        call = Caller(studio.url, studio.token)
        with call.http:
            ids = known(call)
        seen = []
        for path, item in described["paths"].items():
            for method, operation in item.items():
                body = requests(ids).get(path)
                if body is not None:
                    schema = operation["requestBody"]["content"]["application/json"]["schema"]
                    jsonschema.validate(body, {**schema, "components": described["components"]})
                answer = http.request(method, path.format(**ids), json=body, headers=CLIENT_ID)
                answers = operation["responses"]
                content = answers.get(str(answer.status_code), answers["default"])["content"]
                kind = answer.headers["content-type"].partition(";")[0]
                assert kind in content or "*/*" in content, (path, kind)
                if kind == "application/json":
                    schema = content[kind]["schema"]
                    jsonschema.validate(answer.json(), {**schema, "components": described["components"]})
                seen.append(answer.status_code)
        assert sorted(seen) == [200] * 11 + [403]  # to fetch a file from this machine is refused


@pytest.fixture(scope="module")
def told(studio: LocalStudio) -> Iterator[tuple[Caller, dict[str, str]]]:
    caller = Caller(studio.url, studio.token)
    with caller.http:
        yield caller, known(caller)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["t", "sg", "d", "m", "x"]), inner),
    max_leaves=6,
)


@settings(max_examples=60, deadline=10_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_body_is_too_odd_to_be_answered(told: tuple[Caller, dict[str, str]], data: st.DataObject) -> None:
    """A small part of what the fuzzer does below: good requests, one value of which is anything at all."""
    call, ids = told
    path = data.draw(st.sampled_from(sorted(requests(ids))))
    body = data.draw(_changed(requests(ids)[path]))
    content = json.dumps(body, allow_nan=True).encode()
    answer = call.http.post(path.format(**ids), content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code < 500, (path, body, answer.text)


def _changed(value: Any) -> st.SearchStrategy[Any]:
    """Return strategies for values like this one, with one place in them changed."""
    changes: list[st.SearchStrategy[Any]] = [ANYTHING]
    places = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for place, inner in places:
        changes.append(_changed(inner).map(lambda new, place=place: _with(value, place, new)))
    return st.one_of(changes)


def _with(value: Any, place: Any, new: Any) -> Any:
    copy = value.copy()
    copy[place] = new
    return copy


@pytest.fixture(scope="module")
def schemathesis() -> Path:
    """Return schemathesis in an environment of its own, kept between runs outside the repository."""
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    kept = Path.home() / ".cache" / "nemo-widgets-tests" / f"schemathesis-4.32-{version}"
    venv = Path(os.environ.get("SCHEMATHESIS_VENV", kept))
    bin_folder = venv / ("Scripts" if os.name == "nt" else "bin")
    if not [*bin_folder.glob("schemathesis*")]:
        steps = [[sys.executable, "-m", "venv", str(venv)], [str(bin_folder / "python"), *_INSTALL]]
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True, env=_plain_environment(), check=False)
            if done.returncode:
                pytest.skip(f"{REQUIREMENT} cannot be installed here: {done.stderr.strip()[-200:]}")
    return bin_folder / "schemathesis"


_INSTALL = ["-m", "pip", "install", "--quiet", REQUIREMENT]


def _plain_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@pytest.mark.fuzz
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "options", [{}, {"dialect": "adk", "envelope": "bare", "errors": "inside"}], ids=["★", "other"]
)
def test_a_thousand_requests_of_schemathesis_meet_no_server_error_and_no_hang(
    schemathesis: Path, tmp_path: Path, options: Mapping[str, Any]
) -> None:
    with LocalStudio(engine=_engine(), options=Options(workers=1, credits=10**6, **options)) as studio:
        wire = studio.wire
        call = Caller(studio.url, studio.token)
        with call.http:
            ids = known(call)
        hooks = {"SCHEMATHESIS_HOOKS": "known", "PYTHONPATH": str(Path(__file__).parent / "fuzzer")}
        command = [str(schemathesis), "run", studio.url + DESCRIPTION, "-H", f"Authorization: Bearer {studio.token}"]
        command += ["--phases", "coverage,fuzzing", "--max-examples", "60", "--seed", "1", "--no-color", "--no-shrink"]
        command += ["--checks", "not_a_server_error,response_schema_conformance,content_type_conformance"]
        command += ["--request-timeout", "10", "--generation-database", "none", "--suppress-health-check", "all"]
        done = subprocess.run(
            [*command, "--continue-on-failure", "--warnings", "off"],
            env={**_plain_environment(), **hooks, "KNOWN": json.dumps(ids)},
            cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        exchanges = wire.records(1)[0].exchange
        answers = [int(record.status or 0) for record in wire.records() if record.what == "response"]
        with Caller(studio.url, studio.token).http as after:
            assert after.get("/api/credits/balance/simple").json()
    assert done.returncode == 0, done.stdout[-5000:]
    sys.stdout.write(f"{exchanges} requests, answered {dict(sorted(Counter(answers).items()))}\n")
    assert exchanges >= FEWEST_REQUESTS
    assert max(answers) < 500
    assert answers.count(200) > len(answers) / 20
