"""Why a lesson does not start: one sentence for each cause, which a notebook prints and the README lists.

Standard library only, and readable for old Pythons: `helpers` needs two of these before it knows what it runs in.
start.py has a table of its own, because it must run alone.
"""

KERNEL = (
    "Choose the kernel of the course's .venv (Kernel, Change Kernel; in VS Code at the top right), "
    "or run start.py in the course's folder first."
)
COLAB = "Run the first cell of this notebook again; what it prints says what is missing."

CAUSES = {
    "The notebook runs in an old Python": (
        "This notebook runs in Python {version} at {where}, and the course needs 3.11 or newer. {kernel}"
    ),
    "The notebook runs in a Python without the packages": (
        "This notebook runs in {where}, which lacks {names}. {kernel}"
    ),
    "A file of yours has the name of a package": (
        "Python finds {where} where it should find the package {name}. Rename that file and restart the kernel."
    ),
    "A package cannot be imported": (
        "The package {name} cannot be imported ({reason}). Run start.py in the course's folder again, "
        "then restart the kernel."
    ),
    "Another version of the SDK is in front": (
        "This kernel has openai {version} from {where}, and the course needs {wanted}. "
        "Take that folder out of PYTHONPATH, or run start.py again; then restart the kernel."
    ),
    "The file .env cannot be read": (
        ".env cannot be read ({reason}). It must be a text file that you may read: fix its permissions, or remove it."
    ),
    "A line of .env is not understood": (
        "Line {line} of .env is not understood, so {name} is not set. Write NAME=value, and close every quotation mark."
    ),
    "A setting is set twice": (
        "{names} set to one value in the environment and another in .env; the one in the environment is used."
    ),
    "The environment breaks the SDK": (
        "Ignoring {names}, which this Python cannot use. "
        'If calls fail: pip install "httpx2[socks]" adds support for SOCKS proxies.'
    ),
    "The SDK's client cannot be made": "OpenAI() cannot be made here: {reason}.",
    "A certificate is not trusted": (
        "The certificate of {host} is not trusted here; a company network often puts its own there. "
        "Set SSL_CERT_FILE to the file with that certificate."
    ),
    "OPENAI_BASE_URL is not an address": (
        "{name} is {value!r}{source}, which is not an address of an API: {reason}. "
        "Write it like https://api.openai.com/v1, without quotation marks, or leave it empty."
    ),
    "COURSE_MODE is misspelt": "COURSE_MODE is {value!r}{source}; it takes {modes}.",
    "A setting is not a number": "{name} is {value!r}{source}; it takes a number such as {default}.",
    "The recordings are missing": (
        "There is no folder {where} of recorded answers. "
        "Correct COURSE_RECORDINGS if it is set; else download the course again."
    ),
    "The key has a space in it": "The key in OPENAI_API_KEY has a space or a line break in it. Copy the key again.",
    "The key has quotation marks around it": "The key in OPENAI_API_KEY has quotation marks around it. Remove them.",
    "The key has characters that no key has": (
        "The key in OPENAI_API_KEY has characters that no key has. Copy it again from the page where it was made."
    ),
    "The placeholder is still there": ("OPENAI_API_KEY still holds a placeholder. Put your own key in its place."),
    "The key is another service's": (
        "The key in OPENAI_API_KEY is one for {name} ({prefix}…), so it was not sent to OpenAI. "
        "To use that service, set OPENAI_BASE_URL to its address."
    ),
    "The key is an admin key": (
        "The key in OPENAI_API_KEY is an admin key (sk-admin-…). It manages an organization and makes no calls: "
        "make a project key at {page}."
    ),
    "The key does not look like OpenAI's": (
        "The key in OPENAI_API_KEY does not start with sk-, so it isn't an OpenAI key. Is it in the right variable?"
    ),
    "The key was cut off": (
        "The key in OPENAI_API_KEY is too short or has characters that no key has. Copy the whole key again."
    ),
    "The key is in another variable": (
        "{name} holds what looks like a key, but the course reads only OPENAI_API_KEY. Rename it."
    ),
    "The key is in another file": (
        "There is a key in {name}, but the course reads only .env, beside start.py. Move it there."
    ),
    "The key has no name in .env": ("There is a key in .env, but no line OPENAI_API_KEY=… with it. Write that line."),
    "The course's folder cannot be written to": (
        "The course's folder cannot be written to, so files of this lesson go to {where}."
    ),
}


def say(cause, **facts):
    """The sentence for a cause, with its facts filled in. Raises KeyError for a cause that is not in the table."""
    return CAUSES[cause].format(**facts)
