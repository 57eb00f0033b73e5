"""The lines that `paradex simulate` prints for paradex-py and ccxt, run as they are."""

import os

import ccxt
from paradex_py import Paradex

from support import step

lines = os.environ["SIMULATED_TEXT"].splitlines()


def printed_for(name):
    """The line that begins with the name, and those below it that begin with spaces."""
    first = next(number for number, line in enumerate(lines) if line.startswith(name + " "))
    block = [lines[first].removeprefix(name)]
    for line in lines[first + 1 :]:
        if not line.startswith(" "):
            break
        block.append(line)
    return "\n".join(line.strip() for line in block)


address = next(line.split()[1] for line in lines if line.strip().startswith("address "))

with step("connect paradex-py"):
    client = eval(printed_for("paradex-py"), {"Paradex": Paradex})
    assert client.api_client.fetch_account_summary().account == address

with step("connect ccxt"):
    names = {"ccxt": ccxt}
    exec(printed_for("ccxt"), names)
    names["exchange"].authenticate_rest()
    assert names["exchange"].privateGetAccount()["account"] == address
