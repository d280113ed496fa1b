"""On Colab every kernel has imported this package before the first cell."""

import google.colab  # noqa: F401
