"""The base of every error that the course raises for a learner to read."""

from __future__ import annotations


class CourseError(Exception):
    """The course cannot do what was asked; the message says why and what to do."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the message. The course's own code above it would help nobody."""
        return [f"{type(self).__name__}: {self}"]
