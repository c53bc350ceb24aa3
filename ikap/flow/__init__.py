"""The whole flow. Read `verbs.py` first, then `judging.py`, which shows every step of one plan.

`discovery.py` is the only place that finds checks, accounts, facts, kinds and sources by folder.
The verbs here are those of the command line and of `import ikap`, one for one.
"""

from ikap.flow.explaining import explain
from ikap.flow.serving import serve
from ikap.flow.starting import demo, init
from ikap.flow.stating import statement
from ikap.flow.verbs import check, check_all, publish, read, run
from ikap.flow.viewing import inspect, layers

__all__ = [
    "check",
    "check_all",
    "demo",
    "explain",
    "init",
    "inspect",
    "layers",
    "publish",
    "read",
    "run",
    "serve",
    "statement",
]
