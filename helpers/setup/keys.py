"""The API key: where it is found and what is wrong with its shape. Its value is never shown."""

from __future__ import annotations

import getpass
import os
import re
import sys
from pathlib import Path

from dotenv import set_key

from . import env_file, environment
from .causes import say
from .environment import Setting
from .files import write_whole

QUOTES = "\"'`“”‘’"
_SHAPE = re.compile(r"sk-[A-Za-z0-9_-]{20,}")
KEYS_PAGE = "https://platform.openai.com/settings/organization/api-keys"
PLACEHOLDER = "replay-needs-no-key"  # what OPENAI_API_KEY holds in replay without a key: OpenAI() insists on one

# Names that people give to the variable, and files that they take for .env.
_ALMOST = re.compile(r"(MY_?)?(CHAT_?GPT|OPEN_?AI|GPT)?_?(API)?_?(SECRET|ACCESS|PROJECT)?_?(KEY|TOKEN)", re.IGNORECASE)
_PLACES = (".env.txt", "env.txt", "env", ".env.example", "notebooks/.env", "notebooks/.env.txt")

# How keys of other services begin, as their documentation and the rules of secret scanners have it.
_FOREIGN = {
    "sk-ant-": "Anthropic",
    "sk-or-": "OpenRouter",
    "sk-lf-": "Langfuse",
    "pk-lf-": "Langfuse",
    "sk-litellm-": "LiteLLM",
    "gsk_": "Groq",
    "AIza": "Google",
    "xai-": "xAI",
    "hf_": "Hugging Face",
    "pplx-": "Perplexity",
    "nvapi-": "NVIDIA",
    "r8_": "Replicate",
    "csk-": "Cerebras",
    "tgp_": "Together",
    "fw_": "Fireworks",
    "lsv2_": "LangSmith",
    "github_pat_": "GitHub",
    "ghp_": "GitHub",
    "AKIA": "Amazon",
}
# What templates write where a key belongs. Between word borders, because a random key may contain "your".
_TEMPLATE = re.compile(
    r"(?<![A-Za-z0-9])(your|key-?here|insert|paste|replace|placeholder|example|dummy|changeme)(?![A-Za-z0-9])"
    r"|x{6}|\.\.\.|…|[<>{}]",
    re.IGNORECASE,
)


def setting() -> Setting:
    """The key and where it comes from: the environment, .env (see environment.load), or Colab's secrets."""
    found = environment.read("OPENAI_API_KEY")
    if found.value and found.value != PLACEHOLDER:
        return found
    if "google.colab" in sys.modules:
        try:
            from google.colab import userdata

            if (secret := userdata.get("OPENAI_API_KEY")) and secret.strip():
                return Setting(secret, "Colab's secrets")
        except Exception:  # no such secret, or no access given: Colab has its own classes for both, so any will do
            pass
    return Setting("", "")


def find() -> str | None:
    """The key of `setting`, None when there is none."""
    return setting().value or None


def problem(key: str | None, elsewhere: bool = False) -> str | None:
    """What is wrong with the shape of a key, in one sentence that says what to do; None when it looks right.

    Args:
        key: the key as found; it never appears in the sentence.
        elsewhere: calls go to another service, whose keys have shapes of their own.
    """
    if not key or not key.strip():
        return f"OPENAI_API_KEY is empty. Make a key at {KEYS_PAGE}, or go on in replay without one."
    if any(char.isspace() for char in key):
        return say("The key has a space in it")
    if key[0] in QUOTES or key[-1] in QUOTES:
        return say("The key has quotation marks around it")
    if not (key.isascii() and key.isprintable()):
        return say("The key has characters that no key has")
    if _TEMPLATE.search(key):
        return say("The placeholder is still there")
    if elsewhere:
        return None
    if key.startswith("sk-admin-"):
        return say("The key is an admin key", page=KEYS_PAGE)
    for prefix, name in _FOREIGN.items():
        if key.startswith(prefix):
            return say("The key is another service's", name=name, prefix=prefix)
    if not key.startswith("sk-"):
        return say("The key does not look like OpenAI's")
    return None if _SHAPE.fullmatch(key) else say("The key was cut off")


def misplaced(root: Path) -> str | None:
    """A key that is where OpenAI() does not look, in one sentence that says what to do; None when there is none.

    Args:
        root: the folder of the course, where .env belongs.
    """
    for name, value in sorted(os.environ.items()):
        if name != "OPENAI_API_KEY" and _ALMOST.fullmatch(name) and problem(value) is None:
            return say("The key is in another variable", name=name)
    if _has_key(root / ".env"):
        return say("The key has no name in .env")
    for place in _PLACES:
        if _has_key(root / place):
            warning = " Note that git publishes .env.example." if place == ".env.example" else ""
            return say("The key is in another file", name=place) + warning
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
    kinds = {"sk-proj-": "project key (sk-proj-…)", "sk-admin-": "admin key (sk-admin-…)"}
    kinds |= {prefix: f"key for {name} ({prefix}…)" for prefix, name in _FOREIGN.items()}
    kinds["sk-"] = "key (sk-…)"
    kind = next((kind for prefix, kind in kinds.items() if key.startswith(prefix)), "")
    return f"{kind} of {len(key)} characters" if kind else f"{len(key)} characters that don't look like a key"


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
    environment.undo("OPENAI_API_KEY")
    kept = "kept until this kernel ends"
    if save_to is not None:
        try:
            save_to.touch(mode=0o600)
            write_whole(save_to, env_file.text(save_to))  # in UTF-8, so that a line can be added to it
            set_key(save_to, "OPENAI_API_KEY", key, quote_mode="never", encoding="utf-8")
            environment.load(save_to)  # so that a later correction of the file counts
            kept = f"kept in {save_to.name}"
        except OSError as error:  # a full disk, a folder of somebody else: the key is there all the same
            kept += f"; {save_to.name} could not be written ({error.strerror})"
    if find() != key:
        os.environ["OPENAI_API_KEY"] = key
    print(f"Got a {describe(key)}, {kept}. Run the set-up cell again to go live.")
