"""`python -m ikap` is the same as `ikap`."""

import sys

from ikap.cli import main

if __name__ == "__main__":
    sys.exit(main())
