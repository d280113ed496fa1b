"""A build gives a notebook that is whole, the same every time, and equal to its source."""

import pytest
from fake_course import SOURCE, make
from nbclient import NotebookClient

from helpers.workshop import build
from helpers.workshop.lessons import choose, repository, set_repository
from helpers.workshop.notebooks import verify
from helpers.workshop.notebooks.cells import compose

ADD_MORE = SOURCE.replace("# # Add two numbers", "# # Add more numbers").replace('start("00")', 'start("01")')


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def with_cell(text, tags=""):
    return SOURCE.replace('# %% tags=["exercise-1"]', f'# %%{tags}\n{text}\n\n# %% tags=["exercise-1"]')


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    lesson = make(tmp_path_factory.mktemp("course"))
    build.build([lesson])
    return lesson


def test_a_second_build_changes_no_byte(built):
    before = built.notebook.read_bytes()
    build.build([built])
    assert built.notebook.read_bytes() == before


def test_the_notebook_has_run_once_in_order(built):
    notebook = verify.read(built)
    assert [cell.execution_count for cell in code(notebook)] == [1, 2, 3, 4, 5, 6]
    assert verify.output_problems(notebook) == []
    assert [output.text for output in code(notebook)[2].outputs] == ["one two done\n"]
    assert "Not started yet" in code(notebook)[4].outputs[0].data["text/plain"]
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert "version" not in notebook.metadata.language_info


def test_a_caught_request_without_a_recorded_answer_is_found(built):
    notebook = verify.read(built)
    code(notebook)[2].outputs[0].text = "Error: Error code: 424 - No answer is recorded for this request. It differs …"
    assert ["Cell 3" in problem for problem in verify.output_problems(notebook)] == [True]


def test_navigation_and_bootstrap_stand_where_they_belong(built):
    cells = verify.read(built).cells
    assert [cell.cell_type for cell in cells[:6]] == [
        "markdown",
        "markdown",
        "markdown",
        "code",
        "code",
        "code",
    ]
    assert cells[0].source == "# Add two numbers"
    link = "https://colab.research.google.com/github/someone/course/blob/main/notebooks/00_add.ipynb"
    assert cells[1].source == f"[Contents](../README.md) · [Open in Colab]({link}) · 6 minutes"
    assert "https://github.com/someone/course" in cells[3].source
    assert "lesson.start" in cells[4].source
    assert cells[-1].source == "[Contents](../README.md)"


def test_the_readme_lists_the_written_lessons(built):
    text = (built.root / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# Course\n\n<!-- lessons -->\n\n| ")
    assert text.endswith(".\n\n<!-- /lessons -->\n\nThe end.\n")
    assert "*Live* is what Run All costs with a key: nothing for all of them" in text  # nothing is recorded here
    assert text.count("(notebooks/00_add.ipynb)") == 1
    assert "01_more" not in text


def test_differences_are_found_without_running(tmp_path):
    lesson = make(tmp_path)
    assert verify.differences(lesson) == ["00_add.ipynb has not been built."]
    build.build([lesson])
    assert verify.differences(lesson) == []
    for changed in (
        SOURCE.replace("You need no key.", "You need a pencil."),
        SOURCE.replace('tags=["exercise-1"]', 'tags=["exercise-2"]'),
        with_cell("print(1)"),
    ):
        lesson.source.write_text(changed, encoding="utf-8")
        assert verify.differences(lesson)


def test_a_new_lesson_renews_its_neighbour_without_running_it(tmp_path):
    first = make(tmp_path)
    build.build([first])
    outputs = [cell.outputs for cell in code(verify.read(first))]
    (tmp_path / "notebooks/source/01_more.py").write_text(ADD_MORE, encoding="utf-8")
    second = choose(["more"], tmp_path)[0]
    build.build([second])
    notebook = verify.read(first)
    assert "Next: [Add more numbers](01_more.ipynb)" in notebook.cells[1].source
    assert [cell.outputs for cell in code(notebook)] == outputs
    assert "Previous: [Add two numbers](00_add.ipynb)" in verify.read(second).cells[1].source
    assert verify.differences(first) == verify.differences(second) == []


def test_without_running_text_is_renewed_and_changed_code_is_refused(tmp_path):
    lesson = make(tmp_path)
    build.build([lesson])
    lesson.source.write_text(SOURCE.replace("no key", "nothing"), encoding="utf-8")
    build.build([lesson], run=False)
    assert verify.differences(lesson) == []
    lesson.source.write_text(with_cell("print(1)"), encoding="utf-8")
    with pytest.raises(build.BuildFailed, match="must run"):
        build.build([lesson], run=False)


@pytest.mark.parametrize(
    ("cell", "tags", "words"),
    [
        ("1 / 0", "", "ZeroDivisionError: division by zero"),
        ("1 + 1", ' tags=["raises-exception"]', "nothing was raised"),
        ("import sys\nprint('careful', file=sys.stderr)", "", "writes to stderr: careful"),
        ("object()", "", "memory address"),
    ],
)
def test_a_lesson_that_misbehaves_is_not_kept(tmp_path, cell, tags, words):
    lesson = make(tmp_path, with_cell(cell, tags))
    with pytest.raises(build.BuildFailed, match=words):
        build.build([lesson])
    assert not lesson.notebook.exists()


def test_errors_that_a_lesson_teaches_are_kept(tmp_path):
    lesson = make(tmp_path, with_cell("1 / 0", ' tags=["raises-exception"]'))
    build.build([lesson])
    assert code(verify.read(lesson))[3].outputs[0].ename == "ZeroDivisionError"


def test_of_a_widget_only_its_text_is_kept(tmp_path):
    cell = f"display({{'text/plain': 'A slider.', '{verify.WIDGET}': {{'model_id': 'x'}}}}, raw=True)"
    lesson = make(tmp_path, with_cell(cell + "\nimport ipywidgets\nslider = ipywidgets.IntSlider()"))
    build.build([lesson])
    notebook = verify.read(lesson)
    assert dict(code(notebook)[3].outputs[0].data) == {"text/plain": "A slider."}
    assert "widgets" not in notebook.metadata


def test_the_kernel_sees_neither_keys_nor_proxies(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "planted")
    monkeypatch.setenv("https_proxy", "http://planted.invalid")
    cell = "import os\nprint([k for k, v in os.environ.items() if 'planted' in v], os.environ['COURSE_MODE'])"
    lesson = make(tmp_path, with_cell(cell))
    build.build([lesson])
    assert code(verify.read(lesson))[3].outputs[0].text == "[] replay\n"


def test_blank_lines_between_cells_are_the_formatters_affair(tmp_path):
    lesson = make(tmp_path)
    before = [cell.source for cell in compose(lesson).cells]
    lesson.source.write_text(SOURCE.replace("\n\n# %%", "\n\n\n\n# %%"), encoding="utf-8")
    assert [cell.source for cell in compose(lesson).cells] == before


def test_a_source_without_title_is_refused(tmp_path):
    lesson = make(tmp_path, SOURCE.partition("\n\n")[2])
    with pytest.raises(ValueError, match="must begin with a markdown cell"):
        compose(lesson)


def test_lessons_are_chosen_by_number_slug_or_file(tmp_path):
    lesson = make(tmp_path)
    for name in ("00", "0", "add", "00_add", "notebooks/00_add.ipynb", "notebooks/source/00_add.py"):
        assert choose([name], tmp_path) == [lesson]
    with pytest.raises(ValueError, match="no written lesson '01'"):
        choose(["01"], tmp_path)


def test_the_repository_name_stands_in_one_place(tmp_path):
    make(tmp_path)
    readme = tmp_path / "README.md"
    readme.write_text("git clone https://github.com/someone/course\n", encoding="utf-8")
    set_repository("another/name", tmp_path)
    assert repository(tmp_path) == "another/name"
    assert readme.read_text(encoding="utf-8") == "git clone https://github.com/another/name\n"
    with pytest.raises(ValueError, match="owner/name"):
        set_repository("https://github.com/another/name", tmp_path)


def test_a_kernel_that_dies_is_a_failed_build(tmp_path):
    lesson = make(tmp_path, with_cell("import os\nos.write(2, b'last words')\nos._exit(3)"))
    with pytest.raises(build.BuildFailed, match="(?s)Kernel died.*last words"):
        build.build([lesson])


def test_a_kernel_that_does_not_start_is_started_again(tmp_path, monkeypatch):
    lesson, starts = make(tmp_path), []
    setup = NotebookClient.setup_kernel

    def fails_once(*args, **settings):
        starts.append(1)
        if len(starts) == 1:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return setup(*args, **settings)

    monkeypatch.setattr(NotebookClient, "setup_kernel", fails_once)
    build.build([lesson])
    assert len(starts) == 2


def test_what_a_lesson_measures_is_kept_until_it_is_measured_again(tmp_path):
    lesson = make(tmp_path, with_cell("import time\nprint(time.perf_counter_ns())", ' tags=["measured"]'))
    build.build([lesson])
    before = lesson.notebook.read_bytes()
    build.build([lesson])
    assert lesson.notebook.read_bytes() == before
    build.build([lesson], measure=True)
    assert lesson.notebook.read_bytes() != before
