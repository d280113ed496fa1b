"""The frame that lessons share: furniture folded, no answer before its question, minutes, roles, cells to copy."""

import ast
import os
import re
import subprocess
import sys

import pytest
from fake_course import SOURCE, make

from helpers import costs, minutes, models
from helpers.setup.keys import PLACEHOLDER
from helpers.workshop import build
from helpers.workshop.lessons import ROOT, written_lessons
from helpers.workshop.notebooks import verify
from helpers.workshop.notebooks.cells import ASKS, COMPARES, FOLDED, compose
from helpers.workshop.notebooks.roles import write_out, write_out_prose
from helpers.workshop.serve import open_server

LESSONS = pytest.mark.parametrize("lesson", written_lessons(), ids=lambda lesson: lesson.stem)
PRESENT = [lesson for lesson in written_lessons() if lesson.frame > 1]
LONGEST, WIDEST = 12, 88
# Sentences right after a comparison that were read and do not tell its answer; any other is folded.
HARMLESS = (
    "`others` holds what is not prose",
    "First what the server sees.",
    "The arguments are a *text* that holds JSON",
    "Live sizes differ.",
    "What made these vectors",
)


def tags(cell):
    return cell.metadata.get("tags", [])


def code_of(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def with_cells(text):
    """The small lesson with more cells before its exercise."""
    return SOURCE.replace('# %% tags=["exercise-1"]', f'{text}\n\n# %% tags=["exercise-1"]')


# Furniture


@LESSONS
def test_furniture_is_folded_and_has_a_title_and_calls_no_api(lesson):
    for cell in code_of(verify.read(lesson)):
        if "furniture" in tags(cell):
            assert {name: cell.metadata[name] for name in FOLDED} == FOLDED
            assert re.match(r"# @title \S.*\n.", cell.source)
            assert not re.search(r"\bclient\.\w|OpenAI\(", cell.source), cell.source
        elif "@title Find the course" not in cell.source:
            assert "cellView" not in cell.metadata


def test_a_title_is_the_first_comment_and_no_other_comment_is_touched(tmp_path):
    cells = '# %% tags=["furniture"]\n# Draw it\nx = 1  # one\n\n# %% tags=["furniture"]\ny = 2  # two\n# end'
    sources = [cell.source for cell in code_of(compose(make(tmp_path, with_cells(cells))))]
    assert "# @title Draw it\nx = 1  # one" in sources
    assert "# @title Code of this output\ny = 2  # two\n# end" in sources


# No answer before its question


def predictions(notebook):
    """(number, cells from the question to its comparison, the cell after it) of each prediction."""
    cells, found = notebook.cells, []
    for start, cell in enumerate(cells):
        if cell.cell_type == "code" and (asked := ASKS.search(cell.source)):
            end = next(n for n in range(start + 1, len(cells)) if COMPARES.search(cells[n].source))
            found.append((int(asked[1]), cells[start : end + 1], cells[end + 1]))
    return found


ALL = [(lesson, *each) for lesson in written_lessons() for each in predictions(verify.read(lesson))]


def test_there_are_predictions_and_each_has_an_answer_in_the_lessons_own_numbers():
    assert len(ALL) >= 27
    for lesson in written_lessons():
        numbers = [number for other, number, *_ in ALL if other == lesson]
        assert numbers == list(range(1, len(numbers) + 1)), lesson.stem


@pytest.mark.parametrize(("lesson", "number", "cells", "after"), ALL, ids=[f"{a.number}-{n}" for a, n, *_ in ALL])
def test_the_page_does_not_answer_a_prediction_before_it_is_made(lesson, number, cells, after):
    question, *between, comparing = cells
    assert re.sub(r"# .*|from .*", "", comparing.source).split() == [f"compare({number})"]
    assert "furniture" in tags(comparing) and "furniture" in tags(question)
    assert [name for name in ("answer=", "because=") if name in question.source] == []
    shown = [output.data for output in question.outputs]
    assert [set(data) for data in shown] == [{"text/plain", "text/html"}]
    assert "●" not in shown[0]["text/html"]  # nothing is chosen in the picture of the question
    assert shown[0]["text/plain"].startswith("A guess to make. ")
    for cell in [*between, comparing]:
        assert not cell.get("outputs"), cell.source
    if after.cell_type == "markdown" and not after.source.startswith(HARMLESS):
        assert after.source.startswith(("#", "<details>")), "What explains the answer comes folded or under a heading."


@LESSONS
def test_what_answers_a_question_in_prose_is_not_stored(lesson):
    for cell in code_of(verify.read(lesson)):
        if "guess" in tags(cell):
            assert cell.outputs == [] and "nbval-ignore-output" in tags(cell)


QUESTION = '# %% tags=["furniture"]\nfrom helpers.exercises import compare, predict\n\npredict(1, "?", ["5", "6"])'


def test_an_output_between_a_question_and_its_comparison_is_left_out(tmp_path):
    lesson = make(tmp_path, with_cells(f"{QUESTION}\n\n# %%\ntotal = 5\ntotal\n\n# %%\ncompare(1)\n\n# %%\n6 + 1"))
    build.build([lesson])
    outputs = {cell.source: cell.outputs for cell in code_of(verify.read(lesson))}
    assert outputs["total = 5\ntotal"] == outputs["compare(1)"] == []
    assert outputs["6 + 1"][0].data["text/plain"] == "7"


def test_a_question_that_is_never_compared_is_refused(tmp_path):
    with pytest.raises(ValueError, match="prediction 1 is asked and never compared"):
        compose(make(tmp_path, with_cells(QUESTION)))


# Minutes


def test_minutes_by_hand():
    words, lines = "# word word word word\n" * 50, "x = 1\n\n# a comment\n" * 28
    core = f"# %% [markdown]\n{words}\n# %%\n{lines}\n# %% tags=['exercise-1']\nx = ...\n"
    assert minutes.of(core) == (1 + 2 + 6, 0)
    folded = '# %% tags=["furniture"]\n' + lines + "# %% [markdown]\n# <details><summary>Solution</summary>\n"
    assert minutes.of(core + folded + words + "# </details>\n") == (9, 0)
    deeper = f"# %% [markdown]\n# ## Deeper\n{words * 2}\n# %%\n{lines}"
    assert minutes.of(core + deeper) == (9, 4)
    assert str(minutes.of(core + deeper)) == "9 minutes + 4 deeper"
    table = "# %% [markdown]\n# | a | b |\n# |---|---|\n" + "# | word | [word](https://long.example/a/b/c) |\n" * 100
    assert minutes.of(table) == (1, 0)


@pytest.mark.parametrize("lesson", PRESENT, ids=lambda lesson: lesson.stem)
def test_the_core_takes_at_most_half_an_hour(lesson):
    assert lesson.minutes.core <= 30


@LESSONS
def test_banner_and_page_say_the_computed_minutes(lesson):
    notebook = verify.read(lesson)
    assert notebook.cells[1].source.endswith(f" · {lesson.minutes}")
    (banner,) = [o.text for c in code_of(notebook) if "lesson.start(" in c.source for o in c.outputs if "text" in o]
    assert f" · {lesson.minutes}\n" in banner


# Roles


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("from helpers.models import FLAGSHIP, SMALL\nask(FLAGSHIP)", 'ask("{flagship}")'),
        (
            "from helpers.models import FLAGSHIP, info\ninfo(FLAGSHIP)",
            'from helpers.models import info\ninfo("{flagship}")',
        ),
        ('print(f"{SMALL} costs {2:.1f}")', 'print(f"{small} costs {2:.1f}")'),
        ("f'{SMALL} (USD)', Rf'{FLAGSHIP} in all'", "'{small} (USD)', R'{flagship} in all'"),
        ('print(f"{SMALL}" f"{2}")', 'print("{small}" f"{2}")'),
        ("{SMALL: 1, 'b': {FLAGSHIP}}", '{"{small}": 1, \'b\': {"{flagship}"}}'),
        ("text = 'SMALL'  # SMALL", "text = 'SMALL'  # SMALL"),
        ("ask(\n    model=SMALL,\n    n=1,\n)", 'ask(\n    model="{small}",\n    n=1,\n)'),
    ],
)
def test_roles_are_written_out(source, written):
    for role in ("flagship", "small"):
        written = written.replace(f"{{{role}}}", models.ROLES[role])
    assert write_out(source) == written
    ast.parse(write_out(source))


@pytest.mark.parametrize("source", ['f"{info(SMALL)}"', "models.SMALL", 'f"{SMALL!r}"', 'f"{{SMALL}}"'])
def test_a_role_that_cannot_be_written_out_is_named(source):
    with pytest.raises(ValueError, match="role"):
        write_out(source)


def test_roles_in_prose_are_written_out_in_code_alone():
    name = models.ROLES["small"]
    text = "A SMALL one: `model=SMALL`.\n\n```python\nask(SMALL)\n```\n"
    assert write_out_prose(text) == f'A SMALL one: `model="{name}"`.\n\n```python\nask("{name}")\n```\n'


def test_only_the_present_frame_writes_roles_out(tmp_path):
    cell = "# %%\nfrom helpers.models import SMALL\nprint(SMALL)"
    for frame, expected in ((1, cell[5:]), (2, f'print("{models.ROLES["small"]}")')):
        notebook = compose(make(tmp_path / str(frame), with_cells(cell), frame=frame))
        assert expected in [each.source for each in code_of(notebook)]


@pytest.mark.parametrize("lesson", PRESENT, ids=lambda lesson: lesson.stem)
def test_visible_cells_are_short_and_narrow(lesson):
    for cell in visible(verify.read(lesson)):
        lines = [line for line in cell.source.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        assert len(lines) <= LONGEST, cell.source
        assert max(map(len, cell.source.splitlines())) <= WIDEST, cell.source


# Plain English

TRANSLATED = re.compile(
    r"\b(stands?|stood|mend(s|ed|ing)?|dear(er|est)?|thrice|whoever|in earnest|all else|what to see)\b", re.IGNORECASE
)


@pytest.mark.parametrize("lesson", PRESENT, ids=lambda lesson: lesson.stem)
def test_words_that_sound_translated_are_not_in_a_reworked_lesson(lesson):
    """The list is short: the commonest of those that two readers stumbled over. "Stand-in" is a name of the course."""
    exercises = (ROOT / "helpers" / "exercises" / f"lesson_{lesson.number}.py").read_text(encoding="utf-8")
    text = re.sub(
        r"stand(s|ing)?[- ]in\b", "", lesson.source.read_text(encoding="utf-8") + exercises, flags=re.IGNORECASE
    )
    assert [match[0] for match in TRANSLATED.finditer(text)] == []


def test_words_that_sound_translated_are_found():
    assert TRANSLATED.search("The text stands in a file.") and not TRANSLATED.search("You understand standing orders.")


# What is copied works


def visible(notebook):
    return [cell for cell in code_of(notebook) if "cellView" not in cell.metadata]


def script_of(notebook):
    """The visible cells that need nothing of `helpers`, as a script; and the visible API cells that do need it.

    A cell that asks the course's own server for something, with `lesson`, cannot run elsewhere, and does not count.
    """
    foreign, parts, bound_to_helpers = set(), [], []
    for cell in code_of(notebook):
        tree = ast.parse(cell.source)
        nodes = list(ast.walk(tree))
        named = [node for node in nodes if isinstance(node, ast.Name)]
        made = {node.id for node in named if isinstance(node.ctx, ast.Store)}
        made |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        made |= {node.arg for node in nodes if isinstance(node, ast.arg)}
        used = {node.id for node in named if isinstance(node.ctx, ast.Load)} - made
        modules = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
        needs = bool(used & foreign) or any(name.split(".")[0] == "helpers" for name in modules)
        hidden = "cellView" in cell.metadata or any(tag.startswith("exercise-") for tag in tags(cell))
        for node in nodes:  # a name made with the help of helpers, or where nobody sees it, is not there in a script
            names = [alias.asname or alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            if needs and isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names = [node.id]
            elif needs and isinstance(node, ast.FunctionDef | ast.ClassDef):
                names = [node.name]
            if needs and (not isinstance(node, ast.ImportFrom) or (node.module or "").startswith("helpers")):
                foreign.update(names)
        if hidden:
            continue
        if not needs:
            foreign -= made
            wrapped = f"try:\n    exec({cell.source!r}, globals())\nexcept Exception as e:\n    print(type(e).__name__)"
            parts.append(wrapped if "raises-exception" in tags(cell) else cell.source)
        elif re.search(r"\bclient\.\w", cell.source) and used & foreign != {"lesson"}:
            bound_to_helpers.append(cell.source)
    return "\n\n".join(parts), bound_to_helpers


def run_alone(script, number, folder):
    """A script in a process of its own, where `helpers` can't be imported, against the course server in replay."""
    server = open_server(number, 0)
    try:
        settings = {"OPENAI_BASE_URL": f"{server.url}/v1", "OPENAI_API_KEY": PLACEHOLDER}
        code = "import sys\nsys.modules['helpers'] = None\n" + script
        run = [sys.executable, "-c", code]
        return subprocess.run(run, cwd=folder, env=os.environ | settings, capture_output=True, text=True, timeout=120)
    finally:
        server.close()


@pytest.mark.parametrize("lesson", PRESENT, ids=lambda lesson: lesson.stem)
def test_what_is_copied_from_a_lesson_runs_in_a_script(lesson):
    script, bound = script_of(verify.read(lesson))
    assert bound == []
    done = run_alone(script, lesson.number, ROOT / "notebooks")
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_script_has_the_visible_cells_and_no_course(tmp_path):
    call = (
        "response = client.chat.completions.create(\n    model=FLAGSHIP,\n    messages=[\n"
        '        {"role": "developer", "content": "You are a helpful assistant."},\n'
        '        {"role": "user", "content": "What is the capital of France?"},\n    ],\n)\n'
        "print(response.choices[0].message.content)"
    )
    cells = (
        "# %%\nfrom openai import OpenAI\nfrom helpers.models import FLAGSHIP\n\nclient = OpenAI()\n\n"
        f"# %%\n{call}\n\n# %%\nfrom helpers import tables\n\ntable = tables.Table([], [])\n\n# %%\ntable"
    )
    notebook = compose(make(tmp_path, with_cells(cells), frame=2))
    script, bound = script_of(notebook)
    assert bound == [] and "helpers" not in script and "table" not in script
    done = run_alone(script, "01", tmp_path)
    assert done.returncode == 0 and "Paris" in done.stdout, done.stderr
    needy = compose(make(tmp_path / "2", with_cells(cells + "\n\n# %%\nprint(table, client.models)"), frame=2))
    assert script_of(needy)[1] == ["print(table, client.models)"]
    assert run_alone("import helpers", "01", tmp_path).returncode == 1


# Two dollar signs in a paragraph are a formula in JupyterLab


def formulas(markdown):
    """Paragraphs and table rows with two bare dollar signs; code and escaped signs do not count."""
    text = re.sub(r"^(```|~~~).*?^\1|``.*?``|`[^`]*`|\\\$", "", markdown, flags=re.MULTILINE | re.DOTALL)
    parts = re.split(r"\n\s*\n|\n(?=\s*\|)", text)
    return [part for part in parts if part.count("$") > 1]


def test_formulas_are_found():
    assert formulas("costs $1\nand $2") and formulas("| $1 | $2 |")
    assert not formulas("costs \\$1 and \\$2\n\nor $3\n\n| $4 |\n| $5 |\n\n`$1 $2`\n\n```\n$a $b\n```\n")


def test_the_readme_has_no_formula_by_accident():
    assert formulas((ROOT / "README.md").read_text(encoding="utf-8")) == []


@LESSONS
def test_a_lesson_has_no_formula_by_accident(lesson):
    found = [
        part for cell in verify.read(lesson).cells if cell.cell_type == "markdown" for part in formulas(cell.source)
    ]
    assert [part for part in found if "$$" not in part and not re.search(r"\$[^$]*\\\w", part)] == []


@pytest.mark.parametrize(
    ("price", "words"),
    [
        (0, "nothing"),
        (0.0000144, "under a cent"),
        (0.0109, "1 cent"),
        (0.0192, "2 cents"),
        (0.219, "22 cents"),
        (1.5, "1.50 USD"),
    ],
)
def test_prices_as_a_person_reads_them(price, words):
    assert costs.spoken(price) == words
