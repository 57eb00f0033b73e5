"""What the scripts share: the running simulators, steps with a name, refusals, and lists of several pages."""

import json
import os
import time
from contextlib import contextmanager

#: What `paradex simulate --json` printed: `base_url`, `chain_id`, `seed` and `accounts`.
EXCHANGE = json.loads(os.environ.get("SIMULATED_EXCHANGE", "null"))
#: The same of a second simulator, whose sessions live for two seconds.
SHORT_SESSIONS = json.loads(os.environ.get("SIMULATED_SHORT_SESSIONS", "null"))
#: The same of two more, whose prices stand still. The second one sends private channels in JSON.
STILL = json.loads(os.environ.get("SIMULATED_STILL", "null"))
PRIVATE_JSON = json.loads(os.environ.get("SIMULATED_PRIVATE_JSON", "null"))
#: The same of one with liquidity whose prices move a thousand times as fast, so that funding is due in less than a second.
FAST = json.loads(os.environ.get("SIMULATED_FAST", "null"))

MARKET = "BTC-USD-PERP"


@contextmanager
def step(name):
    """Prints a step when it has passed. A step that fails ends the script with its traceback."""
    try:
        yield
    except BaseException:
        print(f"FAILED  {name}", flush=True)
        raise
    print(f"passed  {name}", flush=True)


def refused(call, *texts):
    """Fails unless the call raises an error that contains all texts."""
    try:
        result = call()
    except Exception as error:  # each client has its own type
        shown = f"{type(error).__name__}: {error}"
        missing = [text for text in texts if text not in shown]
        assert not missing, f"{missing} not in {shown}"
    else:
        raise AssertionError(f"it was accepted: {result!r}")


def all_results(fetch):
    """The results of all pages of a list."""
    found, query = [], {"market": MARKET, "page_size": 90}
    while True:
        page = fetch(query)
        found += page["results"]
        if not page["next"]:
            return found
        query = {**query, "cursor": page["next"]}


def outlive(seconds):
    """Waits until a session has expired. Only the clock of the simulator ends it."""
    time.sleep(seconds)
