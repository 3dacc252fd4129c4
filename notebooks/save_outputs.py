"""Runs the lessons as a student would, and saves in them the outputs that teach.

Usage: ``python notebooks/save_outputs.py [LESSON ...]``. A cell tagged "nbval-check-output" has an output that is the
same each time, and tests compare it; one tagged "shown" has one that differs from run to run, such as times. The
outputs of all other cells are left out, and so are widgets, which no reader without a kernel could see.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

LESSONS = Path(__file__).resolve().parent / "teaching"
SAVED = {"nbval-check-output", "shown"}
KEPT_FORMS = ("text/plain", "text/markdown", "text/html")
WIDGET = "application/vnd.jupyter.widget-view+json"


def main(names: list[str]) -> None:
    """Run and save some lessons, or all."""
    for path in [Path(name) for name in names] or sorted(LESSONS.glob("*.ipynb")):
        lesson = nbformat.read(path, 4)
        ran = nbformat.from_dict(lesson)
        with tempfile.TemporaryDirectory() as folder:
            # Nothing of what this person did before is told in a lesson.
            os.environ |= {f"XDG_{kind}_HOME": f"{folder}/{kind.lower()}" for kind in ("CONFIG", "DATA", "CACHE")}
            NotebookClient(ran, timeout=120, resources={"metadata": {"path": folder}}).execute()
        for cell, done in zip(lesson.cells, ran.cells, strict=True):
            if cell.cell_type == "code":
                tags = set(cell.metadata.get("tags", ()))
                cell.outputs = [*worth_saving(done.outputs)] if tags & SAVED else []
                cell.execution_count = done.execution_count
        nbformat.write(lesson, path)
        print(path.name)


def worth_saving(outputs: list[Any]) -> list[Any]:
    """Return outputs without widgets, pieces of one stream joined."""
    kept: list[Any] = []
    for output in outputs:
        if output.output_type == "stream":
            if kept and kept[-1].output_type == "stream" and kept[-1].name == output.name:
                kept[-1].text += output.text
            else:
                kept.append(output)
        elif WIDGET not in output.get("data", {}):
            output.data = {form: said for form, said in output.data.items() if form in KEPT_FORMS}
            output.metadata = {}
            kept.append(output)
    return kept


if __name__ == "__main__":
    main(sys.argv[1:])
