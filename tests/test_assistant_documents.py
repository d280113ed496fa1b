"""The seventh version of the assistant: what it reads, what it finds, and which citations it believes."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest
from pypdf import PdfWriter

from helpers import models
from helpers.setup.files import ROOT

SCRIPT = ROOT / "notebooks" / "assistant" / "v7_documents.py"
HANDBOOK = ROOT / "data" / "lessons" / "15" / "handbook.pdf"
CALL = {"id": "c1", "type": "function", "function": {"name": "search_documents", "arguments": "{}"}}
SEARCHED = [{"role": "assistant", "content": None, "tool_calls": [CALL]}]  # what a search leaves in a conversation


@pytest.fixture
def assistant(tmp_path, monkeypatch):
    """The script as a module, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    spec = importlib.util.spec_from_file_location("v7_documents", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def counting(asked):
    """A client whose vectors say which of a few words a text has, and which notes what it was sent."""
    known = ["crane", "ferry", "museum"]

    def create(model, input, dimensions):
        asked.append((model, input))
        rows = [[float(word in text.lower()) for word in known] for text in input]
        made = [SimpleNamespace(embedding=row + [0.0] * (dimensions - len(known))) for row in rows]
        return SimpleNamespace(data=made, usage=SimpleNamespace(total_tokens=7))

    return SimpleNamespace(embeddings=SimpleNamespace(create=create))


@pytest.fixture
def library(assistant):
    asked = []
    made = assistant.Library(counting(asked), [])
    made.asked = asked
    return made


def test_its_models_are_those_of_the_course(assistant):
    names = (assistant.MODEL, assistant.MEANING)
    assert names == (models.SMALL, models.EMBEDDING)
    assert not any(models.shutdown(name) for name in names)


@pytest.mark.parametrize("typed", ["/docs", "/docs nothing.pdf", "/docs letter.docx", "/docs ."])
def test_what_is_no_document_is_not_sent(library, typed):
    Path("letter.docx").write_bytes(b"PK")
    with pytest.raises(ValueError, match="path of a PDF, Markdown or text file"):
        library.add(typed)
    assert library.asked == []


def test_a_pdf_without_text_is_not_sent(library):
    locked, blank = PdfWriter(clone_from=HANDBOOK), PdfWriter()
    locked.encrypt("secret", algorithm="RC4-128")
    locked.write("locked.pdf")
    blank.add_blank_page(width=200, height=200)
    blank.write("blank.pdf")
    Path("half.pdf").write_bytes(HANDBOOK.read_bytes()[:9000])
    for name, says in [("locked.pdf", "password"), ("blank.pdf", "no text"), ("half.pdf", "damaged")]:
        with pytest.raises(ValueError, match=says):
            library.add(f"/docs {name}")
    assert library.asked == [] and library.passages == []


def test_a_document_is_read_once_page_by_page(library, capsys):
    library.add(f'/docs "{HANDBOOK}"')
    assert "handbook.pdf is read. Pages: 14" in capsys.readouterr().out
    assert library.vectors.shape == (len(library.passages), 512) and library.usages[0].total_tokens == 7
    assert {passage["page"] for passage in library.passages} == set(range(1, 15))
    with pytest.raises(ValueError, match="already"):
        library.add(f"/docs {HANDBOOK}")
    assert len(library.asked) == 1


def test_the_nearest_passages_are_found(library):
    assert "no documents" in library.search("ferry")["error"] and library.asked == []
    Path("a.md").write_text("The ferry.\n\n" + "x" * 700 + "\n\nThe crane.", encoding="utf-8")
    Path("b.txt").write_text("The museum.", encoding="utf-8")
    library.add("/docs a.md")
    library.add("/docs b.txt")
    assert library.search("crane")["passages"][0] == {"document": "a.md", "page": 1, "text": "The crane."}
    assert library.search("museum")["passages"][0]["document"] == "b.txt"


def test_too_long_a_document_is_refused_before_it_costs(library, assistant, monkeypatch):
    monkeypatch.setattr(assistant, "MOST", 1)
    Path("long.txt").write_text("a" * 600 + "\n\n" + "b" * 600, encoding="utf-8")
    with pytest.raises(ValueError, match="2 passages"):
        library.add("/docs long.txt")
    assert library.asked == []


def test_paragraphs_stay_whole_and_join_up_to_a_size(assistant):
    short, long = "word " * 60, "word " * 200
    assert assistant.pieces(f"{short}\n\n{short}\n\n{short}") == [f"{short.strip()}\n{short.strip()}", short.strip()]
    assert assistant.pieces(long) == [long.strip()]
    assert assistant.pieces(f"{long}\n{short}") == [long.strip(), short.strip()], "cut at a space"
    assert [len(piece) for piece in assistant.pieces("x" * 2500)] == [1000, 1000, 500]
    assert assistant.pieces("\n \n") == []


def test_citations_are_held_against_their_page(library, capsys):
    library.add(f"/docs {HANDBOOK}")
    capsys.readouterr()
    library.check(
        'It lifts 12 tonnes ["lifts up to 12 tonnes" handbook.pdf p. 8], costs [“crane, for each hour begun €62.50” '
        'handbook.pdf p. 8], flies ["It can fly" handbook.pdf p. 8] and floats ["12 tonnes" handbook.pdf p. 9].',
        SEARCHED,
    )
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0].strip() for line in lines] == ["found", "found", "NOT FOUND", "NOT FOUND"]


def test_an_answer_from_documents_without_a_citation_is_called_one(library, capsys):
    library.check("It lifts 12 tonnes.", SEARCHED)
    assert capsys.readouterr().out == "", "there is no document to cite"
    library.add(f"/docs {HANDBOOK}")
    capsys.readouterr()
    library.check(
        "Hello!", [{"role": "user", "content": "search_documents"}, {"role": "assistant", "content": "Hello!"}]
    )
    library.check('It can fly? That is "not in the documents".', SEARCHED)
    assert capsys.readouterr().out == ""
    library.check("It lifts 12 tonnes.", SEARCHED)
    assert "NO CITATION" in capsys.readouterr().out


def test_a_document_is_added_in_a_conversation(assistant, monkeypatch, capsys):
    def search(client, conversation, usages, functions):
        return assistant.run_tool("search_documents", '{"query": "ferry"}', functions), "stop"

    monkeypatch.setenv("OPENAI_API_KEY", "test-" + "key")
    monkeypatch.setattr(assistant, "reply", search)
    monkeypatch.setattr(assistant.Library, "check", lambda self, answer, messages: print(answer))
    typed = iter(["/docs nothing.pdf", "When?", "quit"])
    monkeypatch.setattr("builtins.input", lambda _prompt="": next(typed))
    assistant.main()
    out = capsys.readouterr().out
    assert "path of a PDF" in out and "Tokens used: 0." in out
    assert "There are no documents" in out
