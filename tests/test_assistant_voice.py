"""The sixth version of the assistant: what it refuses to listen to, what it asks for, and what it writes."""

import base64
import importlib.util
from pathlib import Path
from types import SimpleNamespace

import httpx2
import openai
import pytest

from helpers import models
from helpers.setup.files import ROOT

SCRIPT = ROOT / "notebooks" / "assistant" / "v6_voice.py"


@pytest.fixture
def assistant(tmp_path, monkeypatch):
    """The script as a module, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    spec = importlib.util.spec_from_file_location("v6_voice", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def listening(text, sent):
    """A client that hears `text` and notes what it was sent."""

    def create(model, file):
        sent.append((model, file.read()))
        return SimpleNamespace(text=text, usage=SimpleNamespace(seconds=3))

    return SimpleNamespace(audio=SimpleNamespace(transcriptions=SimpleNamespace(create=create)))


def speaking(audio, asked):
    def create(**request):
        asked.append(request)
        message = SimpleNamespace(audio=audio)
        return SimpleNamespace(usage="counted", choices=[SimpleNamespace(message=message)])

    return SimpleNamespace(chat=SimpleNamespace(completions=SimpleNamespace(create=create)))


def test_its_models_are_those_of_the_course(assistant):
    assert (assistant.MODEL, assistant.EARS, assistant.VOICE) == (models.SMALL, models.TRANSCRIBE, models.AUDIO_CHAT)
    assert not any(models.shutdown(name) for name in (assistant.EARS, assistant.VOICE))


@pytest.mark.parametrize("typed", ["/listen", "/listen nothing.wav", "/listen notes.txt", "/listen ."])
def test_what_is_no_sound_file_is_not_sent(assistant, typed):
    Path("notes.txt").write_text("x", encoding="utf-8")
    sent = []
    with pytest.raises(ValueError, match="path of a sound file"):
        assistant.hear(listening("Hello", sent), typed, [])
    assert sent == []


def test_what_is_too_large_is_not_sent(assistant, monkeypatch):
    monkeypatch.setattr(assistant, "LARGEST_SOUND", 3)
    Path("long.wav").write_bytes(b"1234")
    with pytest.raises(ValueError, match="too large"):
        assistant.hear(None, "/listen long.wav", [])


@pytest.mark.parametrize("typed", ['/listen "my question.MP3"', "/listen my question.MP3"])
def test_a_file_is_heard_and_shown(assistant, capsys, typed):
    Path("my question.MP3").write_bytes(b"sound")
    sent, heard = [], []
    assert assistant.hear(listening("How far?", sent), typed, heard) == "How far?"
    assert sent == [(models.TRANSCRIBE, b"sound")] and heard[0].seconds == 3
    assert "You said: How far?" in capsys.readouterr().out


def test_silence_is_no_question_and_is_counted(assistant):
    Path("quiet.wav").write_bytes(b"sound")
    heard = []
    with pytest.raises(ValueError, match="no words"):
        assistant.hear(listening(" ", []), "/listen quiet.wav", heard)
    assert len(heard) == 1


def test_an_answer_is_written_as_sound(assistant, capsys):
    audio = SimpleNamespace(data=base64.b64encode(b"mp3").decode(), transcript="Nine.")
    asked, usages = [], []
    assistant.speak(speaking(audio, asked), "Nine.", usages)
    assert Path("answer.mp3").read_bytes() == b"mp3" and usages == ["counted"]
    assert asked[0]["messages"][-1] == {"role": "user", "content": "Nine."}
    assert "answer.mp3 says: Nine." in capsys.readouterr().out


def test_an_answer_without_sound_writes_nothing(assistant, capsys):
    assistant.speak(speaking(None, []), "Nine.", [])
    assert not Path("answer.mp3").exists() and "no sound" in capsys.readouterr().out


def test_there_is_nothing_to_read_before_the_first_answer(assistant, monkeypatch, capsys):
    monkeypatch.setenv("OPENAI_API_KEY", "test-" + "key")
    typed = iter(["/speak", "/listen nothing.wav", "quit"])
    monkeypatch.setattr("builtins.input", lambda _prompt="": next(typed))
    assistant.main()
    out = capsys.readouterr().out
    assert "There is no answer yet." in out and "path of a sound file" in out and "Seconds heard: 0." in out


@pytest.mark.parametrize("version", ["v6_voice", "v7_documents", "v8_whole"])
@pytest.mark.parametrize(
    ("typed", "kind", "model", "ends"),
    [
        ("Hello", openai.AuthenticationError, "", True),
        ("Hello", openai.NotFoundError, models.SMALL, True),
        ("Hello", openai.PermissionDeniedError, "", False),
        ("/listen a.wav", openai.AuthenticationError, "", True),
        ("/listen a.wav", openai.NotFoundError, models.TRANSCRIBE, False),
        ("/listen a.wav", openai.PermissionDeniedError, "", False),
    ],
)
def test_only_the_key_and_the_chat_model_end_a_session(version, typed, kind, model, ends, monkeypatch, capsys):
    spec = importlib.util.spec_from_file_location(version, SCRIPT.with_name(f"{version}.py"))
    assistant = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(assistant)
    response = httpx2.Response(400, request=httpx2.Request("POST", "http://localhost"))

    def fails(*_):
        raise kind(f"The model `{model}` does not exist", response=response, body=None)

    monkeypatch.setenv("OPENAI_API_KEY", "test-" + "key")
    monkeypatch.setattr(assistant, "reply", fails)
    monkeypatch.setattr(assistant, "hear", fails)
    lines = iter([typed, "quit"])
    monkeypatch.setattr("builtins.input", lambda _prompt="": next(lines))
    assistant.main()
    assert list(lines) == (["quit"] if ends else [])
    assert capsys.readouterr().out.endswith("Goodbye.\n")
