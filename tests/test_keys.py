"""Keys: recognised by shape, never shown, kept only where asked."""

import os
import stat

import pytest

from helpers.setup import keys, preflight

BODY = "a1B2" * 12
KEY = "sk" + "-proj-" + BODY


@pytest.mark.parametrize(
    "key, word",
    [
        (None, "empty"),
        ("", "empty"),
        (KEY + " ", "space"),
        (" " + KEY, "space"),
        (KEY[:20] + "\n" + KEY[20:], "line break"),
        (f'"{KEY}"', "quotation"),
        (f"'{KEY}'", "quotation"),
        (f"“{KEY}”", "quotation"),
        (KEY[:-1] + "é", "characters"),
        ("sk" + "-your-key-here-xxxxxxxxxxxx", "placeholder"),
        ("AIza" + BODY, "sk-"),
        (KEY[:15], "too short"),
    ],
)
def test_what_is_wrong_with_a_key_is_said_without_showing_it(key, word):
    sentence = keys.problem(key)
    assert word in sentence
    assert not key or key.strip() not in sentence


def test_keys_of_both_kinds_are_fine():
    assert keys.problem(KEY) is None
    assert keys.problem("sk" + "-" + BODY) is None
    assert keys.problem("sk" + "-svcacct-" + BODY + "_-") is None


def test_a_description_holds_no_part_of_the_key():
    for key in (KEY, "sk" + "-" + BODY, BODY):
        words = keys.describe(key)
        assert str(len(key)) in words and BODY[:4] not in words
    assert keys.describe(None) == "no key"


def test_asking_keeps_the_key_in_the_file_and_prints_nothing_of_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("OPENAI_API_KEY", "")
    monkeypatch.setattr(keys.getpass, "getpass", lambda prompt: f"  {KEY} ")
    env = tmp_path / ".env"
    env.write_text("COURSE_CAP=1\nOPENAI_API_KEY=\n", encoding="utf-8")
    env.chmod(0o600)
    keys.ask(env)
    assert env.read_text(encoding="utf-8").split() == ["COURSE_CAP=1", f"OPENAI_API_KEY={KEY}"]
    assert os.environ["OPENAI_API_KEY"] == KEY
    assert BODY not in capsys.readouterr().out
    if os.name == "posix":
        assert stat.S_IMODE(env.stat().st_mode) == 0o600


def test_a_malformed_key_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "")
    monkeypatch.setattr(keys.getpass, "getpass", lambda prompt: "hello")
    with pytest.raises(ValueError, match="sk-"):
        keys.ask(tmp_path / ".env")
    assert not (tmp_path / ".env").exists() and os.environ["OPENAI_API_KEY"] == ""


# preflight


def rows(table):
    return {row[0]: row for row in table.rows}


def test_preflight_here_is_fine_and_shows_no_path_and_no_key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    table = preflight.report(network=False)
    text = repr(table) + table._repr_html_()
    assert rows(table)["Python"][2] == rows(table)["openai"][2] == rows(table)["API key"][2] == "fine"
    assert BODY[:8] not in text and str(preflight.ROOT) not in text


def test_preflight_names_what_is_to_mend(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", f'"{KEY}"')
    monkeypatch.setattr(preflight.sys, "version_info", (3, 9, 0))
    monkeypatch.setattr(preflight, "version", lambda name: "1.0")
    found = rows(preflight.report(network=False))
    assert "3.11" in found["Python"][3] and "pip install" in found["openai"][3] and "quotation" in found["API key"][3]
    assert {found[name][2] for name in ("Python", "openai", "API key")} == {"to mend"}


def test_preflight_tries_the_network_only_with_a_key_or_when_asked(monkeypatch):
    tried = []

    def refuse(address, timeout):
        tried.append(address)
        raise OSError("no route")

    monkeypatch.setattr(preflight.socket, "create_connection", refuse)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert rows(preflight.report())["Network"][2] == "not needed" and not tried
    assert rows(preflight.report(network=True))["Network"][2] == "to mend" and tried == [("api.openai.com", 443)]
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    preflight.report()
    assert len(tried) == 2
