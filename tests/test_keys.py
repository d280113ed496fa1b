"""Keys: recognised by shape, never shown, kept only where asked."""

import os
import shutil
import ssl
import stat
import subprocess
import sys
from random import Random
from string import ascii_letters, digits

import pytest
from packaging.requirements import Requirement

from helpers.proxy.http import LoopbackServer
from helpers.setup import environment, keys, preflight

BODY = "a1B2" * 12
KEY = "sk" + "-proj-" + BODY


@pytest.fixture(autouse=True)
def no_earlier_start(monkeypatch):
    for name in ("_put", "_file"):
        monkeypatch.setattr(environment, name, {})
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]


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
        ("hello", "sk-"),
        ("sk" + "-ant-api03-" + BODY, "Anthropic"),
        ("sk" + "-or-v1-" + BODY, "OpenRouter"),
        ("sk" + "-lf-" + BODY, "Langfuse"),
        ("AIza" + BODY, "Google"),
        ("gsk_" + BODY, "Groq"),
        ("xai-" + BODY, "xAI"),
        ("hf_" + BODY, "Hugging Face"),
        ("sk" + "-admin-" + BODY, "makes no calls"),
        ("sk" + "-…", "characters"),
        ("sk" + "-<insert>" + BODY, "placeholder"),
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


@pytest.mark.parametrize("key", ["ollama", "gsk_" + BODY, "sk" + "-ant-" + BODY])
def test_another_service_has_keys_of_its_own_shape(key):
    assert keys.problem(key) and keys.problem(key, elsewhere=True) is None
    assert keys.problem(f'"{key}"', elsewhere=True)


def test_a_random_key_is_no_placeholder():
    random = Random(1)
    for _ in range(50_000):
        key = "sk" + "-proj-" + "".join(random.choices(ascii_letters + digits + "-_", k=156))
        assert keys.problem(key) is None, key


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
    assert rows(table)["Python"][2] == rows(table)["Packages"][2] == rows(table)["API key"][2] == "fine"
    assert BODY[:8] not in text and str(preflight.ROOT) not in text


def test_preflight_names_what_is_to_fix(monkeypatch, tmp_path):
    monkeypatch.setenv("OPENAI_API_KEY", f'"{KEY}"')
    monkeypatch.setattr(preflight.sys, "version_info", (3, 9, 0))
    monkeypatch.setattr(preflight, "requirements", lambda: [Requirement("openai<2"), Requirement("never-written")])
    found = rows(preflight.report(network=False))
    assert "3.11" in found["Python"][3] and "pip install" in found["openai"][3] and "quotation" in found["API key"][3]
    assert found["never-written"][1] == "missing"
    assert {found[name][2] for name in ("Python", "openai", "never-written", "API key")} == {"to fix"}


def test_preflight_imports_what_lessons_need(monkeypatch, tmp_path):
    """A package that is installed may still not be importable: half of it is gone, or a library of the system."""
    broken = tmp_path / "pypdf"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('libmagic is gone')", encoding="utf-8")
    for name in [name for name in sys.modules if name.split(".")[0] == "pypdf"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)
    assert rows(preflight.report(network=False))["pypdf"][2] == "to fix"


@pytest.mark.parametrize(
    ("state", "code", "needs"),
    [
        ("fine", "jupyterlab/labapp.py", "packaging>=20"),
        ("to fix", "jupyterlab/gone.py", "packaging>=20"),
        ("to fix", "jupyterlab/labapp.py", "packaging<1"),
        ("to fix", "jupyterlab/labapp.py", "never-written"),
        ("fine", "jupyterlab/labapp.py", "never-written; extra == 'test'"),
    ],
)
def test_preflight_looks_over_what_it_does_not_import(monkeypatch, tmp_path, state, code, needs):
    """JupyterLab, of which a file is gone, or a package that it needs."""
    (tmp_path / "jupyterlab").mkdir()
    (tmp_path / "jupyterlab" / "labapp.py").write_text("raise SystemExit('imported')", encoding="utf-8")
    info = tmp_path / "jupyterlab-4.5.0.dist-info"
    info.mkdir()
    about = f"Metadata-Version: 2.1\nName: jupyterlab\nVersion: 4.5.0\nRequires-Dist: {needs}\n"
    (info / "METADATA").write_text(about, encoding="utf-8")
    (info / "RECORD").write_text(f"{code},,\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(preflight, "requirements", lambda: [Requirement("jupyterlab")])
    found = rows(preflight.report(network=False))
    assert found.get("jupyterlab", found["Packages"])[2] == state


def test_preflight_tries_the_network_only_with_a_key_or_when_asked(monkeypatch):
    asked = []
    server = LoopbackServer(lambda handler: (asked.append(handler.path), handler.send_json(401, {})))
    server.start()
    monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
    monkeypatch.delenv("COURSE_UPSTREAM", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert rows(preflight.report())["Network"][2] == "not needed" and not asked
    assert rows(preflight.report(network=True))["Network"][1] == "127.0.0.1 answers" and asked == ["/v1/models"]
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    preflight.report()
    assert len(asked) == 2
    server.close()
    assert rows(preflight.report())["Network"][2] == "to fix"


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
def test_a_certificate_that_is_not_trusted_is_not_called_a_network_problem(monkeypatch, tmp_path):
    """A real one, signed by nobody; and trusted once SSL_CERT_FILE names it."""
    pair = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run([*make.split(), "-keyout", pair[0], "-out", pair[1]], check=True, capture_output=True)
    server = LoopbackServer(lambda handler: handler.send_json(401, {}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair[1], pair[0])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.start()
    monkeypatch.setenv("OPENAI_BASE_URL", server.url.replace("http:", "https:"))
    monkeypatch.delenv("COURSE_UPSTREAM", raising=False)
    row = rows(preflight.report(network=True))["Network"]
    assert row[2] == "to fix" and "certificate of 127.0.0.1 is not trusted" in row[3] and "SSL_CERT_FILE" in row[3]
    monkeypatch.setenv("SSL_CERT_FILE", str(pair[1]))
    assert rows(preflight.report(network=True))["Network"][1] == "127.0.0.1 answers"
    server.close()
