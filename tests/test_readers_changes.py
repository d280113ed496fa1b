"""What two readers changed in the lessons: every change gets an answer, the API's refusal, or the quiet note."""

import http.client
import json
from collections import Counter
from urllib.parse import urlsplit

import pytest
from exchanges import serve
from nbformat.v4 import new_code_cell
from readers_changes import CHAT, NEW, REFUSED, SAME, changes
from standin_stub import Stub

from helpers.proxy import note
from helpers.proxy.recordings import Recordings
from helpers.setup.errors import NO_RECORDING
from helpers.setup.files import ROOT
from helpers.workshop.notebooks.kernel import Kernel

CHANGES = changes()


def answered_by():
    """Sends every change to a server with the recordings of its lesson.

    Returns:
        (change, how it was answered, status, error or None) for each.
    """
    server = serve()
    found, lesson = [], None
    for change in CHANGES:
        if change.lesson != lesson:
            lesson = change.lesson
            recordings = Recordings(ROOT / "data" / "recordings" / lesson)
            server.begin(recordings)
        status, error = send(server, change)
        exchange = server.exchanges[-1]
        how = {"recording": "recorded", "rule": "refused", "miss": "note"}.get(exchange.source, exchange.source)
        if how == "recorded" and recordings.next(exchange.request) is None:
            how = "equivalent"
        if how == "recorded" and status >= 400:
            how = "refused"
        found.append((change, how, status, error))
    server.close()
    return found


def send(server, change):
    """The status and, where there is one, the error of an answer, which is read whole."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    headers = {"Authorization": f"Bearer {change.key}", "Content-Type": "application/json"}
    body = None if change.body is None else json.dumps(change.body)
    connection.request("GET" if body is None else "POST", change.path, body, headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, json.loads(content)["error"] if response.status >= 400 else None


@pytest.fixture(scope="module")
def alone():
    return answered_by()


@pytest.fixture(scope="module")
def beside_a_stand_in():
    stub = Stub()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_STANDIN_URL", stub.url)
        yield answered_by()
    stub.close()


def wrong(found, kind, allowed):
    return [(c.lesson, c.name, how, status) for c, how, status, _ in found if c.kind == kind and how not in allowed]


def test_there_are_139_of_them_and_no_two_are_the_same_change():
    assert len(CHANGES) == 139
    assert len({(change.lesson, change.name) for change in CHANGES}) == 139


def test_alone_each_is_recorded_or_refused_or_gets_the_note(alone):
    print("\nwithout a stand-in:", dict(Counter(how for _, how, *_ in alone)))
    assert wrong(alone, REFUSED, {"refused"}) == []
    assert wrong(alone, SAME, {"recorded", "equivalent"}) == []
    assert wrong(alone, NEW, {"recorded", "equivalent", "note"}) == []
    for change, how, status, error in alone:
        if how == "note":
            assert (status, error["code"]) == (note.STATUS, NO_RECORDING), change.name
        elif how == "refused":
            assert 400 <= status < 500 and error["code"] != NO_RECORDING, change.name
        else:
            assert status == 200, change.name


def test_beside_a_stand_in_each_that_the_api_would_take_is_answered(beside_a_stand_in):
    print("\nwith a stand-in:", dict(Counter(how for _, how, *_ in beside_a_stand_in)))
    assert wrong(beside_a_stand_in, REFUSED, {"refused"}) == []
    assert wrong(beside_a_stand_in, SAME, {"recorded", "equivalent"}) == []
    assert wrong(beside_a_stand_in, NEW, {"recorded", "equivalent", "stand-in"}) == []
    assert {status for change, _, status, _ in beside_a_stand_in if change.kind != REFUSED} == {200}


def code_of(change):
    """A cell that sends a change with the SDK."""
    return f"client.chat.completions.create(**{change.body!r})"


def test_in_a_notebook_none_shows_a_traceback_of_the_sdk(alone):
    """A sample: the first new chat of each lesson, and three refusals, which have the SDK's own error as live."""
    noted, refused = {}, []
    for change, how, *_ in alone:
        if change.path == CHAT and how == "note":
            noted.setdefault(change.lesson, change)
        elif change.path == CHAT and how == "refused" and change.key.startswith("replay"):
            refused.append(change)
    assert len(noted) >= 9
    with Kernel(ROOT / "notebooks", {"COURSE_MODE": "replay", "COURSE_PACE": "0"}) as kernel:
        kernel.run(new_code_cell("from helpers import lesson\nfrom openai import OpenAI"))
        for change in noted.values():
            kernel.run(new_code_cell(f"lesson.start({change.lesson!r})\nclient = OpenAI()"))
            *_, box, error = kernel.run(new_code_cell(code_of(change)), may_raise=True)
            assert "No answer is recorded" in box["data"]["text/plain"], change.name
            assert "<pre" in box["data"]["text/html"], change.name
            assert len(error.traceback) == 1 and len(error.traceback[0]) < 80, change.name
        for change in refused[:3]:
            kernel.run(new_code_cell(f"lesson.start({change.lesson!r})\nclient = OpenAI()"))
            error = kernel.run(new_code_cell(code_of(change)), may_raise=True)[-1]
            assert error.ename in ("BadRequestError", "NotFoundError"), change.name
