"""Measure the player in JupyterLab, beside what people use today.

``python tests/benchmarks/bench_player.py`` runs everything, ``--only starts converted …`` some of it. Clips lie outside
the server's folder, so that they come through the kernel.
"""

# ruff: noqa: T201

import argparse
import os
import platform
import tempfile
from pathlib import Path

import av
from player_crowds import rotation, together
from player_footprint import memory, notebooks
from player_starts import alone, converted, first_frames
from raw_browser import FLAGS, chrome, jupyterlab

PARTS = ("starts", "embedded", "converted", "memory", "ten", "together", "notebooks")


def main() -> None:
    """Start JupyterLab, and a browser for each part; measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--runs", type=int, default=5, help="of each first frame and seek")
    parser.add_argument("--megabytes", type=int, default=200, help="what a long clip has")
    parser.add_argument("--play", type=float, default=15, help="seconds that a converted clip is played")
    parser.add_argument(
        "--watch", type=float, default=60, help="seconds of the long clip that are played for its memory"
    )
    parser.add_argument("--together", type=float, default=60, help="seconds that four players play")
    parser.add_argument("--embed-within", type=float, default=120, help="seconds that IPython.display.Video may take")
    options = parser.parse_args()
    size_bytes = options.megabytes * 1_000_000
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        base = Path(folder)
        with chrome(base) as browser:
            print(
                f"{platform.system()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, "
                f"{browser.version}, {' '.join(FLAGS)}, PyAV {av.__version__}"
            )
        with jupyterlab(base) as url:
            for part in options.only:
                if part == "embedded":
                    alone(url, base, size_bytes, options.embed_within)
                    continue
                with chrome(base) as browser:
                    match part:
                        case "starts":
                            first_frames(browser, url, base, options.runs, size_bytes)
                        case "converted":
                            converted(browser, url, base, options.play)
                        case "memory":
                            memory(browser, url, base, size_bytes, options.watch)
                        case "ten":
                            rotation(browser, url, base)
                        case "together":
                            together(browser, url, base, options.together)
                        case "notebooks":
                            notebooks(browser, url, base)


if __name__ == "__main__":
    main()
