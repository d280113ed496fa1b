"""`start.py serve`: the course server by itself, for scripts, curl and other languages."""

from __future__ import annotations

import argparse
import functools
import time

from .. import lesson
from ..setup.settings import Mode


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Serve the recorded answers (or, with a key, forward to the API) until Ctrl+C."
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--lesson", help="two digits: only this lesson's recordings (default: all)")
    options = parser.parse_args()
    try:
        server = lesson.open_server(options.lesson, options.port)
    except lesson.CourseError as error:
        raise SystemExit(str(error)) from None
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", error)
        raise SystemExit(
            f"Port {options.port} cannot be used ({reason}). Choose another with --port, or leave it out."
        ) from None
    server.stand_in.on_answer = print
    print(f"Serving in {server.mode} mode, {len(server.recordings)} recordings. Ctrl+C stops.")
    print(f"export OPENAI_BASE_URL={server.url}/v1", flush=True)
    if server.mode == Mode.REPLAY:
        print("export OPENAI_API_KEY=any-word", flush=True)
    server.stand_in.on_wait = server.stand_in.on_answer = functools.partial(print, flush=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        server.close()


if __name__ == "__main__":
    main()
