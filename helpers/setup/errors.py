"""The base of every error that the course raises for a learner to read. Old Pythons must be able to parse this."""


class CourseError(Exception):
    """The course cannot do what was asked; the message says why and what to do."""

    def _render_traceback_(self) -> "list[str]":
        """What a notebook shows: the message. The course's own code above it would help nobody."""
        return ["{}: {}".format(type(self).__name__, self)]
