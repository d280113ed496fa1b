"""The watch over the network sees what it must see, in child processes too."""

import os
import subprocess
import sys

import pytest

TRIES = {
    "a name": "import socket; socket.getaddrinfo('api.openai.com', 443)",
    "an address": "import socket; socket.create_connection(('192.0.2.1', 9), timeout=1)",
    "an IPv6 address": "import socket; socket.socket(socket.AF_INET6).connect(('2001:db8::1', 9))",
    "a datagram": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
    "a caught error": "import socket\ntry: socket.gethostbyname('example.invalid')\nexcept OSError: pass",
}
LOOPBACK = """
import socket
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(("localhost", server.getsockname()[1]), timeout=5)
socket.gethostbyname(socket.gethostname())
"""


def run(code, log):
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"NETWORK_GUARD_LOG": str(log)},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("code", TRIES.values(), ids=TRIES.keys())
def test_leaving_the_machine_is_seen(code, tmp_path):
    run(code, tmp_path / "log")
    assert len((tmp_path / "log").read_text(encoding="utf-8").splitlines()) == 1


def test_leaving_the_machine_raises(tmp_path):
    done = run(TRIES["an address"], tmp_path / "log")
    assert done.returncode == 1
    assert "A test tried to reach 192.0.2.1" in done.stderr


def test_loopback_is_free(tmp_path):
    done = run(LOOPBACK, tmp_path / "log")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "log").exists()


def test_the_environment_is_that_of_a_learner_without_a_key():
    assert os.environ["COURSE_MODE"] == "replay"
    assert "OPENAI_API_KEY" not in os.environ
    assert not [name for name in os.environ if name.upper() in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")]
