"""Reads PDF, Markdown and text files page by page, and says in a sentence when a file cannot be read.

Only the text layer of a PDF is read. Lines keep their order, and " | " parts the cells of a table, as in Markdown.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..setup.errors import CourseError

if TYPE_CHECKING:
    from pypdf import PageObject

_COLUMN_GAP = re.compile(r"(?<=\S) {3,}(?=\S)")  # two spaces may stand after a sentence
_RULE = re.compile(r"^\|[ |:-]*-[ |:-]*\n", re.MULTILINE)  # the line under the heads of a table in Markdown


class DocumentError(CourseError, ValueError):
    """A file has no text to give; the message says why and what to do."""


class Page(NamedTuple):
    """The text of one page; a Markdown or text file counts as one page."""

    document: str  # name of the file, without folders
    number: int  # from 1; the place in the file, which may differ from the number that is printed on the page
    text: str  # "" where a page has no text, for instance only a picture


def read(path: Path | str) -> list[Page]:
    """The pages of a file, without the headers and footers that repeat from page to page.

    Args:
        path: a file that ends in .pdf, .md or .txt.

    Raises:
        DocumentError: the file is missing, of another kind, damaged, encrypted, empty or scanned.
    """
    path = Path(path)
    if path.suffix.lower() not in (".pdf", ".md", ".txt"):
        raise DocumentError(f"{path.name} is not a PDF, Markdown or text file. Convert it to one of these.")
    if not path.is_file():
        raise DocumentError(f"There is no file {path.name} in that folder. Check the path.")
    if not path.read_bytes().strip():
        raise DocumentError(f"{path.name} is empty: the file has no content. Get it again from where it came.")
    texts = _pdf_texts(path) if path.suffix.lower() == ".pdf" else [_plain_text(path)]
    return [Page(path.name, number, text) for number, text in enumerate(texts, 1)]


def single_spaced(text: str) -> str:
    """The text with single spaces and without the bars of tables, so that a quote is found across lines and cells."""
    return " ".join(text.replace("|", " ").split())


def _plain_text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError(f"{path.name} is not text in UTF-8. Save it again with that encoding.") from None
    return _RULE.sub("", text) if path.suffix.lower() == ".md" else text


def _pdf_texts(path: Path) -> list[str]:
    from pypdf import PasswordType, PdfReader
    from pypdf.errors import DependencyError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings would stand beside our one sentence
    try:
        reader = PdfReader(path)
        # Many files are locked against editing only; they open with an empty password.
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise _encrypted(path)
        texts = [_layout(page) for page in reader.pages]
        scanned = not any(map(str.strip, texts)) and any(_has_picture(page) for page in reader.pages)
    except DependencyError:  # a newer encryption, for which pypdf needs a package more
        raise _encrypted(path) from None
    except DocumentError:
        raise
    except Exception as error:  # a damaged file can break the parser anywhere
        raise DocumentError(
            f"{path.name} is damaged, or no PDF at all ({type(error).__name__}). "
            "Download it again; if it opens in a viewer, print it to a new PDF."
        ) from None
    if scanned:
        raise DocumentError(
            f"{path.name} is scanned: it has pictures of pages and no text. Run OCR over it (such as ocrmypdf), "
            "or let a model read the pictures (lesson 10)."
        )
    if not any(map(str.strip, texts)):
        pages = "its only page" if len(texts) == 1 else f"its {len(texts)} pages"
        raise DocumentError(f"{path.name} is empty: there is no text on {pages}. Is it the right file?")
    return [_COLUMN_GAP.sub(" | ", text) for text in _without_running_lines(texts)]


def _encrypted(path: Path) -> DocumentError:
    return DocumentError(
        f"{path.name} is encrypted: it needs a password. Open it in a viewer with it, and save a copy without."
    )


def _layout(page: PageObject) -> str:
    if page.get_contents() is None:  # a blank page, at which the layout mode of pypdf 7.1 fails
        return ""
    return page.extract_text(extraction_mode="layout")


def _has_picture(page: PageObject) -> bool:
    from pypdf.generic import DictionaryObject

    drawn: Any = page.get("/Resources", DictionaryObject()).get_object().get("/XObject", DictionaryObject())
    return any(one.get_object().get("/Subtype") == "/Image" for one in drawn.get_object().values())


def _without_running_lines(texts: list[str]) -> list[str]:
    """Leaves out first and last lines that, numbers aside, stand on more than half of the pages (of three or more)."""
    pages = [[line.strip() for line in text.strip().splitlines()] for text in texts]
    ends = Counter(_shape(line) for lines in pages for line in {*lines[:1], *lines[-1:]})
    running = {shape for shape, times in ends.items() if len(texts) > 2 and times > len(texts) / 2}
    for lines in pages:
        for end in (0, -1):
            if lines and _shape(lines[end]) in running:
                del lines[end]
    return ["\n".join(lines).strip() for lines in pages]


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()))
