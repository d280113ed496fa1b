"""For maintainers: what makes and checks the lessons. No lesson imports it."""

import sys

# nbformat imports jsonschema, whose check of international addresses (rfc3987_syntax 1.1) compiles a grammar for 0.9 s
# at its import (jsonschema's issue 1428). No notebook has such a field; jsonschema does without where it is missing.
# In pytest, notebooks/pytest_plugin.py brings this in before nbval.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
