"""A simulator that a script starts itself, kills, and starts again from its trading log."""

import json
import os
import random
import subprocess
from pathlib import Path

from support import MARKET

#: The price around which the script of prices moves.
CENTER = 30_000


class Simulation:
    """`paradex simulate` with liquidity, a trading log, and a script of prices that follows from a seed."""

    def __init__(self, folder, seed):
        self.folder = Path(folder)
        self.seed = seed
        self.port = 0
        self._write_prices()
        self.start()

    def _write_prices(self):
        choose, price = random.Random(f"prices {self.seed}"), CENTER
        rows = []
        for number in range(7_200):
            price = min(max(price + choose.randint(-40, 40), CENTER - 150), CENTER + 150)
            rows.append(f"{number / 2},{MARKET},{price}\n")
        (self.folder / "prices.csv").write_text("".join(rows))

    def start(self):
        """Starts it, and waits until it accepts requests. Later starts listen on the same port."""
        options = {
            "--port": self.port,
            "--seed": self.seed,
            "--prices": self.folder / "prices.csv",
            "--trading-log": self.folder / "trading.log",
        }
        command = [os.environ["PARADEX_PROGRAM"], "simulate", "--liquidity", "--json"]
        for name, value in options.items():
            command += [name, str(value)]
        self.requests = open(self.folder / "requests.log", "a")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.requests, text=True)
        printed = ""
        while not printed.endswith("\n}\n"):
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError("the simulator did not start:\n" + self.refusals())
            printed += line
        exchange = json.loads(printed)
        self.port = int(exchange["base_url"].rsplit(":", 1)[1])
        self.url, self.accounts = exchange["base_url"], exchange["accounts"]

    def kill(self):
        """Ends it at once, as SIGKILL does: it cannot write or close anything."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.requests.close()

    def is_running(self):
        return self.process.poll() is None

    def refusals(self):
        """The last requests that it refused."""
        return "".join((self.folder / "requests.log").read_text().splitlines(keepends=True)[-20:])
