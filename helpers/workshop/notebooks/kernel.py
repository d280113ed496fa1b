"""Runs the cells of a notebook in a fresh kernel, one by one, under known circumstances."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

SECONDS = 300  # that one cell may take
STARTS = 3  # attempts at starting a kernel
_PERSONAL = re.compile(r"(OPENAI_|COURSE_|IPYTHON|PYTHONSTARTUP|MPLBACKEND)|.*_PROXY$|NO_PROXY$", re.IGNORECASE)


class CellFailed(RuntimeError):
    """A cell raised, hung or lost its kernel; the message says which and why, without a traceback."""


def environment(**settings: str) -> dict[str, str]:
    """Variables of a kernel's environment: ours without keys, proxies, a stand-in and personal settings; `settings`."""
    ours = {name: value for name, value in os.environ.items() if not _PERSONAL.match(name)}
    return ours | {"COURSE_STANDIN_URL": "off"} | settings


class Kernel:
    """A kernel for as long as the `with` block lasts.

    Args:
        folder: its working directory.
        settings: environment variables (see `environment`).
    """

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self._folder, self._settings = folder, settings

    def __enter__(self) -> Kernel:
        for _ in range(STARTS - 1):
            try:
                return self._start()
            except RuntimeError:  # two kernels that start at once may have drawn the same port
                self._clean()
        return self._start()

    def _start(self) -> Kernel:
        self._personal = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._log = open(Path(self._personal.name, "stderr"), "w", encoding="utf-8")  # noqa: SIM115
        self._client = NotebookClient(
            new_notebook(cells=[new_code_cell()]),
            kernel_name="python3",
            timeout=SECONDS,
            record_timing=False,
            store_widget_state=False,
            resources={"metadata": {"path": str(self._folder)}},
        )
        env = environment(COURSE_PROGRESS="off", **self._settings) | {"IPYTHONDIR": self._personal.name}
        # The course around the folder counts, even where another one's package `helpers` is installed.
        course = next((str(root) for root in self._folder.resolve().parents if (root / "helpers").is_dir()), "")
        env["PYTHONPATH"] = os.pathsep.join(filter(None, [env.get("PYTHONPATH"), course]))
        self._open = self._client.setup_kernel(env=env, stderr=self._log)
        self._open.__enter__()
        return self

    def _clean(self) -> None:
        self._log.close()
        self._personal.cleanup()

    def __exit__(self, *error: Any) -> None:
        self._open.__exit__(*error)
        self._clean()

    def run(self, cell: NotebookNode, may_raise: bool = False) -> list[NotebookNode]:
        """Runs one code cell and fills in its outputs and count.

        Args:
            cell: a notebook cell; tagged raises-exception, it must raise.
            may_raise: an error is returned as an output instead.

        Returns:
            the outputs, neighbouring pieces of one stream joined.

        Raises:
            CellFailed: the cell raised without permission, did not raise with the tag, or lost its kernel.
        """
        tagged = "raises-exception" in cell.metadata.get("tags", [])
        self._client.allow_errors = may_raise
        try:
            self._client.execute_cell(cell, 0)
        except CellExecutionError as error:
            raise CellFailed(f"{error.ename}: {error.evalue}\nin the cell\n{cell.source}") from None
        except (CellTimeoutError, DeadKernelError) as error:
            last_words = Path(self._log.name).read_text(encoding="utf-8", errors="replace")[-1000:]
            raise CellFailed(f"{error}\n{last_words}\nin the cell\n{cell.source}") from None
        if tagged and not any(output.output_type == "error" for output in cell.outputs):
            raise CellFailed(f"This cell is tagged raises-exception, but nothing was raised:\n{cell.source}")
        cell.outputs = _joined(cell.outputs)
        return cell.outputs

    def text(self, code: str) -> str:
        """What a piece of code prints."""
        return "".join(output.text for output in self.run(new_code_cell(code)) if output.get("name") == "stdout")


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    joined: list[NotebookNode] = []
    for output in outputs:
        before: Any = joined[-1] if joined else {}
        if output.output_type == "stream" and before.get("name") == output.name:
            before.text += output.text
        else:
            joined.append(output)
    return joined
