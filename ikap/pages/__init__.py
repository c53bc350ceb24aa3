"""What the public sees: a static portal, built from result folders alone.

In: result folders, map declarations, words. Out: HTML, scripts, styles and files to download.
To add a map, add a TOML in `maps/`; to add a page, add a template and render it in `portal.py`.
"""

from ikap.pages.portal import build_portal

__all__ = ["build_portal"]
