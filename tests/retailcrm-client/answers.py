"""What every part of the drive checks answers with; the first that is not as the client's users know it ends the run."""

import json
import sys
import time

checked = 0


def shown(value):
    return json.dumps(value, ensure_ascii=False)[:800]


def answered(name, response, status=200, error=None):
    """The body of an answer with this status, and the client's own view of it."""
    global checked
    body = response.get_response() if hasattr(response, "get_response") else {}
    if response.get_status_code() != status or response.is_successful() != (status < 400):
        sys.exit(f"{name}: {response.get_status_code()} instead of {status}: {shown(body)}")
    if error is not None and response.get_error_msg() != error:
        sys.exit(f"{name}: {response.get_error_msg()!r} instead of {error!r}")
    checked += 1
    return body


def same(name, found, expected):
    global checked
    if found != expected:
        sys.exit(f"{name}: {shown(found)} instead of {shown(expected)}")
    checked += 1


def wait(name, attempt):
    """What follows from a message follows in a moment, not in the same one."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = attempt()
        if found:
            return found
        time.sleep(0.05)
    sys.exit(f"{name}: in vain")
