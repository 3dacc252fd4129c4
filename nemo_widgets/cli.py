"""The program ``nemo-widgets``: makes a clip in a terminal, opens the notebooks, runs the local studio, and tells what
is kept on this machine (`commands`).
"""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from nemo_widgets import __version__, kernel
from nemo_widgets.commands import clean, doctor, history, resume
from nemo_widgets.commands.wording import in_shell
from nemo_widgets.errors import InputError, NemoError, OutputPathError, PortTakenError, SetupError
from nemo_widgets.terminal import plain, write

DEMO_PROMPT = 'a 10-second cinematic clip of a futuristic city at night with the title "Neon Dreams"'
_DEMO_COLUMNS = ["track", "kind", "name", "text", "start_ms", "end_ms", "volume"]
_FAILED, _WRONG_USE, _INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program and exit: 0 when it worked, 1 when it failed, 2 for wrong use, 130 when interrupted.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command line without the program's name; by default that of the process.
    """
    parser = _parser()
    own, others = _for_jupyterlab(list(sys.argv[1:] if arguments is None else arguments))
    if not own:
        write(sys.stdout, parser.format_help())
        sys.exit(0)
    options = parser.parse_args(own)
    options.others = others
    command: Callable[[argparse.Namespace], None] = options.command
    try:
        command(options)
        sys.stdout.flush()
    except NemoError as error:
        write(sys.stderr, f"nemo-widgets: {plain(in_shell(str(error)))}\n")
        sys.exit(_WRONG_USE if isinstance(error, InputError | PortTakenError) else _FAILED)
    except KeyboardInterrupt:
        write(sys.stderr, "Stopped.\n")
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:  # whoever read the output has gone; nothing more can be told there, not even at the exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_FAILED)
    sys.exit(0)


def _for_jupyterlab(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Part ``lab [FOLDER]`` from what follows it, which is for JupyterLab: argparse would take its values for ours."""
    if arguments[:1] != ["lab"] or {"-h", "--help"} & set(arguments):
        return arguments, []
    ours = 2 if len(arguments) > 1 and not arguments[1].startswith("-") else 1
    return arguments[:ours], arguments[ours:]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nemo-widgets",
        description="Make videos by talking to an agent.",
        epilog="nemo-widgets COMMAND --help tells of one command. Exit codes: 0 when it worked, 1 when it failed, 2 "
        "for wrong use, 130 when it was interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"nemo-widgets {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="make a clip: stream the answer, print the timeline, write the MP4")
    demo.add_argument("prompt", nargs="?", default=DEMO_PROMPT, help=f"what to make (default: {DEMO_PROMPT})")
    demo.add_argument("--out", type=Path, default=Path("nemo-demo.mp4"), metavar="FILE", help="(default: %(default)s)")
    demo.set_defaults(command=_demo)

    lab = commands.add_parser("lab", help="copy the notebooks into a folder and open JupyterLab there")
    lab.add_argument("folder", nargs="?", type=Path, default=Path("nemo-notebooks"), help="(default: %(default)s)")
    lab.epilog = "Other options go to JupyterLab as they are, such as --no-browser."
    lab.set_defaults(command=_lab)

    serve = commands.add_parser(
        "serve",
        help="run a local studio in the foreground, for other programs to talk to",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    serve.add_argument("-h", "--help", action=_HelpWithFaults, nargs=0, help="show this help message and exit")
    serve.add_argument("--port", type=_port, default=0, help="(default: any free one)")
    serve.add_argument(
        "--credits", type=_count, default=10_000, metavar="N", help="what an account begins with (default: %(default)s)"
    )
    serve.add_argument(
        "--parallel-renders",
        type=_at_least_one,
        default=2,
        metavar="N",
        help="so many exports are drawn at once, further ones wait (default: %(default)s)",
    )
    serve.add_argument(
        "--pace",
        choices=("instant", "lifelike"),
        default="lifelike",
        help="how fast the agent answers: at once, or so that people can watch it work (default: %(default)s)",
    )
    serve.add_argument(
        "--accounts",
        action="store_true",
        help="everyone on this machine may have a token and credits of their own, as a class needs it; "
        "without it only the token that is printed opens the studio",
    )
    serve.add_argument(
        "--faults",
        default="",
        metavar="PLAN",
        help="what shall go wrong, for teaching and tests, as told below",
    )
    serve.set_defaults(command=_serve)
    for command in (history, resume, doctor, clean):
        command.add_to(commands)
    return parser


class _HelpWithFaults(argparse.Action):
    """Shows the help of ``serve``; what it tells of faults is the local studio's, which takes its time to import."""

    def __call__(self, parser: argparse.ArgumentParser, *_rest: object) -> None:
        from nemo_widgets.local.faults.kinds import explained

        parser.epilog = f"faults:\n\n{textwrap.indent(explained(), '  ')}"
        parser.print_help()
        parser.exit()


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 1 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number: give 0 or more")
    return int(text)


def _at_least_one(text: str) -> int:
    if _count(text) == 0:
        raise argparse.ArgumentTypeError("give 1 or more")
    return int(text)


def _demo(options: argparse.Namespace) -> None:
    from nemo_widgets.client.clip import OutputFile

    output = OutputFile(options.out)
    output.check()  # before the prompt is sent: a generation is paid for, whether its result can be kept or not
    kernel.run(_make_clip(options.prompt, output.path))


async def _make_clip(prompt: str, out: Path) -> None:
    from nemo_widgets.client.client import client_of, default_target, notice_of
    from nemo_widgets.client.history import orphans_told

    target = default_target()
    for notice in filter(None, (notice_of(target), orphans_told())):
        write(sys.stdout, f"{in_shell(notice)}\n")
    async with client_of(target) as client:
        session = client.new_session()
        await session.send(prompt)
        table = (await session.tracks())[_DEMO_COLUMNS]
        write(sys.stdout, f"\n{plain(table.to_string(index=False, na_rep=''))}\n\n")
        clip = await session.export(out)
        drawn = ", drawn locally, not by the AI" if clip.backend == "local" else ""
        write(sys.stdout, f"{clip.path} ({clip.size_bytes / 1e6:.1f} MB{drawn})\n")


def _lab(options: argparse.Namespace) -> None:
    if importlib.util.find_spec("jupyterlab") is None:
        raise SetupError("JupyterLab is not installed here. Install it with: pip install 'nemo-widgets[lab]'")
    first = _copy_notebooks(options.folder)
    command = [sys.executable, "-m", "jupyterlab", first.name, *options.others]
    lab = subprocess.Popen(command, cwd=first.parent)
    while True:
        try:
            code = lab.wait()
            break
        except KeyboardInterrupt:
            continue  # JupyterLab got it too, and asks whether that was meant
    if code != 0:
        raise SetupError(f"JupyterLab ended with code {code}; what it said above tells why.")


def _copy_notebooks(folder: Path) -> Path:
    packed = Path(__file__).parent / "notebooks"
    source = packed if packed.is_dir() else Path(__file__).parent.parent / "notebooks"
    notebooks = sorted((*source.glob("*.ipynb"), *source.glob("teaching/*.ipynb")))
    if not notebooks:
        raise SetupError(f"The notebooks are missing from this installation ({source}). Install the package again.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for notebook in notebooks:
            copy = folder / notebook.relative_to(source)
            copy.parent.mkdir(exist_ok=True)
            if not copy.exists():  # what someone has worked on stays as it is
                shutil.copyfile(notebook, copy)
    except OSError as error:
        raise OutputPathError(f"The notebooks cannot be copied to {folder}: {error}. Choose another folder.") from error
    write(sys.stdout, f"The notebooks are in {folder.resolve()}.\n")
    return folder / notebooks[0].name


def _serve(options: argparse.Namespace) -> None:
    from nemo_widgets.local import LocalStudio, Options

    behaviour = Options(
        speed=options.pace,
        credits=options.credits,
        parallel_renders=options.parallel_renders,
        anonymous=options.accounts,
        warm=True,
        faults=options.faults,
    )
    with LocalStudio(port=options.port, options=behaviour) as studio, suppress(KeyboardInterrupt):
        write(
            sys.stdout,
            f"The local studio is at {studio.url}. To use it from elsewhere on this machine:\n\n"
            f"  export NEMO_API_URL={studio.url} NEMO_TOKEN={studio.token}\n\n"
            + ("Without NEMO_TOKEN everyone gets an account of their own.\n\n" if options.accounts else "")
            + "Ctrl+C ends it.\n",
        )
        ended = threading.Event()
        while not ended.wait(1):  # in steps: an endless wait would not notice Ctrl+C everywhere
            pass
