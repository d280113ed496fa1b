"""Records the answers that lessons replay: from the API with a key, or from data/answers with --authored."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

from .. import costs
from ..proxy.meter import price_of
from ..proxy.recordings import Recordings
from ..setup import environment, keys
from . import build
from .fake_api import FakeApi
from .lessons import ROOT, Lesson, all_lessons, choose
from .makers.vectors import Vectors
from .notebooks import exercises
from .notebooks.kernel import CellFailed

CAP = 0.50  # USD a lesson


class NotRecorded(RuntimeError):
    """A lesson did not run as it must, so its recordings stay as they were; the message says why."""


def price(lesson: Lesson) -> float | None:
    """What a lesson's present recordings would cost to make again, in USD; None when there are none."""
    recordings = Recordings(lesson.recordings).all()
    return price_of(recordings) if recordings else None


def record(lesson: Lesson, settings: dict[str, str]) -> None:
    """Records a lesson and all answers to its exercises; replaces its recordings as a whole or not at all.

    Args:
        lesson: which one.
        settings: environment of the kernel besides mode and folder: `answered_by…`.

    Raises:
        NotRecorded: a cell failed or an exercise was judged wrongly; nothing has changed.
    """
    staging = staging_folder(lesson)
    shutil.rmtree(staging / lesson.number, ignore_errors=True)
    try:
        run_into(staging, lesson, settings)
        swap(staging / lesson.number, lesson.recordings, staging / f"{lesson.number}.old")
        if not any(lesson.recordings.iterdir()):  # the lesson makes no calls
            lesson.recordings.rmdir()
    finally:
        shutil.rmtree(staging / lesson.number, ignore_errors=True)
        with contextlib.suppress(OSError):  # not empty: somebody records another lesson
            staging.rmdir()


def run_into(folder: Path, lesson: Lesson, settings: dict[str, str]) -> None:
    """Runs a lesson in record mode; its recordings come into a subfolder of `folder`. Raises NotRecorded."""
    (folder / lesson.number).mkdir(parents=True)
    try:
        problems = exercises.run(lesson, {"COURSE_MODE": "record", "COURSE_RECORDINGS": str(folder), **settings})
    except CellFailed as error:
        raise NotRecorded(f"{lesson.stem}: {error}") from None
    if problems:
        raise NotRecorded(f"{lesson.stem}: " + "\n".join(problems))


def staging_folder(lesson: Lesson) -> Path:
    """Where recordings wait until they are complete: on the same disk, so that renaming suffices."""
    return lesson.root / ".cache" / "recording"


def differences(lesson: Lesson) -> list[str]:
    """Records a lesson from its answers into a temporary folder, and says how that differs from what is kept.

    Returns:
        sentences about recordings that differ, and about answers that nothing asks for.

    Raises:
        NotRecorded: the lesson does not run from its answers.
    """
    with tempfile.TemporaryDirectory() as folder, fake_api(lesson) as api:
        run_into(Path(folder), lesson, answered_by(api))
        made, kept = _files(Path(folder) / lesson.number), _files(lesson.recordings)
    found = [f"{lesson.number}/{name} is missing" for name in sorted(made.keys() - kept.keys())]
    found += [f"{lesson.number}/{name} is not made any more" for name in sorted(kept.keys() - made.keys())]
    found += [
        f"{lesson.number}/{name} differs" for name in sorted(made.keys() & kept.keys()) if made[name] != kept[name]
    ]
    return found + [f"{source} answers nothing that the lesson asks" for source in api.state.script.unused()]


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}


def captured(lesson: Lesson) -> bool:
    """Whether a lesson has recordings of the real API, which answers files cannot reproduce."""
    return any(recording["origin"]["kind"] == "captured" for recording in Recordings(lesson.recordings).all())


def fake_api(lesson: Lesson, vectors: Vectors | None = None) -> FakeApi:
    """The fake API that answers a lesson from its answers and vectors; use it in a `with` block."""
    return FakeApi(lesson.answers, vectors=vectors or Vectors([lesson.vectors]))


def answered_by(api: FakeApi) -> dict[str, str]:
    """Settings of a kernel that is answered from data/answers."""
    return {"COURSE_UPSTREAM": api.url, "OPENAI_API_KEY": "", "COURSE_CAP": "inf"}


def answered_by_the_api(cap: float) -> dict[str, str]:
    """Settings of a kernel that is answered by the API and may spend `cap` USD.

    Raises:
        NotRecorded: there is no usable key.
    """
    environment.load(ROOT / ".env")
    key = keys.find()
    if trouble := keys.problem(key):
        raise NotRecorded((not key and keys.misplaced(ROOT)) or trouble)
    proxies = {name: value for name, value in os.environ.items() if name.upper().endswith("_PROXY")}
    return {"OPENAI_API_KEY": key or "", "COURSE_CAP": str(cap), **proxies}


def _agreed(lessons: list[Lesson], cap: float, ask: bool) -> bool:
    """Says what recording will cost, and asks whether to go on."""
    prices = {lesson: price(lesson) for lesson in lessons}
    for lesson, usd in prices.items():
        print(f"{lesson.stem}: " + ("unknown, it was never recorded" if usd is None else f"about {costs.usd(usd)}"))
    known = sum(usd or 0.0 for usd in prices.values())
    print(f"Together about {costs.usd(known)} as far as known; no lesson may spend more than ${cap:.2f}.")
    return not ask or input("Record them with your key? [y/N] ").strip().lower() in ("y", "yes")


def swap(new: Path, target: Path, old: Path) -> None:
    """Puts the folder `new` in the place of `target`, which is kept as `old` until that has happened."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        os.rename(target, old)
    try:
        os.rename(new, target)
    finally:
        mend(target, old)


def mend(target: Path, old: Path) -> None:
    """Finishes a swap that was cut off: the old folder goes back where the new one has not arrived."""
    if target.exists():
        shutil.rmtree(old, ignore_errors=True)
    elif old.exists():
        os.rename(old, target)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="start.py record", description=__doc__)
    parser.add_argument("lessons", nargs="*", help="numbers or names, such as 05; all when left out")
    parser.add_argument("--authored", action="store_true", help="answer from data/answers; no key, no cost")
    parser.add_argument("--check", action="store_true", help="record nothing; say what differs from data/answers")
    parser.add_argument("--cap", type=float, default=CAP, metavar="USD", help=f"for one lesson (default {CAP})")
    parser.add_argument("--yes", action="store_true", help="do not ask before spending")
    options = parser.parse_args(arguments)
    under_way = None
    try:
        for lesson in all_lessons():
            mend(lesson.recordings, staging_folder(lesson) / f"{lesson.number}.old")
        lessons = choose(options.lessons)
        if options.check:
            return _check(lessons)
        if not options.authored and not _agreed(lessons, options.cap, ask=not options.yes):
            print("Nothing was recorded.")
            return 0
        for lesson in lessons:
            under_way = lesson
            if options.authored:
                vectors = Vectors([lesson.vectors])
                with fake_api(lesson, vectors) as api:
                    record(lesson, answered_by(api))
                vectors.save(lesson.vectors)
                for source in api.state.script.unused():
                    print(f"{source} answers nothing that the lesson asks.")
            else:
                record(lesson, answered_by_the_api(options.cap))
            under_way = None
            build.build([lesson], measure=not options.authored)  # new answers, new figures
    except (NotRecorded, build.BuildFailed, ValueError, OSError) as error:
        print(error, _whole(under_way), sep="\n", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        logging.disable()  # what was cut off in the middle need not report it
        print("Stopped.", _whole(under_way), file=sys.stderr)
        return 130
    print(f"Recorded and built: {', '.join(lesson.number for lesson in lessons) or 'nothing'}.")
    return 0


def _whole(lesson: Lesson | None) -> str:
    return f"The recordings of lesson {lesson.number} are as they were." if lesson else ""


def _check(lessons: list[Lesson]) -> int:
    found = [difference for lesson in lessons if not captured(lesson) for difference in differences(lesson)]
    print("\n".join(found) or "The recordings are what data/answers gives.")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
