"""For maintainers: what makes and checks the lessons. No lesson imports it."""
