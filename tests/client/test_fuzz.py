"""Whatever fails, in whatever order: a message is accepted once at most, and every turn ends in a result or one error.

The studio misbehaves by a random plan, on a real port, and counts the messages that it accepts itself. Waits are
compressed by a clock that is passed in; a seed that failed fails again.
"""

import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial

import psutil
import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Client, Session, Turn
from nemo_widgets.client.api import ask_for_token
from nemo_widgets.client.auth import AccessSource, AnonymousToken, GivenToken, Secret
from nemo_widgets.client.http import Patience
from nemo_widgets.errors import NemoError
from nemo_widgets.kernel import job_loop
from nemo_widgets.local import Engine, LocalStudio, Options
from nemo_widgets.local.planner.plans import History, Plan, PlanAsset, Stage
from nemo_widgets.protocol.draft import Draft

from ..local.conftest import TinyEngine
from .conftest import FastClock

WEB = "https://nemovideo.com"
AT_ONCE = 12
LONGEST_RUN_S = 60.0

CALLS = ["run_sse"] * 5 + ["session", "state", "state", "credits", "token", "any"]
MOMENTS = ["before", "in", "after", "0", "1", "17", "80", "150", "400"]
BREAKS = ["reset", "reset", "cut", "cut", "stall", "stall(0.05)"]
REPLACES = [
    "refuse", "login", "garbage", "empty", "400", "401", "402", "403", "404", "422", "429", "429(3)", "429(900)", "500",
    "502", "503", "504", "302", "1001", "1002", "1010", "1011", "2001", "4001", "4002",
]  # fmt: skip
REFUSES = {"401", "429", "1001", "1010", "1011"}  # definitive: no service says so after it has begun
PACES = ["drip", "slow(0.01)", "slow(0.1)"]
ANSWERS = ["heartbeats", "heartbeats(2)", "nothing", "error", "error(2001)", "error(1002)", "silent", "two-stage(0.05)"]
FORMS = ["code", "success", "bare", "inside", "typed", "adk", "plain"]
PROMPTS = ["hello", "a city at night", "a title, please", "silently a title", "break", "城市夜景"]


def plan(prompt: str, draft: Draft, assets: Sequence[PlanAsset], seed: int, history: History) -> Plan:
    """Plan without a clip to draw: drawing takes long and tells nothing here."""
    if prompt == "hello":
        return Plan((Stage("", {}, "Hello! What shall we make?", draft.raw),))
    if prompt == "break":
        raise NemoError("The planner is broken.")
    stages = []
    for text in (f"{prompt} 1", f"{prompt} 2"):
        title = {"tt": 7, "sg": [{"s": 0, "d": 500, "m": {"text": text}}]}
        draft = Draft.parse({**draft.raw, "t": [*draft.raw.get("t", ()), title]})
        stages.append(Stage("add_title", {}, f"I added **{text}**.", draft.raw, silent=prompt.startswith("silently")))
    return Plan(tuple(stages))


def random_plan(chance: random.Random) -> str:
    rules = []
    for _ in range(chance.randint(1, 4)):
        call = chance.choice(CALLS)
        match chance.choice(["break", "break", "replace", "pace", "answer"]):
            case "break":
                fault = f"{chance.choice(BREAKS)}@{chance.choice(MOMENTS)}"
            case "replace":
                fault = chance.choice(REPLACES)
                if fault.partition("(")[0] not in REFUSES:
                    fault += chance.choice(["", "", "@after"])
            case "pace":
                fault = chance.choice(PACES)
            case _:
                call, fault = "run_sse", chance.choice(ANSWERS)
        rules.append(f"{call}:{fault}" + chance.choice(["*1", "*1", "*2", "*3", ""]))
    rules += [f"any:{form}" for form in chance.sample(FORMS, chance.randint(0, 3))]
    return "; ".join(rules)


def client_of(studio: LocalStudio, chance: random.Random) -> Client:
    clock, patience = FastClock(500), Patience(answer_s=0.4, upload_s=0.4)
    source: AccessSource
    if chance.random() < 0.5:
        source = GivenToken(studio.url, Secret("token=", studio.token), web_url=WEB)
    else:
        studio.expire_tokens()  # or it would give no second token to this client id

        ask = partial(ask_for_token, clock, web_url=WEB, patience=patience)
        source = AnonymousToken(studio.url, web_url=WEB, ask=ask)
    return Client("custom", source, url=studio.url, clock=clock, patience=patience)


async def said(session: Session, prompt: str, *, stream: bool) -> Turn | NemoError:
    try:
        if not stream:
            return await session.send(prompt, show=False)
        answer = session.stream(prompt)
        async with answer as events:
            async for _ in events:
                pass
        return answer.turn
    except NemoError as error:
        return error


async def run_one(studio: LocalStudio, seed: int) -> list[str]:
    """Send some messages while things go wrong; return how each ended."""
    chance = random.Random(seed)
    ended = []
    async with client_of(studio, chance) as client:
        session = client.new_session(language=chance.choice(["en", None]))
        studio.faults = random_plan(chance)
        for _ in range(chance.randint(1, 3)):
            before = studio.accepted()
            turn = await said(session, chance.choice(PROMPTS), stream=chance.random() < 0.3)
            accepted = studio.accepted() - before
            assert accepted <= 1, "the message was accepted twice"
            if isinstance(turn, Turn):
                assert accepted == 1, "a turn succeeded whose message nobody accepted"
                assert turn.text
            else:
                assert len(str(turn)) > 30, "an error must say what happened, what it means, what to do"
                assert studio.token not in str(turn)
                assert '{"' not in str(turn), "a person reads words, not JSON"
            ended.append(type(turn).__name__)
    return ended


async def run_many(studios: Sequence[LocalStudio], seeds: range) -> Counter[str]:
    ended: Counter[str] = Counter()
    left: Iterator[int] = iter(seeds)

    async def work(studio: LocalStudio) -> None:
        for seed in left:
            try:
                ended.update(await asyncio.wait_for(run_one(studio, seed), LONGEST_RUN_S))
            except BaseException as problem:
                problem.add_note(f"seed {seed}: {random_plan_of(seed)}")
                raise
            finally:
                studio.faults = ""

    async with asyncio.TaskGroup() as group:
        for studio in studios:
            group.create_task(work(studio))
    return ended


def random_plan_of(seed: int) -> str:
    """Return the plan of a seed, for whoever looks for what went wrong."""
    chance = random.Random(seed)
    chance.random(), chance.choice("ab")
    return random_plan(chance)


def connections(studios: Sequence[LocalStudio]) -> int:
    ports = {int(studio.url.rpartition(":")[2]) for studio in studios}
    found = psutil.Process().net_connections("tcp4")
    return sum(bool(one.raddr) and bool({one.laddr.port, one.raddr.port} & ports) for one in found)


def run_seeds(seeds: range) -> Counter[str]:
    # The studio's own patience with an unfinished request is real time, so its clients' must be shorter.
    options = Options(workers=1, heartbeat_s=0.02)
    engine = Engine(plan=plan, render=TinyEngine().render, canvas_size=lambda draft, resolution: (64, 36))
    with ExitStack() as opened:
        studios = [opened.enter_context(LocalStudio(engine=engine, options=options)) for _ in range(AT_ONCE)]
        tasks = len(asyncio.all_tasks(job_loop()))
        ended = kernel.run(run_many(studios, seeds))
        ends_at = time.monotonic() + 10
        while connections(studios) or len(asyncio.all_tasks(job_loop())) > tasks:
            assert time.monotonic() < ends_at, f"{connections(studios)} connections are left"
            time.sleep(0.05)
    return ended


def report(ended: Counter[str], capsys: pytest.CaptureFixture[str]) -> None:
    told = ", ".join(f"{count} {name}" for name, count in ended.most_common())
    with capsys.disabled():
        sys.stdout.write(f"\n{ended.total()} messages: {told}\n")


def assert_mixed(ended: Counter[str]) -> None:
    """Hold the runs to be worth something: much succeeds, much fails, in many ways."""
    assert 0.2 < ended["Turn"] / ended.total() < 0.9, ended
    assert len(ended) > 5, ended


@pytest.mark.timeout(300)
def test_a_hundred_random_plans_of_faults(capsys: pytest.CaptureFixture[str]) -> None:
    ended = run_seeds(range(100))
    report(ended, capsys)
    assert_mixed(ended)


@pytest.mark.fuzz
@pytest.mark.timeout(1800)
def test_a_thousand_random_plans_of_faults(capsys: pytest.CaptureFixture[str]) -> None:
    ended = run_seeds(range(1_000, 2_000))
    report(ended, capsys)
    assert_mixed(ended)
