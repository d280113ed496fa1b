"""The API key: where it is found and what is wrong with its shape. Its value is never shown."""

from __future__ import annotations

import getpass
import os
import re
import sys
from pathlib import Path

from dotenv import set_key

_SHAPE = re.compile(r"sk-[A-Za-z0-9_-]{20,}")
KEYS_PAGE = "https://platform.openai.com/settings/organization/api-keys"


def find() -> str | None:
    """The key from OPENAI_API_KEY (which .env fills, see lesson.start), else from Colab's secrets, else None."""
    if key := os.environ.get("OPENAI_API_KEY"):
        return key
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
    if save_to is not None:
        save_to.touch(mode=0o600)
        set_key(save_to, "OPENAI_API_KEY", key, quote_mode="never", encoding="utf-8")
    kept = f"kept in {save_to.name}" if save_to else "kept until this kernel ends"
    print(f"Got a {describe(key)}, {kept}. Run the set-up cell again to go live.")
