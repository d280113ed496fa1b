"""Small modules that the lessons import, one idea each. First of all: is this a Python that can run them?

Standard library only, and readable for old Pythons, because what runs here may be any kernel of the machine.
"""

import importlib
import importlib.util
import os
import sys

# What every lesson needs, by the name under which it is imported and the one under which it is installed.
NEEDED = (
    ("openai", "openai"),
    ("dotenv", "python-dotenv"),
    ("genai_prices", "genai-prices"),
    ("ipywidgets", "ipywidgets"),
    ("numpy", "numpy"),
    ("matplotlib", "matplotlib"),
)


def _trouble():
    """Why lessons cannot run in this Python, as a cause and its facts; None when they can."""
    if sys.version_info < (3, 11):
        version = "{}.{}".format(*sys.version_info)
        return "The notebook runs in an old Python", {"version": version, "where": sys.executable}
    missing = []
    for name, package in NEEDED:
        found = sys.modules.get(name) or importlib.util.find_spec(name)
        if found is None:
            missing.append(package)
            continue
        where = getattr(found, "origin", None) or getattr(found, "__file__", None) or ""
        package_folder, file = os.path.split(where)
        # Each of these is a folder of many files, and none is in the folder where a notebook runs.
        if where and (file != "__init__.py" or os.path.dirname(package_folder) == os.getcwd()):
            return "A file of yours has the name of a package", {"where": where, "name": name}
    if missing:
        where = "Colab" if "google.colab" in sys.modules else sys.executable
        return "The notebook runs in a Python without the packages", {"where": where, "names": ", ".join(missing)}
    return None


def _check():
    importlib.invalidate_caches()  # on Colab, packages have just come into a folder that was read before
    trouble = _trouble()
    if trouble is not None:
        from .setup import causes
        from .setup.errors import CourseError

        advice = causes.COLAB if "google.colab" in sys.modules else causes.KERNEL
        raise CourseError(causes.say(trouble[0], kernel=advice, **trouble[1]))


_check()
