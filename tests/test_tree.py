"""What must hold for every file: links lead somewhere, no key, no foreign path, clean text."""

import html
import json
import re
import subprocess
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from helpers.recipes import leaks
from helpers.setup.files import ROOT

LARGEST = 5_000_000  # bytes
LINK = re.compile(
    r'!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|<(?:img|a)\b[^>]*?\b(?:src|href)="([^"]+)"'
)
CODE = re.compile(r"^ {0,3}(```|~~~).*?^ {0,3}\1|(`+)[^`].*?\2", re.MULTILINE | re.DOTALL)
MACHINE = re.compile(r"/(?:home|Users)/[A-Za-z][\w.-]*/|[A-Za-z]:\\+Users\\+\w|(?<![\w.])/root/|ipykernel_\d{3,}")


@cache
def tracked():
    """Files that git tracks or would track."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True
    )
    if done.returncode:
        pytest.skip("not a git checkout")
    return [path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


@cache
def text_of(path):
    """Content of a text file; None for a binary one."""
    content = path.read_bytes()
    binary = b"\0" in content or content.startswith(b"%PDF-")
    return None if binary else content.decode("utf-8")


def texts():
    return [(path, text) for path in tracked() if (text := text_of(path)) is not None]


@cache
def prose(path):
    """The Markdown of a .md file or a notebook."""
    if path.suffix != ".ipynb":
        return text_of(path)
    cells = json.loads(text_of(path))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


@cache
def anchors(path):
    """What #… may name in a file: headings as GitHub or, in notebooks, Jupyter writes them, and HTML ids."""
    text = CODE.sub(lambda match: match[0] if match[2] else "", prose(path))
    found, seen = set(re.findall(r'\b(?:id|name)="([^"]+)"', text)), Counter()
    for title in re.findall(r"^#{1,6} +(.+?) *#*$", text, re.MULTILINE):
        plain = html.unescape(re.sub(r"!?\[([^\]]*)\]\([^)]*\)|[`*]", r"\1", title))
        if path.suffix == ".ipynb":
            found.add(plain.replace(" ", "-"))
            continue
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


def broken_links(path):
    broken = []
    for inline, tag in LINK.findall(CODE.sub("", prose(path))):
        target, _, anchor = unquote(inline or tag).partition("#")
        if re.match(r"[a-z][a-z0-9+.-]*:|//", target):
            continue
        file = (path.parent / target).resolve() if target else path
        if not file.exists():
            broken.append(f"{target}: no such file")
        elif anchor and file.suffix in (".md", ".ipynb") and anchor not in anchors(file):
            broken.append(f"{target}#{anchor}: no such heading")
    return broken


def test_links_and_pictures_lead_somewhere():
    pages = [path for path in tracked() if path.suffix in (".md", ".ipynb")]
    assert {path.name: broken for path in pages if (broken := broken_links(path))} == {}


def test_no_key_is_in_any_file():
    assert [(path.name, *leak) for path, text in texts() for leak in leaks.find(text)] == []


def test_no_path_of_anybodys_machine_stands_in_any_file():
    ours = re.compile("|".join(re.escape(f"{folder}/") for folder in (ROOT, Path(tempfile.gettempdir()).resolve())))
    found = [
        (path.name, match[0])
        for path, text in texts()
        for match in [*MACHINE.finditer(text), *ours.finditer(text)]
        if path != Path(__file__).resolve()
    ]
    assert found == []


def test_no_file_is_too_large():
    assert [path.name for path in tracked() if path.stat().st_size > LARGEST] == []


def test_text_files_are_utf8_with_line_feeds_and_a_last_one():
    wrong = []
    for path in tracked():
        try:
            text = text_of(path)
        except UnicodeDecodeError:
            wrong.append(f"{path.name}: not UTF-8")
            continue
        if text and ("\r" in text or not text.endswith("\n")):
            wrong.append(f"{path.name}: carriage return, or no newline at the end")
    assert wrong == []


# --- the checks above can fail ------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("# A b\n\n[x](#a-b) [y](page.md#a-b) ![z](picture.png)", 0),
        ("[x](nowhere.md)", 1),
        ("![x](nowhere.png)", 1),
        ('<img src="nowhere.png" alt="x">', 1),
        ("# A b\n\n[x](#a-c)", 1),
        ("# A\n\n# A\n\n[x](#a) [y](#a-1) [z](#a-2)", 1),
        ("[x](https://example.com/nowhere) [y](mailto:a@example.com)", 0),
        ("`[x](nowhere.md)`\n\n```\n[x](nowhere.md)\n```\n", 0),
        ("# What's `new`, then?\n\n[x](#whats-new-then)", 0),
    ],
)
def test_broken_links_are_found(tmp_path, text, count):
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    (tmp_path / "picture.png").touch()
    assert len(broken_links(page)) == count


def test_a_link_to_a_notebooks_heading_is_written_as_jupyter_writes_it(tmp_path):
    cell = {
        "cell_type": "markdown",
        "source": ["# Ask a question\n", "\n", "[x](#Ask-a-question) [y](#ask-a-question)"],
    }
    page = tmp_path / "page.ipynb"
    page.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    assert broken_links(page) == ["#ask-a-question: no such heading"]


@pytest.mark.parametrize(
    "path", ["/home/ann/course", r"C:\Users\ann", "/Users/ann/course", " /root/x", "/tmp/ipykernel_4711/1.py"]
)
def test_paths_of_machines_are_found(path):
    assert MACHINE.search(path)


@pytest.mark.parametrize("path", ["~/course", "https://example.com/home/page", "notebooks/root/x", "/v1/users"])
def test_other_paths_are_not(path):
    assert not MACHINE.search(path)
