"""`start.py serve`: the course server by itself, for scripts, curl and other languages."""

from __future__ import annotations

import argparse
import os
import time

from ..proxy.recordings import Recordings
from ..proxy.server import CourseServer
from ..setup import settings
from ..setup.errors import CourseError
from ..setup.settings import Mode
from .lessons import all_lessons

LOGGED = 1_000  # exchanges: this server may run for days


def open_server(number: str | None, port: int) -> CourseServer:
    """The server of a lesson, or of all of them.

    Args:
        number: two digits; None answers from the recordings of all lessons, which record mode cannot write into.
        port: on 127.0.0.1; 0 picks a free one.

    Raises:
        OSError: the port is taken.
        CourseError: there is no such lesson, a setting is not understood, or live is asked for without a usable key.
    """
    numbers = [lesson.number for lesson in all_lessons()]
    if number and number not in numbers:
        raise CourseError(f"There is no lesson {number!r}. Lessons: {', '.join(numbers)}.")
    mode, _ = settings.choose_mode()
    mode = Mode.REPLAY if mode == Mode.DIRECT else mode
    if mode == Mode.RECORD and not number:
        raise CourseError("Recording needs a lesson to record into: add --lesson and its two digits.")
    folder = settings.recordings_folder(mode)
    folders = [folder / number] if number else sorted(path for path in folder.glob("*") if path.is_dir())
    server = CourseServer(mode, settings.target(mode), settings.cap(), settings.pace(), port)
    server.begin(Recordings(*folders), limit=LOGGED)
    server.start()
    return server


def tell(line: str) -> None:
    """Prints a line in one piece: the lines of calls that are answered at once would run into each other."""
    print(f"{line}\n", end="", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Serve the recorded answers (or, with a key, forward to the API) until Ctrl+C."
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--lesson", help="two digits: only this lesson's recordings (default: all)")
    options = parser.parse_args()
    try:
        server = open_server(options.lesson, options.port)
    except CourseError as error:
        raise SystemExit(str(error)) from None
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", error)
        raise SystemExit(
            f"Port {options.port} cannot be used ({reason}). Choose another with --port, or leave it out."
        ) from None
    print(f"Serving in {server.mode} mode, {len(server.recordings)} recordings. Ctrl+C stops.")
    put = '$env:{} = "{}"' if os.name == "nt" else "export {}={}"  # PowerShell's way, or that of other shells
    print(put.format("OPENAI_BASE_URL", f"{server.url}/v1"), flush=True)
    if server.mode == Mode.REPLAY:
        print(put.format("OPENAI_API_KEY", "any-word"), flush=True)
    server.stand_in.on_wait = server.stand_in.on_answer = tell
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        server.close()


if __name__ == "__main__":
    main()
