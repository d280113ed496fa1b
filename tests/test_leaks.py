"""The leak scanner: finds planted keys wherever they stand, shows none of them, and passes by what is no key."""

import subprocess
import sys

import pytest

from helpers.recipes import leaks
from helpers.setup.files import ROOT

BODY = "aB3dE6gH9jK2mN5pQ8sT1vW4"
PLANTED = {
    "project": "-".join(["sk", "proj", BODY + "_" + BODY]),
    "old": "-".join(["sk", BODY]),
    "service": "-".join(["sk", "svcacct", BODY]),
    "session": "-".join(["sess", BODY]),
    "github": "_".join(["ghp", BODY + BODY[:12]]),
    "aws": "AKIA" + "QWERTYUIOPASDFGH",
    "private": "-----BEGIN RSA " + "PRIVATE KEY-----",
}


@pytest.mark.parametrize("key", PLANTED.values(), ids=PLANTED)
@pytest.mark.parametrize("line", ['api_key = "{}"', "Authorization: Bearer {}", "{}", 'key={}&x=1 "{{}}"'])
def test_a_planted_key_is_found(key, line):
    [(number, _, length)] = leaks.find("first line\n" + line.format(key) + "\nlast line")
    assert (number, length) == (2, len(key))


@pytest.mark.parametrize(
    "text",
    [
        "sk-..." + "." * 20,
        "sk-" + "x" * 30,
        "sk-proj-" + "your-key-goes-here-please",
        "-".join(["sk", "learn"]),
        "task-" + BODY,  # no word of its own
        "ask-me-anything-about-this",
        "the pattern is sk-[A-Za-z0-9_-]{20,}",
        "sk-" + BODY[:12],
    ],
)
def test_what_is_no_key_is_passed_by(text):
    assert leaks.find(text) == []


@pytest.fixture
def project(tmp_path):
    """A small project with a key in code, in the output of a notebook, in a log and in .env."""
    key = PLANTED["project"]
    (tmp_path / "logs").mkdir()
    files = {
        "app.py": f'client = OpenAI(api_key="{key}")\n',
        "notes.ipynb": '{"outputs": [\n"Incorrect key: ' + key + '"]}\n',
        "logs/server.log": f"started\nfailed with {key}\n",
        ".env": f"OPENAI_API_KEY={key}\n",
        "clean.py": "client = OpenAI()\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="\n")
    return tmp_path


def places(folder):
    return [(leak.path.as_posix(), leak.line) for leak in leaks.scan(folder)]


def test_all_places_of_a_project_are_named(project):
    assert places(project) == [(".env", 1), ("app.py", 1), ("notes.ipynb", 2), ("logs/server.log", 2)]


def test_a_file_that_git_ignores_may_hold_a_key(project):
    (project / ".gitignore").write_text("logs/\n.env\n", encoding="utf-8")
    assert (".env", 1) not in places(project) and len(places(project)) == 3


def test_other_peoples_folders_and_binary_files_are_left_out(tmp_path):
    for name in (".git", ".venv", "node_modules"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.txt").write_text(PLANTED["old"], encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0" + PLANTED["old"].encode())
    assert leaks.scan(tmp_path) == []


def test_text_that_is_not_utf8_is_read_all_the_same(tmp_path):
    (tmp_path / "old.txt").write_bytes(b"Schl\xfcssel: " + PLANTED["old"].encode())
    assert places(tmp_path) == [("old.txt", 1)]


def test_the_key_itself_is_never_shown(project):
    for leak in leaks.scan(project):
        assert BODY not in str(leak) and BODY not in repr(leak)
        assert str(len(PLANTED["project"])) in str(leak)


def test_a_folder_that_is_not_there_is_no_good_result(tmp_path):
    with pytest.raises(NotADirectoryError):
        leaks.scan(tmp_path / "nowhere")


def test_as_a_command_it_fails_when_something_was_found(project):
    def run(folder):
        command = [sys.executable, "-m", "helpers.recipes.leaks", str(folder)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    bad = run(project)
    assert bad.returncode == 1
    assert bad.stdout.count("\n") == 4 and BODY not in bad.stdout + bad.stderr
    (project / "logs" / "server.log").write_text("started\n", encoding="utf-8")
    clean = run(project / "logs")
    assert (clean.returncode, clean.stdout.strip()) == (0, "No key was found.")


def test_the_course_itself_is_clean():
    assert leaks.scan(ROOT) == []
