"""The API key: where it is found and what is wrong with its shape. Its value is never shown."""

from __future__ import annotations

import getpass
import os
import re
import sys
from pathlib import Path

from dotenv import set_key

from . import env_file

_SHAPE = re.compile(r"sk-[A-Za-z0-9_-]{20,}")
KEYS_PAGE = "https://platform.openai.com/settings/organization/api-keys"
PLACEHOLDER = "replay-needs-no-key"  # what OPENAI_API_KEY holds in replay without a key: OpenAI() insists on one

# Names that people give to the variable, and files that they take for .env.
_ALMOST = re.compile(r"(MY_?)?(CHAT_?GPT|OPEN_?AI|GPT)?_?(API)?_?(SECRET|ACCESS|PROJECT)?_?(KEY|TOKEN)", re.IGNORECASE)
_PLACES = (".env.txt", "env.txt", "env", ".env.example", "notebooks/.env", "notebooks/.env.txt")

_unusable: str | None = None  # a key that set_aside took out of the environment


def find() -> str | None:
    """The key from OPENAI_API_KEY (which .env fills, see lesson.start), else from Colab's secrets, else None."""
    key = os.environ.get("OPENAI_API_KEY")
    if key and key != PLACEHOLDER:
        return key
    if key and _unusable:
        return _unusable
    if "google.colab" in sys.modules:
        try:
            from google.colab import userdata

            return userdata.get("OPENAI_API_KEY") or None
        except Exception:  # no such secret, or no access given: Colab has its own classes for both, so any will do
            return None
    return None


def problem(key: str | None) -> str | None:
    """What is wrong with the shape of a key, in one sentence that says what to do; None when it looks right.

    Args:
        key: the key as found; it never appears in the sentence.
    """
    if not key or not key.strip():
        return f"OPENAI_API_KEY is empty. Make a key at {KEYS_PAGE}, or go on in replay without one."
    if key != key.strip() or any(space in key for space in " \t\r\n"):
        return "The key in OPENAI_API_KEY has a space or a line break in it. Copy it again without."
    if key[0] in "\"'“”‘’" or key[-1] in "\"'“”‘’":
        return "The key in OPENAI_API_KEY has quotation marks around it. Remove them."
    if not key.isascii():
        return (
            "The key in OPENAI_API_KEY has characters that no key has. Copy it again from the page where it was made."
        )
    if "your" in key.lower() or "xxxx" in key.lower():
        return "OPENAI_API_KEY still holds a placeholder. Put your own key in its place."
    if not key.startswith("sk-"):
        return "The key in OPENAI_API_KEY does not start with sk-, so it is no OpenAI key. Is it in the right variable?"
    if not _SHAPE.fullmatch(key):
        return "The key in OPENAI_API_KEY is too short or has characters that no key has. Copy it again as a whole."
    return None


def set_aside() -> None:
    """Puts the placeholder in the place of a key that has a problem; `find` goes on finding it, to name the problem.

    Many such keys cannot be sent in a header, and the error that says so would show the key.
    """
    global _unusable
    key = find()
    if key and problem(key):
        _unusable = key
        os.environ["OPENAI_API_KEY"] = PLACEHOLDER


def misplaced(root: Path) -> str | None:
    """A key that stands where OpenAI() does not look, in one sentence that says what to do; None when there is none.

    Args:
        root: the folder of the course, where .env belongs.
    """
    for name, value in sorted(os.environ.items()):
        if name != "OPENAI_API_KEY" and _ALMOST.fullmatch(name) and problem(value) is None:
            return f"{name} holds what looks like a key, but it is looked for in OPENAI_API_KEY. Change the name."
    if _has_key(root / ".env"):
        return "There is a key in .env, but no line OPENAI_API_KEY=… with it. Write that line."
    for place in _PLACES:
        if _has_key(root / place):
            warning = " Mind that git publishes .env.example." if place == ".env.example" else ""
            return f"There is a key in {place}, but it is looked for in .env beside start.py. Move it there.{warning}"
    return None


def _has_key(path: Path) -> bool:
    """Whether a file has a line with a key of OpenAI; comments and variables of other services do not count."""
    try:
        lines = env_file.text(path).splitlines()
    except OSError:
        return False
    for line in lines:
        match = _SHAPE.search(line)
        if match and not line.lstrip().startswith("#") and problem(match[0]) is None:
            name = re.search(r"([A-Za-z]\w*)\W*$", line[: match.start()])
            if name is None or _ALMOST.fullmatch(name[1]):
                return True
    return False


def describe(key: str | None) -> str:
    """A key in words that are safe to paste anywhere: its kind and length, never its characters."""
    if not key:
        return "no key"
    kind = (
        "project key (sk-proj-…)"
        if key.startswith("sk-proj-")
        else "key (sk-…)"
        if key.startswith("sk-")
        else "text that is no key"
    )
    return f"{kind} of {len(key)} characters"


def ask(save_to: Path | None = None) -> None:
    """Asks for a key without showing it, and puts it into this kernel's environment.

    Args:
        save_to: a .env file to keep it in, readable by you alone; None forgets it with the kernel.

    Raises:
        ValueError: what was typed does not have the shape of a key. Nothing is kept then.
    """
    key = getpass.getpass("OpenAI API key (not shown): ").strip()
    if trouble := problem(key):
        raise ValueError(trouble)
    os.environ["OPENAI_API_KEY"] = key
    kept = "kept until this kernel ends"
    if save_to is not None:
        try:
            save_to.touch(mode=0o600)
            env_file.to_utf8(save_to)
            set_key(save_to, "OPENAI_API_KEY", key, quote_mode="never", encoding="utf-8")
            kept = f"kept in {save_to.name}"
        except OSError as error:  # a full disk, a folder of somebody else: the key is there all the same
            kept += f"; {save_to.name} could not be written ({error.strerror})"
    print(f"Got a {describe(key)}, {kept}. Run the set-up cell again to go live.")
