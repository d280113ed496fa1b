"""The base of every error that the course raises for a learner to read. Old Pythons must be able to parse this."""


class CourseError(Exception):
    """The course cannot do what was asked; the message says why and what to do."""

    def _render_traceback_(self) -> "list[str]":
        """What a notebook shows: the message. The course's own code above it would help nobody."""
        return ["{}: {}".format(type(self).__name__, self)]


def message_of(error: BaseException) -> str:
    """What an error says: the message in the body of an API error, or its own text."""
    body = getattr(error, "body", None)
    return body["message"] if isinstance(body, dict) and "message" in body else str(error)
