"""How quickly the command line answers: `ikap --help` beside a Python that does nothing.

python scripts/bench_start.py [RUNS]
"""

import statistics
import subprocess
import sys
import time


def seconds(*arguments: str, runs: int) -> float:
    """Median wall time, in seconds, of Python with the given arguments."""
    taken = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:])  # the first one fills the disk cache


def main() -> None:
    """Print both medians and their ratio."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    nothing = seconds("-c", "pass", runs=runs)
    told = seconds("-m", "ikap", "--help", runs=runs)
    print(f"python -c pass  {nothing:.3f} s")
    print(f"ikap --help     {told:.3f} s  (goal: under 0.5 s)")
    print(f"ratio           {told / nothing:.1f}")


if __name__ == "__main__":
    main()
