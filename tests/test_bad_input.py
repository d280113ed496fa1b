"""What goes wrong for learners: each fault ends in a sentence that says what to do, and loses nothing.

The whole table, with the tests that stand in other files, is in README.md beside this file.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time

import fake_course
import nbformat
import openai
import pytest
from jupyter_client.manager import start_new_kernel
from nbformat.v4 import new_code_cell
from small_answer import small_answer

from helpers import lesson
from helpers.proxy import recordings
from helpers.proxy.http import LoopbackServer
from helpers.proxy.recordings import DamagedRecording, NotKept, Recordings
from helpers.setup import keys, preflight, settings
from helpers.setup.files import ROOT
from helpers.workshop import build
from helpers.workshop.notebooks.kernel import CellFailed, Kernel, environment

KEY = "-".join(["sk", "proj", "planted" + "0123456789" * 3])
OTHER = "-".join(["sk", "ant", "planted" + "0123456789" * 3])  # of another service
LINE = f"OPENAI_API_KEY={KEY}\n"
REQUEST = {"model": "gpt-5.2", "messages": [{"role": "user", "content": "hi"}]}
ANSWER = small_answer()


def recording(**response):
    request = {"method": "POST", "path": "/v1/chat/completions", "json": REQUEST}
    origin = {"kind": "authored", "date": "2026-11-22", "basis": "test"}
    headers = {"content-type": "application/json"}
    return {"request": request, "response": {"status": 200, "headers": headers, **response}, "origin": origin}


@pytest.fixture
def course(tmp_path):
    """A course with one recording for lesson 01 and no .env, and a kernel's worth of state."""
    monkeypatch, before = pytest.MonkeyPatch(), dict(os.environ)  # of its own: undone after that of the test
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data" / "course").mkdir(parents=True)
    (tmp_path / "helpers").mkdir()
    for name in ("data/course/lessons.json", "requirements.txt", "helpers/requirements.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    Recordings(tmp_path / "data" / "recordings" / "01").save(recording(json=ANSWER))
    for name in list(os.environ):
        if name.startswith(("OPENAI_", "COURSE_")) and name != "COURSE_STANDIN_URL":
            monkeypatch.delenv(name)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")  # so that what start sets is undone afterwards
    for module in (lesson, settings, preflight):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(lesson, "_server", None)
    monkeypatch.setattr(lesson, "_direct", False)
    for name in ("_put", "_file"):
        monkeypatch.setattr(settings.environment, name, {})
    yield tmp_path
    if lesson._server:
        lesson._server.close()
    monkeypatch.undo()
    os.environ.clear()
    os.environ |= before


def banner(capsys):
    lesson.start("01")
    return capsys.readouterr().out


def say_hi():
    return openai.OpenAI(max_retries=0).chat.completions.create(**REQUEST).choices[0].message.content


# --- keys and settings


@pytest.mark.parametrize(
    ("name", "content", "live", "words"),
    [
        (".env", LINE.encode(), True, ""),
        (".env", b"\xef\xbb\xbf" + LINE.encode(), True, ""),  # Notepad, "UTF-8 with BOM"
        (".env", LINE.replace("\n", "\r\n").encode("utf-16"), True, ""),  # PowerShell: echo … > .env
        (".env", b"COURSE_CAP=1\r\n" + LINE.encode("utf-16-le"), True, ""),  # PowerShell: echo … >> .env
        (".env", "# clé\n".encode("cp1252") + LINE.encode(), True, ""),  # Notepad, "ANSI"
        (".env", f"# {LINE}".encode(), False, ""),  # put out of use on purpose
        (".env", f"ANTHROPIC_API_KEY={OTHER}\nOTHER_SERVICE={KEY}\n".encode(), False, ""),
        (".env", f"{KEY}\n".encode(), False, "no line OPENAI_API_KEY="),
        (".env", f"OPENAI_API_KEY: {KEY}\n".encode(), False, "no line OPENAI_API_KEY="),
        (".env", f"set OPENAI_API_KEY={KEY}\n".encode(), False, "Line 1 of .env is not understood"),
        (".env", f'COURSE_CAP=1\nOPENAI_API_KEY="{KEY}\n'.encode(), False, "Line 2 of .env is not understood"),
        (".env", f"OPENAI_API_KEY={KEY}\nOPENAI_API_KEY=\n".encode(), True, ""),
        (".env", f"OPENAI_API_KEY={KEY}\nCOURSE_MODE=' '\nCOURSE_CAP=\n".encode(), True, ""),
        (".env", f"OPENAI_KEY={KEY}\n".encode(), False, "Rename it"),
        (".env.txt", LINE.encode(), False, "in .env.txt"),
        (".env.example", LINE.encode(), False, "git publishes"),
        ("notebooks/.env", LINE.encode(), False, "Move it"),
        (".env", f"OPENAI_API_KEY={KEY[:20]} {KEY[20:]}\n".encode(), False, "space"),
        (".env", f"OPENAI_API_KEY=“{KEY}”\n".encode(), False, "quotation marks"),
    ],
)
def test_a_key_file_is_read_or_what_is_wrong_with_it_is_said(course, capsys, name, content, live, words):
    (course / name).write_bytes(content)
    said = banner(capsys)
    assert ("\nlive: " in said, "\nreplay: " in said) == (live, not live)
    assert words in said and ("Note:" in said) is bool(words)
    assert KEY not in said
    assert live or say_hi() == "hello"


@pytest.mark.parametrize("name", ["OPENAI_KEY", "OPEN_AI_KEY", "OPENAI_APIKEY", "API_KEY", "OPENAI_API_TOKEN"])
def test_a_key_in_the_wrong_variable_is_named(course, capsys, monkeypatch, name):
    monkeypatch.setenv(name, KEY)
    said = banner(capsys)
    assert f"{name} holds" in said and "OPENAI_API_KEY" in said and KEY not in said
    row = next(row for row in preflight.report(network=False).rows if row[0] == "API key")
    assert row[2] == preflight.FIX and name in row[3]


@pytest.mark.parametrize("name", ["ANTHROPIC_API_KEY", "GITHUB_TOKEN", "OPENAI_ADMIN_KEY", "MONKEY"])
def test_variables_of_other_things_are_left_alone(course, capsys, monkeypatch, name):
    monkeypatch.setenv(name, KEY)
    assert "Note" not in banner(capsys)


def test_a_key_file_that_is_mended_counts_without_a_restart(course, capsys):
    (course / ".env").write_text(f"OPENAI_API_KEY={KEY[:12]}\n", encoding="utf-8")
    assert "too short" in banner(capsys)
    assert "too short" in banner(capsys)  # run twice, said twice
    (course / ".env").write_text(LINE, encoding="utf-8")
    assert "\nlive: " in banner(capsys)


def test_a_key_file_that_cannot_be_read(course, monkeypatch):
    def refused(path):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(settings.environment.env_file, "text", refused)
    with pytest.raises(lesson.CourseError, match=r"\.env cannot be read \(Permission denied\).*fix its permissions"):
        lesson.start("01")


@pytest.mark.parametrize("before", [b"\xef\xbb\xbfCOURSE_CAP=1\n", "COURSE_CAP=1\n".encode("utf-16"), b""])
def test_a_typed_key_is_added_to_a_file_in_any_encoding(course, monkeypatch, before):
    monkeypatch.setattr(keys.getpass, "getpass", lambda prompt: KEY)
    (course / ".env").write_bytes(before)
    keys.ask(course / ".env")
    lines = (course / ".env").read_text(encoding="utf-8").split()
    assert lines == ["COURSE_CAP=1"] * bool(before) + [LINE.strip()]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_typed_key_is_not_lost_where_nothing_can_be_written(course, monkeypatch, capsys, number):
    def refused(*_, **__):
        raise OSError(number, os.strerror(number))

    (course / ".env").write_text("COURSE_CAP=1\n", encoding="utf-8")
    monkeypatch.setattr(keys.getpass, "getpass", lambda prompt: KEY)
    monkeypatch.setattr(os, "replace", refused)
    keys.ask(course / ".env")
    said = capsys.readouterr().out
    assert os.strerror(number) in said and "until this kernel ends" in said and KEY not in said
    assert os.environ["OPENAI_API_KEY"] == KEY
    assert (course / ".env").read_text(encoding="utf-8") == "COURSE_CAP=1\n"
    assert not list(course.glob(".tmp*"))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"COURSE_MODE": "repaly"}, "takes auto, replay"),
        ({"COURSE_MODE": "live", "OPENAI_KEY": KEY}, "Rename it"),
        ({"COURSE_CAP": "0,50"}, "number such as 3.0"),
        ({"COURSE_CAP": "nan"}, "number such as 3.0"),
        ({"COURSE_CAP": "-1"}, "number such as 3.0"),
        ({"COURSE_RECORDINGS": "nowhere"}, "Correct COURSE_RECORDINGS"),
    ],
)
def test_bad_settings(course, monkeypatch, settings, words):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(lesson.CourseError, match=words) as caught:
        lesson.start("01")
    assert KEY not in str(caught.value)


def test_a_mode_in_quotation_marks_is_understood(course, capsys, monkeypatch):
    monkeypatch.setenv("COURSE_MODE", '"Replay" ')  # what `set` keeps on Windows
    assert "\nreplay: " in banner(capsys)


def test_replay_first_does_not_make_live_forget_that_it_needs_a_key(course, monkeypatch):
    lesson.start("01")
    monkeypatch.setenv("COURSE_MODE", "live")
    with pytest.raises(lesson.CourseError, match="needs a key"):
        lesson.start("01")


def test_direct_after_replay_leaves_the_server_and_says_that_a_key_is_misplaced(course, capsys, monkeypatch):
    lesson.start("01")
    capsys.readouterr()
    monkeypatch.setenv("COURSE_MODE", "direct")
    monkeypatch.setenv("OPENAI_KEY", KEY)
    assert "Rename it" in banner(capsys)
    assert os.environ["OPENAI_BASE_URL"] == "https://api.openai.com/v1"
    with pytest.raises(openai.OpenAIError, match="OPENAI_API_KEY"):
        openai.OpenAI()


def test_an_address_of_a_server_that_is_gone(course, capsys, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://user:secret@127.0.0.1:9/v1")  # nothing listens on the discard port
    said = banner(capsys)
    assert "127.0.0.1:9" in said and "secret" not in said  # live calls go elsewhere: that must be seen
    with pytest.raises(openai.InternalServerError, match="OPENAI_BASE_URL.*COURSE_MODE=replay"):
        say_hi()


BREAKING = [
    ("ALL_PROXY", "socks4://user:hunter2@127.0.0.1:9"),
    ("all_proxy", "socks://127.0.0.1:9/"),  # as GNOME writes it
    ("HTTP_PROXY", "http://user:hunter2@proxy:80a"),
    ("https_proxy", " http://proxy:8080"),
    ("SSL_CERT_FILE", "/nowhere/cacert.pem"),
    ("SSL_CERT_FILE", os.devnull),  # without a certificate
    ("SSLKEYLOGFILE", "/nowhere/keys.log"),
    ("OPENAI_ORG_ID", "örg"),
    ("OPENAI_PROJECT_ID", "proj_1\nx: y"),
]


@pytest.mark.parametrize(("name", "value"), [*BREAKING, ("HTTPS_PROXY", "http://127.0.0.1:9")])
def test_replay_works_whatever_the_machine_names(course, capsys, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert "Note" not in banner(capsys)
    assert say_hi() == "hello"


@pytest.mark.parametrize(("name", "value"), BREAKING)
def test_live_names_what_it_leaves_out_and_not_its_value(course, capsys, monkeypatch, name, value):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv(name, value)
    said = banner(capsys)
    assert f"Note: Ignoring {name}, which this Python cannot use" in said
    assert "pip install" in said and "hunter2" not in said
    with pytest.raises(openai.APIStatusError):  # it arrives at the course's server, which finds nobody behind it
        say_hi()


def test_several_broken_values_are_all_named_and_good_ones_stay(course, capsys, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for name, value in [("ALL_PROXY", "socks4://x"), ("OPENAI_ORG_ID", "örg"), ("OPENAI_PROJECT_ID", "proj_1")]:
        monkeypatch.setenv(name, value)
    assert "Note: Ignoring ALL_PROXY, OPENAI_ORG_ID, which this Python cannot use" in banner(capsys)
    assert os.environ["OPENAI_PROJECT_ID"] == "proj_1" and "ALL_PROXY" not in os.environ


# --- which value counts


@pytest.mark.parametrize("value", ["", " ", "\t\n"])
@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "COURSE_MODE", "COURSE_CAP", "COURSE_PACE", "COURSE_RECORDINGS"])
def test_empty_or_blank_is_not_set_and_hides_nothing(course, capsys, monkeypatch, name, value):
    (course / ".env").write_text(f"{LINE}OPENAI_BASE_URL=http://127.0.0.1:9/v1\n", encoding="utf-8")
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("OPENAI_BASE_URL", value)
    said = banner(capsys)
    assert "\nlive: calls use your key and go to 127.0.0.1:9" in said and "$3.00" in said and "Note" not in said


@pytest.mark.parametrize(
    ("name", "outside", "inside"),
    [
        ("OPENAI_API_KEY", KEY, KEY[:-3] + "abc"),
        ("COURSE_MODE", "replay", "auto"),
        ("COURSE_CAP", "2", "7.77"),
        ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1", "http://127.0.0.2:9/v1"),
    ],
)
def test_which_of_two_values_counts_is_said(course, capsys, monkeypatch, name, outside, inside):
    (course / ".env").write_text(f"{name}={inside}\n", encoding="utf-8")
    monkeypatch.setenv(name, outside)
    for _ in range(2):  # a second start finds what the first put into the environment, and must not be misled
        said = banner(capsys)
        note = "is set to one value in the environment and another in .env; the one in the environment is used."
        assert f"Note: {name} {note}" in said
        assert KEY not in said and inside not in said.replace("auto", "")


def test_what_came_from_the_file_is_renewed_from_it(course, capsys):
    file = course / ".env"
    file.write_text(
        f"{LINE}OPENAI_BASE_URL=http://127.0.0.1:9/v1\nCOURSE_CAP=1\nOPENAI_ORG_ID=org-1\n", encoding="utf-8"
    )
    assert "127.0.0.1:9" in banner(capsys) and os.environ["OPENAI_API_KEY"] == KEY
    other = KEY[:-3] + "abc"
    file.write_text(f"OPENAI_API_KEY={other}\nOPENAI_BASE_URL=http://127.0.0.2:9/v1\nCOURSE_CAP=2\n", encoding="utf-8")
    said = banner(capsys)
    assert "127.0.0.2:9" in said and "$2.00" in said and "Note" not in said
    assert os.environ["OPENAI_API_KEY"] == other and "OPENAI_ORG_ID" not in os.environ
    file.unlink()
    assert "\nreplay: " in banner(capsys)


def test_a_typed_key_that_is_kept_can_be_corrected_in_the_file(course, capsys, monkeypatch):
    monkeypatch.setattr(keys.getpass, "getpass", lambda prompt: KEY)
    keys.ask(course / ".env")
    other = KEY[:-3] + "abc"
    (course / ".env").write_text(f"OPENAI_API_KEY={other}\n", encoding="utf-8")
    assert "Note" not in banner(capsys) and os.environ["OPENAI_API_KEY"] == other


def test_preflight_says_where_the_key_is_from(course, monkeypatch):
    def found():
        return next(row for row in preflight.report(network=False).rows if row[0] == "API key")

    (course / ".env").write_text(LINE, encoding="utf-8")
    lesson.start("01")
    assert found()[1].endswith("characters, from .env")
    monkeypatch.setenv("OPENAI_API_KEY", KEY + "x")
    assert found()[1].endswith("from the environment") and "the one in the environment is used" in found()[3]


# --- addresses


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('"https://api.example.org/v1"', "quotation marks"),
        ("“https://api.example.org/v1”", "quotation marks"),
        ("api.example.org/v1", "does not begin with"),
        ("htps://api.example.org/v1", "does not begin with"),
        ("https:/api.example.org/v1", "names no host"),
        ("https://[oops", "cannot be read"),
        ("https://api.example.org:80a/v1", "cannot be read"),
        ("https://api.example.org/v1 # mine", "a space"),
        ("https://user:hunter2@/v1", "names no host"),
        ("https://user:hunter2@api.example.org/v1/chat/completions", "the path of one kind of call"),
        ("hunter://user:hunter2@api.example.org/v1", "does not begin with"),
    ],
)
@pytest.mark.parametrize("mode", ["", "live", "direct"])
def test_an_address_that_is_none_is_said_at_the_start(course, capsys, monkeypatch, value, words, mode):
    monkeypatch.setenv("OPENAI_BASE_URL", value)
    monkeypatch.setenv("COURSE_MODE", mode)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(lesson.CourseError, match=f"OPENAI_BASE_URL is .*the environment.*{words}") as caught:
        lesson.start("01")
    assert "hunter2" not in str(caught.value)
    monkeypatch.setenv("COURSE_MODE", "replay")  # which calls nobody
    lesson.start("01")
    assert say_hi() == "hello"


@pytest.mark.parametrize("ending", ["\r", "\n", " ", "/"])
def test_what_editors_leave_behind_an_address_does_no_harm(course, capsys, monkeypatch, ending):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:9/v1{ending}")
    assert "\nlive: " in banner(capsys)
    with pytest.raises(openai.InternalServerError, match="127.0.0.1"):
        say_hi()


def test_another_services_key_is_kept_from_openai_and_sent_to_that_service(course, capsys, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", OTHER)
    assert "\nreplay: " in (said := banner(capsys)) and "one for Anthropic (sk-ant-…)" in said and OTHER not in said
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert "\nlive: " in (said := banner(capsys)) and "Note" not in said
    assert os.environ["OPENAI_API_KEY"] == OTHER


@pytest.mark.parametrize("kind", ["folder", "link to nowhere"])
def test_an_env_that_is_no_file(course, kind):
    (course / ".env").mkdir() if kind == "folder" else (course / ".env").symlink_to(course / "nowhere")
    with pytest.raises(lesson.CourseError, match=r"\.env cannot be read.*text file"):
        lesson.start("01")


def test_a_relative_folder_of_recordings_counts_from_the_course(course, capsys, monkeypatch):
    (course / "data" / "recordings").rename(course / "mine")
    monkeypatch.setenv("COURSE_RECORDINGS", "mine")
    for folder in (course, course / "notebooks"):
        monkeypatch.chdir(folder)
        assert "authored" in banner(capsys)


# --- recordings


@pytest.mark.parametrize("damage", ["cut off", "no headers", "no answer", "sound is gone"])
def test_a_damaged_recording_is_said_at_the_start(course, damage):
    (path,) = (course / "data" / "recordings" / "01").glob("*.json")
    good = json.loads(path.read_text(encoding="utf-8"))
    if damage == "no headers":
        del good["response"]["headers"]
    if damage != "no headers":
        del good["response"]["json"]
    if damage == "sound is gone":
        good["response"]["body_file"] = "gone.mp3"
    path.write_text(json.dumps(good)[: 40 if damage == "cut off" else None], encoding="utf-8")
    with pytest.raises(DamagedRecording):
        recordings.read(path)
    with pytest.raises(lesson.CourseError, match=f"{path.name} cannot be read.*git checkout.*download"):
        lesson.start("01")


def test_copies_that_a_file_manager_made_are_passed_over(course):
    (path,) = (course / "data" / "recordings" / "01").glob("*.json")
    for ending in (".1 copy.json", ".1 (1).json", ".1 - Copie.json"):
        shutil.copy(path, path.with_name(path.name.replace(".1.json", ending)))
    lesson.start("01")
    assert len(lesson._server.recordings) == 1 and say_hi() == "hello"


def test_a_missing_recording_is_a_sentence(course):
    (path,) = (course / "data" / "recordings" / "01").glob("*.json")
    path.unlink()
    lesson.start("01")
    with pytest.raises(openai.APIStatusError, match=r"No answer is recorded(.|\n)*your own into \.env"):
        say_hi()


# --- disks and folders


@pytest.fixture
def full_disk(request, tmp_path, monkeypatch):
    """A folder on a disk that is full: a stand-in, or where this process may mount one, a real small one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if request.param == "stand-in":

        def full(*_, **__):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "replace", full)
        yield folder
        return
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
    if not sys.platform.startswith("linux") or os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this process may not mount a small disk")
    with contextlib.suppress(OSError), open(folder / "filler", "wb", buffering=0) as file:
        while True:
            file.write(b"x" * 1024)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("full_disk", ["stand-in", "real"], indirect=True)
def test_a_full_disk_while_recording_leaves_no_half_file(full_disk):
    kept = Recordings(full_disk)
    with pytest.raises(NotKept, match="No space left.*Make room"):
        kept.save(recording(text="long " * 9000), b"sound" * 9000, "mp3")
    assert not [path for path in full_disk.iterdir() if path.stat().st_size and path.name != "filler"]
    assert len(kept) == 0 and kept.all() == [] and len(Recordings(full_disk)) == 0


def test_a_full_disk_while_building_leaves_the_old_notebook(tmp_path, monkeypatch):
    made = fake_course.make(tmp_path)
    made.notebook.write_text("the old one", encoding="utf-8")

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        build.save(made, nbformat.v4.new_notebook())
    assert made.notebook.read_text(encoding="utf-8") == "the old one"


def test_a_start_writes_nothing(course):
    wrote = []

    def watch(event, args):
        if watching and event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
            if str(args[0]).startswith(str(course)):
                wrote.append(args[0])

    watching = True
    sys.addaudithook(watch)
    lesson.start("01")
    assert say_hi() == "hello" and "Nothing was spent" in repr(lesson.receipt())
    watching = False
    assert wrote == []


# --- the server by itself


def serve(*arguments, **settings):
    command = [sys.executable, "-m", "helpers.workshop.serve", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(**settings), capture_output=True, text=True, timeout=30)


def test_a_taken_port_is_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = serve("--port", str(other.getsockname()[1]), COURSE_MODE="replay")
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert "cannot be used" in done.stderr and "--port" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "settings", "words"),
    [
        (["--port", "99999"], {}, "Choose another"),
        (["--lesson", "77"], {}, "no lesson '77'"),
        ([], {"COURSE_MODE": "repaly"}, "takes auto"),
        ([], {"COURSE_RECORDINGS": "nowhere"}, "Correct COURSE_RECORDINGS"),
    ],
)
def test_serving_with_bad_arguments(course, monkeypatch, arguments, settings, words):
    from helpers.workshop import serve as module

    monkeypatch.setattr(sys, "argv", ["serve", *arguments])
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=words):
        module.main()


# --- kernels


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """The course in a folder with spaces and accents."""
    root = tmp_path_factory.mktemp("Mes études") / "Café – mon cours"
    for name in ("helpers", "data/course", "data/recordings/00", "data/recordings/01", "notebooks/assistant"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "notebooks" / "source").mkdir()
    for name in ("requirements.txt", "notebooks/00_get_ready.ipynb", "notebooks/01_make_your_first_call.ipynb"):
        shutil.copy(ROOT / name, root / name)
    return root


def code_of(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


REPLAY = {"COURSE_MODE": "replay", "COURSE_PACE": "0"}


def test_a_lesson_in_a_folder_with_spaces_and_accents_run_twice_from_another_folder(elsewhere):
    cells = code_of(elsewhere / "notebooks" / "01_make_your_first_call.ipynb")
    with Kernel(elsewhere / "notebooks" / "source", REPLAY) as kernel:
        first, second = ([list(kernel.run(cell)) for cell in cells] for _ in range(2))
        assert kernel.text("import helpers; print(helpers.__file__)").strip() == str(
            elsewhere / "helpers" / "__init__.py"
        )
    texts = [[output.get("text") for outputs in run for output in outputs] for run in (first, second)]
    assert texts[0] == texts[1] and any(texts[0])


def test_cells_out_of_order_and_two_notebooks_at_once(elsewhere):
    bootstrap, setup = code_of(elsewhere / "notebooks" / "01_make_your_first_call.ipynb")[:2]
    other_setup = code_of(elsewhere / "notebooks" / "00_get_ready.ipynb")[1]
    folder = elsewhere / "notebooks"
    with Kernel(folder, REPLAY) as one, Kernel(folder, REPLAY) as two:
        with pytest.raises(CellFailed, match="OPENAI_API_KEY"):  # the SDK's own sentence
            one.run(new_code_cell("import openai; openai.OpenAI()"))
        one.run(bootstrap)
        early = one.run(new_code_cell("from helpers import lesson; lesson.receipt()"), may_raise=True)
        assert "Run the set-up cell first" in early[0].evalue
        assert len("".join(early[0].traceback).splitlines()) == 1  # one sentence, no code of the course
        one.run(setup)
        two.run(bootstrap)
        two.run(other_setup)
        where = "import os; print(os.environ['OPENAI_BASE_URL'])"
        assert one.text(where) != two.text(where)
        call = "import openai\ntry: openai.OpenAI().models.list()\nexcept openai.APIStatusError: pass"
        one.run(new_code_cell(call))
        assert [kernel.text("print(len(lesson.exchanges()))").strip() for kernel in (one, two)] == ["1", "0"]


class Slow:
    """A stand-in for the API whose streams take two seconds, or no time."""

    def __init__(self):
        self.wait = 0.05
        self.server = LoopbackServer(self.answer)
        self.server.start()

    def answer(self, handler):
        handler.read_body()
        handler.start_stream(200, {"content-type": "text/event-stream"})
        for number in range(40):
            chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
            chunk["choices"] = [{"index": 0, "delta": {"content": f"{number} "}}]
            handler.send_chunk(f"data: {json.dumps(chunk)}\n\n".encode())
            time.sleep(self.wait)
        handler.send_chunk(b"data: [DONE]\n\n")
        handler.end_stream()


STREAM = f"""
import sys, openai
sys.path.insert(0, {str(ROOT)!r})
from helpers import lesson
lesson.start("01")
for part in openai.OpenAI().chat.completions.create(**{REQUEST}, stream=True):
    print(part.choices[0].delta.content, end="", flush=True)
"""


def test_a_kernel_stopped_and_restarted_in_mid_stream(tmp_path):
    slow = Slow()
    settings = {"COURSE_MODE": "record", "COURSE_RECORDINGS": str(tmp_path), "COURSE_UPSTREAM": slow.server.url + "/v1"}
    manager, client = start_new_kernel(env=environment(**settings), cwd=str(tmp_path))

    def begin():
        return client.execute(STREAM, stop_on_error=False)

    def until(words, run):
        """Waits for words in the output of one run of the cell."""
        said = ""
        while words not in said:
            message = client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") == run:
                said += message["content"].get("text", "") + message["content"].get("ename", "")

    def files():
        return sorted(path.name for path in tmp_path.rglob("*") if path.is_file())

    try:
        until("0 1 2 ", begin())
        manager.restart_kernel(now=True)
        client.wait_for_ready(timeout=60)
        assert files() == []  # nothing half-written
        stopped = begin()
        until("0 1 2 ", stopped)
        manager.interrupt_kernel()
        until("KeyboardInterrupt", stopped)
        slow.wait = 0
        until("38 39", begin())
        end = time.monotonic() + 20
        while len(files()) < 2 or any(name.endswith(".new") for name in files()):  # the stopped one, and the last
            assert time.monotonic() < end, files()
            time.sleep(0.05)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        slow.server.close()
    kept = Recordings(tmp_path / "01").all()  # a damaged one would raise
    assert [recording["response"]["events"][-1][1] for recording in kept] == ["[DONE]"] * 2


@pytest.mark.skipif(os.name == "nt", reason="a test cannot press Ctrl+C for another process on Windows")
def test_ctrl_c_while_recording_leaves_the_old_recordings(tmp_path):
    slow = fake_course.SOURCE.replace(
        "lesson.receipt()", "import asyncio\nopen('begun', 'w').close()\nawait asyncio.sleep(60)"
    )
    made = fake_course.make(tmp_path, slow)
    made.recordings.mkdir(parents=True)
    (made.recordings / "old.json").write_text("old", encoding="utf-8")
    script = f"""
        import sys
        sys.path[:0] = [{str(ROOT)!r}]
        from helpers.workshop import record
        from helpers.workshop.lessons import choose
        from pathlib import Path
        record.all_lessons = record.choose = lambda names=(): choose(["00"], Path({str(tmp_path)!r}))
        sys.exit(record.main(["--authored"]))
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        start_new_session=True,  # Ctrl+C reaches every process of a terminal
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    end = time.monotonic() + 30
    while not (tmp_path / "notebooks" / "begun").exists():
        assert time.monotonic() < end and process.poll() is None, process.communicate()
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Stopped. The recordings of lesson 00 are as they were." in errors and "Traceback" not in errors
    assert [path.name for path in made.recordings.iterdir()] == ["old.json"]
    assert not list((tmp_path / ".cache").rglob("*"))
