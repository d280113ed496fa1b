"""Runs the stand-in upstream by hand: python -m helpers.workshop.fake_api --port 0 --lesson 01"""

from __future__ import annotations

import argparse
import time

from ...setup.files import ROOT
from ..makers.vectors import FOLDER, Vectors
from . import Upstream

ANSWERS = ROOT / "data" / "answers"


def main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for api.openai.com on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--lesson", nargs="*", default=[], help="numbers such as 01; all when left out")
    options = parser.parse_args()
    answers = [ANSWERS / f"{number}.yaml" for number in options.lesson] or ANSWERS
    with Upstream(answers, port=options.port, vectors=Vectors(FOLDER.glob("*.vectors.jsonl"))) as upstream:
        print(f"OPENAI_BASE_URL={upstream.url}   (Ctrl+C stops)", flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
