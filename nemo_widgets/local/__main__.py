"""``python -m nemo_widgets.local``: the studio as a process of its own."""

import argparse
import logging
import sys
from pathlib import Path
from typing import get_args

from nemo_widgets.errors import NemoError
from nemo_widgets.local.options import Options, Speed
from nemo_widgets.local.server.connections import allow_files
from nemo_widgets.local.server.process import Lifetime, run


def main() -> int:
    """Run the studio; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m nemo_widgets.local", description=__doc__)
    parser.add_argument("--state-dir", type=Path, required=True, help="where sessions and files are kept")
    parser.add_argument("--address-file", type=Path, help="where to say how to reach it, for its owner alone")
    parser.add_argument("--port", type=int, default=0, help="default: the system chooses")
    parser.add_argument("--idle-s", type=float, default=600.0, help="ends so long after its last use; 0: never")
    parser.add_argument("--speed", choices=get_args(Speed), default="lifelike")
    parser.add_argument("--credits", type=int, default=Options().credits, help="what an account begins with")
    parser.add_argument("--parallel-renders", type=int, default=Options().parallel_renders)
    parser.add_argument("--workers", type=int, help="processes that draw; default: one a core")
    parser.add_argument("--faults", default="", metavar="PLAN", help='such as "run_sse:cut@200; credits:429*2"')
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # An attacker must not fill the log, line by line.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    allow_files()
    options = Options(
        speed=given.speed,
        anonymous=False,
        warm=True,
        credits=given.credits,
        parallel_renders=given.parallel_renders,
        workers=given.workers,
        faults=given.faults,
    )
    try:
        run(given.state_dir, options, Lifetime(given.idle_s, given.address_file), port=given.port)
    except NemoError as problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
