"""Reading documents: pages and tables as they stand there, and a clear error for each file that has no text."""

import json

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from helpers.recipes import documents
from helpers.recipes.documents import DocumentError, read, single_spaced
from helpers.setup.files import ROOT
from helpers.workshop.makers import handbook

FOLDER = ROOT / "data" / "lessons" / "15"
HANDBOOK = FOLDER / "handbook.pdf"
SOURCE = handbook.SOURCE.read_text(encoding="utf-8")
QUESTIONS = json.loads((FOLDER / "questions.json").read_text(encoding="utf-8"))
NAMES = ["handbook.pdf", "visitor_guide.md", "guest_book.md"]


def words(markdown):
    """The words of a Markdown text without its marks."""
    lines = [line.lstrip("# ") for line in markdown.splitlines() if not line.startswith("|---")]
    return single_spaced("\n".join(lines)).split()


# --- the handbook -------------------------------------------------------


def test_the_handbook_is_what_its_maker_makes():
    assert handbook.make(SOURCE) == HANDBOOK.read_bytes()
    assert HANDBOOK.stat().st_size < 150_000


def test_every_page_of_the_handbook_reads_as_it_was_written():
    pages = read(HANDBOOK)
    written = SOURCE.split(handbook.PAGE_BREAK)
    assert [page.number for page in pages] == list(range(1, len(written) + 1))
    assert [single_spaced(page.text).split() for page in pages] == [words(text) for text in written]


def test_the_table_of_contents_names_the_right_pages():
    pages = read(HANDBOOK)
    rows = [line.split(" | ") for line in pages[0].text.splitlines() if line[:1].isdigit()]
    assert len(rows) == 11
    assert all(pages[int(number) - 1].text.startswith(title) for title, number in rows)


def test_a_page_too_long_for_the_paper_is_refused():
    with pytest.raises(ValueError, match="1 pages and fills"):
        handbook.make("word " * 3000)


# --- the questions ------------------------------------------------------


def test_there_are_forty_questions_and_each_is_asked_once():
    assert len({entry["question"] for entry in QUESTIONS}) == 40
    assert sum(not entry["evidence"] for entry in QUESTIONS) == 6
    assert all((entry["answer"] is None) == (not entry["evidence"]) for entry in QUESTIONS)


def test_the_words_that_answer_a_question_stand_once_and_on_the_page_that_is_named():
    pages = [page for name in NAMES for page in read(FOLDER / name)]
    for entry in QUESTIONS:
        for evidence in entry["evidence"]:
            where = [page[:2] for page in pages if evidence["quote"] in single_spaced(page.text)]
            assert where == [(evidence["document"], evidence["page"])], evidence


# --- reading ------------------------------------------------------------


def test_a_row_of_a_table_stays_a_row():
    assert "over 10 to 12 m | €29.00 | €17.00" in read(HANDBOOK)[3].text.splitlines()


def test_lines_that_run_through_all_pages_are_left_out_and_others_are_not():
    raw = PdfReader(HANDBOOK).pages[4].extract_text()
    assert "Page 5" in raw
    assert "Page 5" not in read(HANDBOOK)[4].text
    texts = [f"Title\n{word} text\n- {n} -" for n, word in enumerate(["one", "two", "three", "four"])]
    assert documents._without_running_lines(texts) == ["one text", "two text", "three text", "four text"]
    assert documents._without_running_lines(texts[:2]) == texts[:2]  # two pages are no proof


def test_markdown_is_one_page_with_its_tables_unbroken(tmp_path):
    path = tmp_path / "menu.md"
    path.write_text("\ufeff# Menu\n\n| Dish | Price |\n|---|---:|\n| soup | €9 |\n", encoding="utf-8")
    assert read(path) == [("menu.md", 1, "# Menu\n\n| Dish | Price |\n| soup | €9 |\n")]


def test_a_rule_between_paragraphs_of_markdown_stays(tmp_path):
    path = tmp_path / "note.md"
    path.write_text("one\n\n---\n\ntwo\n", encoding="utf-8")
    assert read(str(path))[0].text == "one\n\n---\n\ntwo\n"


def test_single_spaces_find_a_quote_across_lines_and_cells():
    assert single_spaced(" up to\n7 m | €16.00 \t|") == "up to 7 m €16.00"


# --- what cannot be read ------------------------------------------------


def half(path):
    path.write_bytes(HANDBOOK.read_bytes()[:20_000])


def no_pdf(path):
    path.write_text("<html>Please log in</html>", encoding="utf-8")


def nothing(path):
    path.write_bytes(b"\n")


def locked(path):
    writer = PdfWriter(clone_from=HANDBOOK)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(path)


def blank(path):
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.write(path)


def without_pages(path):
    PdfWriter().write(path)


def scanned(path):
    Image.new("RGB", (80, 60), "white").save(path)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (half, "damaged"),
        (no_pdf, "damaged, or no PDF"),
        (nothing, "empty: the file"),
        (locked, "needs a password"),
        (blank, "no text on its only page"),
        (without_pages, "no text on its 0 pages"),
        (scanned, "scanned.*OCR"),
    ],
)
def test_a_pdf_without_text_is_an_error_that_says_what_to_do(tmp_path, make, says, caplog, capsys):
    path = tmp_path / "bad.PDF"
    make(path)
    with pytest.raises(DocumentError, match=says) as caught:
        read(path)
    assert str(caught.value).startswith("bad.PDF") and str(tmp_path) not in str(caught.value)
    assert caplog.text == "" and capsys.readouterr().err == ""


def test_a_pdf_locked_only_against_changes_is_read(tmp_path):
    writer = PdfWriter(clone_from=HANDBOOK)
    writer.encrypt("", owner_password="secret", algorithm="RC4-128")
    writer.write(tmp_path / "open.pdf")
    assert read(tmp_path / "open.pdf")[3].text == read(HANDBOOK)[3].text


def test_one_page_without_text_is_kept_as_such(tmp_path):
    writer = PdfWriter(clone_from=HANDBOOK)
    writer.insert_blank_page(index=1)
    writer.write(tmp_path / "gap.pdf")
    pages = read(tmp_path / "gap.pdf")
    assert (pages[1].number, pages[1].text) == (2, "") and pages[2].text.startswith("1 The harbour office")


@pytest.mark.parametrize(
    ("name", "says"), [("nowhere.pdf", "no file nowhere.pdf"), ("letter.docx", "not a PDF"), ("folder.md", "no file")]
)
def test_what_is_no_file_of_ours_is_an_error(tmp_path, name, says):
    (tmp_path / "letter.docx").write_bytes(b"PK")
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(DocumentError, match=says):
        read(tmp_path / name)


def test_text_in_another_encoding_is_an_error(tmp_path):
    (tmp_path / "old.txt").write_bytes("Café".encode("latin-1"))
    with pytest.raises(DocumentError, match="UTF-8"):
        read(tmp_path / "old.txt")
