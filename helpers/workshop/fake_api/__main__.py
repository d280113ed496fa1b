"""Runs the fake API by hand: python -m helpers.workshop.fake_api --port 0 --lesson 01"""

from __future__ import annotations

import argparse
import contextlib
import threading

from ...setup.files import ROOT
from ..makers.vectors import FOLDER, Vectors
from . import FakeApi

ANSWERS = ROOT / "data" / "answers"


def main() -> None:
    parser = argparse.ArgumentParser(description="A fake of api.openai.com on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--lesson", nargs="*", default=[], help="numbers such as 01; all when left out")
    options = parser.parse_args()
    script = [ANSWERS / f"{number}.yaml" for number in options.lesson] or ANSWERS
    with FakeApi(script, port=options.port, vectors=Vectors(FOLDER.glob("*.vectors.jsonl"))) as api:
        print(f"OPENAI_BASE_URL={api.url}   (Ctrl+C stops)", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
