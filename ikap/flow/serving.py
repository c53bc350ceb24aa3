"""Show a portal on this machine: loopback only, right types, byte ranges by the standard server."""

from __future__ import annotations

import functools
import webbrowser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ikap.errors import InputError
from ikap.flow.progress import Report, quiet

__all__ = ["serve"]


class _Handler(SimpleHTTPRequestHandler):
    """Files of one folder, with no log line per request and no caching while one works."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".csv": "text/csv; charset=utf-8",
        ".json": "application/json; charset=utf-8",
    }

    def end_headers(self) -> None:
        """Add the headers that a portal behind a real server would have."""
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's name)
        """Keep the terminal quiet."""


def serve(
    folder: Path | str, *, port: int = 0, open_browser: bool = True, report: Report = quiet
) -> None:
    """Show `folder` on 127.0.0.1 until interrupted.

    Parameters
    ----------
    folder : Path or str
        Portal folder, or its `index.html`.
    port : int
        0 takes a free one.
    open_browser : bool
        Open the address in the default browser.
    report : Report
        Told the address.

    Raises
    ------
    InputError
        `serve.missing` if there is no `index.html` in the folder, `serve.port` if the port is
        taken or no port.
    """
    path = Path(folder)
    root = path.parent if path.is_file() else path
    if not (root / "index.html").is_file():
        raise InputError("serve.missing", file=str(root))
    handler = functools.partial(_Handler, directory=str(root))
    try:
        made = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except (OSError, OverflowError) as error:
        raise InputError("serve.port", port=port) from error
    with made as server:
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        report("run.serving", path=str(root), url=url)
        if open_browser:
            webbrowser.open(url)
        server.serve_forever()
