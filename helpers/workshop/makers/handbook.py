"""Makes data/lessons/15/handbook.pdf for lesson 15 of handbook.md: python -m helpers.workshop.makers.handbook

Everything in it is invented. Pages end where the Markdown says so, so that a page number can be relied on. Streams stay
uncompressed and the date is fixed, which makes the same bytes wherever this version of reportlab runs.
"""

from __future__ import annotations

import html
import io
from typing import Any

from ...setup.files import LESSONS, ROOT

SOURCE = LESSONS / "15" / "handbook.md"
TARGET = LESSONS / "15" / "handbook.pdf"
TITLE = "Port Ellery Harbour Handbook"
PAGE_BREAK = "<!-- page -->"


def make(markdown: str) -> bytes:
    """The PDF of a text with headings, paragraphs, tables and page breaks, one PDF page for each of its pages.

    Raises:
        ValueError: a page of the text does not fit on one page of paper.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import PageBreak, SimpleDocTemplate

    pages = markdown.split(PAGE_BREAK)
    story: list[Any] = []
    for page in pages:
        for block in page.strip().split("\n\n"):
            story += _flowables(block)
        story.append(PageBreak())
    buffer = io.BytesIO()
    margins = {"leftMargin": 62, "rightMargin": 62, "topMargin": 58, "bottomMargin": 66}
    document = SimpleDocTemplate(
        buffer, pagesize=A4, title=TITLE, author="Harbour office", invariant=1, pageCompression=0, lang="en", **margins
    )
    document.build(story, onFirstPage=_footer, onLaterPages=_footer)
    if document.page != len(pages):
        raise ValueError(f"The text has {len(pages)} pages and fills {document.page}: shorten one.")
    return buffer.getvalue()


def _footer(canvas: Any, document: Any) -> None:
    canvas.setFont("Helvetica", 9)
    canvas.drawString(62, 36, f"{TITLE} 2027")
    canvas.drawRightString(document.pagesize[0] - 62, 36, f"Page {document.page}")


def _flowables(block: str) -> list[Any]:
    """A heading, a table or a paragraph, with the space after it."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Spacer

    if block.startswith("|"):
        return [_table(block), Spacer(1, 13)]
    marks, _, rest = block.partition(" ")
    sizes = {"#": 26, "##": 19, "###": 14}
    if marks in sizes:
        size = sizes[marks]
        look = ParagraphStyle(marks, fontName="Helvetica-Bold", fontSize=size, leading=1.2 * size, spaceAfter=8)
        return [Paragraph(html.escape(rest), look)]
    look = ParagraphStyle("text", fontName="Helvetica", fontSize=12, leading=17, spaceAfter=13)
    return [Paragraph(html.escape(block), look)]


def _table(block: str) -> Any:
    from reportlab.lib import colors
    from reportlab.platypus import Table

    lines = block.splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in [lines[0], *lines[2:]]]
    style = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 11),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 11),
        ("LINEBELOW", (0, 0), (-1, 0), 0.9, colors.black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, colors.grey),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 18),
    ]
    return Table(rows, style=style, hAlign="LEFT")


def main() -> None:
    TARGET.write_bytes(make(SOURCE.read_text(encoding="utf-8")))
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
