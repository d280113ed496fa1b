"""The base of every error that the course raises for a learner to read. Old Pythons must be able to parse this."""

NO_RECORDING = "no_recording"  # `code` of the error that ends a request which nothing here can answer
INDENT = "    "  # begins the lines of a message that are there to be copied


class CourseError(Exception):
    """The course cannot do what was asked; the message says why and what to do."""

    def _render_traceback_(self) -> "list[str]":
        """What a notebook shows: the message. The course's own code above it would help nobody."""
        return ["{}: {}".format(type(self).__name__, self)]


def message_of(error: BaseException) -> str:
    """What an error says: the message in the body of an API error, or its own text."""
    body = getattr(error, "body", None)
    return body["message"] if isinstance(body, dict) and "message" in body else str(error)


def is_unanswered(error: "BaseException | None") -> bool:
    """Whether a request failed only because nothing here can answer it: no recording, no stand-in, no key."""
    return getattr(error, "code", None) == NO_RECORDING
