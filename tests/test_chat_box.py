"""The chat box: what it sends, what it shows, and that a message without an answer leaves no trace."""

import warnings

import httpx2
import openai
import pytest

from helpers.demos import chat_box
from helpers.demos.chat_box import ChatBox

RULES = {"role": "developer", "content": "Be brief."}


def turn(question, answer):
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]


def echo(conversation):
    return f"You said: {conversation[-1]['content']}"


def fails(error):
    def ask(conversation):
        conversation.append({"role": "assistant", "content": "half an answer"})
        raise error

    return ask


def press_enter(box):
    """What the browser sends to the kernel when Enter is pressed in the field."""
    box.message._handle_custom_msg({"event": "submit"}, [])


def offered(box):
    return [value for _, value in box.menu.options if value]


def api_error(status, message, code):
    request = httpx2.Request("POST", "http://localhost/v1/chat/completions")
    body = {"message": message, "type": "course_replay", "param": None, "code": code}
    return openai.APIStatusError(message, response=httpx2.Response(status, request=request), body=body)


def test_a_message_and_its_answer_join_the_conversation():
    seen = []
    box = ChatBox(lambda conversation: seen.append(list(conversation)) or "Hello!", "Be brief.")
    box.send("  Hi  ")
    assert seen == [[RULES, {"role": "user", "content": "Hi"}]]
    assert box.conversation == [RULES, *turn("Hi", "Hello!")]
    assert box.message.value == box.notice.value == ""
    assert not box.button.disabled


def test_without_instructions_there_is_no_developers_message():
    box = ChatBox(echo)
    box.send("Hi")
    assert [message["role"] for message in box.conversation] == ["user", "assistant"]


def test_enter_and_the_button_send_what_stands_in_the_field():
    box = ChatBox(echo)
    box.message.value = "one"
    press_enter(box)
    box.message.value = "two"
    box.button.click()
    box.message._handle_custom_msg({"event": "something else"}, [])
    assert box.conversation == [*turn("one", "You said: one"), *turn("two", "You said: two")]


def test_no_part_of_ipywidgets_that_is_on_its_way_out_is_used():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        box = ChatBox(echo, paths=[["one"]])
        box.send("one")
        box.reset()


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_message_is_not_sent(text):
    box = ChatBox(fails(AssertionError("was sent")))
    box.send(text)
    assert box.conversation == []
    assert "Your message is empty. Type something" in box.notice.value


@pytest.mark.parametrize("error", [ValueError("no tea"), KeyboardInterrupt()])
def test_a_failed_turn_is_taken_back_as_a_whole_and_can_be_sent_again(error):
    box = ChatBox(echo, "Be brief.")
    box.send("one")
    before = list(box.conversation)
    box._ask = fails(error)
    box.send("two")
    assert box.conversation == before
    assert box.message.value == "two"
    assert "<s>two</s>" in box.log.value and "half an answer" not in box.log.value
    assert str(error) in box.notice.value and "role=" in box.notice.value
    assert not box.button.disabled
    box._ask = echo
    press_enter(box)
    assert box.conversation == [*before, *turn("two", "You said: two")]
    assert box.notice.value == ""


def test_a_turn_that_shortened_the_memory_and_then_failed_gives_it_back():
    def forgetful(conversation):
        del conversation[:2]
        raise ValueError

    box = ChatBox(echo)
    box.send("one")
    box._ask = forgetful
    box.send("two")
    assert box.conversation == turn("one", "You said: one")


def test_an_error_shows_no_key_and_no_markup():
    key = "sk-" + "planted" * 4
    box = ChatBox(fails(ValueError(f"<b>{key}</b>")))
    box.send("Hi")
    assert key not in box.notice.value
    assert "&lt;b&gt;" in box.notice.value
    assert 'role="alert"' in box.notice.value


def test_a_message_that_was_not_recorded_is_told_apart_from_an_error():
    box = ChatBox(fails(api_error(424, "The closest one, <sky>, differs.", "no_recording")), paths=[["one"]])
    box.send("<Hi>")
    assert "No answer is recorded for this message here" in box.notice.value
    assert "The closest one, &lt;sky&gt;, differs." in box.notice.value
    assert "alert" not in box.notice.value
    assert box.conversation == [] and box.message.value == ""


def test_other_answers_of_the_api_with_the_same_status_are_errors():
    box = ChatBox(fails(api_error(424, "Not built.", "other")))
    box.send("Hi")
    assert "Not built." in box.notice.value and "alert" in box.notice.value


def test_each_attempt_can_be_seen():
    box = ChatBox(fails(ValueError("no tea")))
    box.send("two")
    first = box.log.value
    box.send("two")
    assert box.log.value != first and box.log.value.count("<s>two</s>") == 2
    box.reset()
    assert "two" not in box.log.value


def test_what_is_said_is_shown_as_text():
    box = ChatBox(lambda conversation: "<script>1 < 2</script>")
    box.send("<i>is it</i>?")
    assert "<script>" not in box.log.value and "<i>is" not in box.log.value
    box._ask = fails(ValueError())
    box.send("<u>too bad</u>")
    assert "<u>" not in box.log.value and "&lt;u&gt;too bad" in box.log.value
    assert "&lt;script&gt;1 &lt; 2&lt;/script&gt;" in box.log.value


def test_what_tools_and_developers_say_is_not_shown():
    def with_tool(conversation):
        call = {"id": "c", "type": "function", "function": {"name": "time", "arguments": "{}"}}
        conversation.append({"role": "assistant", "content": None, "tool_calls": [call]})
        conversation.append({"role": "tool", "tool_call_id": "c", "content": "secret noon"})
        return "It is noon."

    box = ChatBox(with_tool, "Be brief.")
    box.send("What time is it?")
    assert [message["role"] for message in box.conversation] == ["developer", "user", "assistant", "tool", "assistant"]
    assert "It is noon." in box.log.value
    assert "secret noon" not in box.log.value and "Be brief." not in box.log.value


def test_the_menu_offers_how_the_paths_go_on():
    box = ChatBox(echo, paths=[["a", "b", "c"], ["a", "d"], ["e"]])
    assert offered(box) == ["a", "e"]
    assert box.menu.label == "choose a message …"
    box.send("a")
    assert offered(box) == ["b", "d"]
    box.send("d")
    assert offered(box) == []
    assert box.menu.options[0][0] == "no suggestion from here; type, or reset"
    box.reset_button.click()
    assert box.conversation == [] and offered(box) == ["a", "e"]


def test_choosing_from_the_menu_fills_the_field_and_sends_nothing():
    box = ChatBox(echo, paths=[["a", "b"]])
    box.menu.value = "a"
    assert box.message.value == "a" and box.conversation == []
    box.send()
    assert box.conversation == turn("a", "You said: a")
    assert box.menu.value == ""


def test_off_the_paths_the_menu_is_empty():
    box = ChatBox(echo, paths=[["a", "b"]])
    box.send("x")
    assert offered(box) == []


@pytest.mark.parametrize(("paths", "there"), [([["a"]], True), ([], False)])
def test_without_paths_there_is_no_menu(paths, there):
    box = ChatBox(echo, paths=paths)
    assert (box.menu in box.widget.children) is there


def test_the_footer_follows_the_conversation():
    box = ChatBox(echo, "Be brief.", footer=lambda conversation: f"{len(conversation)} < messages")
    assert box.foot.value == "<small>1 &lt; messages</small>"
    box.send("Hi")
    assert box.foot.value == "<small>3 &lt; messages</small>"


def test_the_button_rests_while_an_answer_is_awaited():
    during = []
    box = ChatBox(lambda conversation: during.append((box.button.disabled, box.log.value)) or "yes")
    box.send("Are you busy?")
    [(disabled, log)] = during
    assert disabled and "Are you busy?" in log


def test_a_notebook_shows_the_widget_and_a_reader_without_one_the_sentence(monkeypatch):
    shown = []
    monkeypatch.setattr(chat_box.widgets, "show", lambda widget, sentence: shown.append((widget, sentence)))
    box = ChatBox(echo, description="A box to chat in.")
    box._ipython_display_()
    assert shown == [(box.widget, "A box to chat in.")]


def test_a_footer_that_fails_leaves_a_box_that_works_after_reset():
    """A footer once read a reply before there was one, and Send stayed grey for good."""
    replies = []

    def answer(conversation):
        if conversation[-1]["content"] == "Hi":
            replies.append("Hello!")
        return "Hello!"

    box = ChatBox(answer, footer=lambda conversation: replies[len(conversation) // 2 - 1] if conversation else "")
    box.send("Who?")
    assert "IndexError" in box.notice.value and not box.button.disabled and box.conversation == []
    box.reset()
    assert box.notice.value == "" and not box.button.disabled
    box.send("Hi")
    assert box.foot.value == "<small>Hello!</small>"


def test_a_footer_that_fails_at_the_start_is_a_sentence():
    box = ChatBox(echo, footer=lambda conversation: str(1 / 0))
    assert "ZeroDivisionError" in box.notice.value and not box.button.disabled
    box.reset()
    assert "ZeroDivisionError" in box.notice.value and not box.button.disabled
