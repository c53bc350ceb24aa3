"""The command line: parse, call the verb of the same name, print, set the exit code.

No logic lives here. Nothing heavy is imported before a command runs, so that help comes at once.
Exit codes: 0 done, 1 a fault in ikap itself, 2 the user's input is wrong, 3 a source could not be
reached, 4 `--fail-on` was met, 130 interrupted.
"""

from __future__ import annotations

import argparse
import gc
import json
import shlex
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, NoReturn

from ikap import __version__
from ikap.errors import IkapError, InputError, SourceError
from ikap.texts import LANGUAGES, Catalogue, area, date_text, distance, error_text, number

if TYPE_CHECKING:
    from ikap.flow.progress import Report
    from ikap.results import Results
    from ikap.workspace import Workspace

__all__ = ["main"]

DONE, FAULT, WRONG_INPUT, NO_SOURCE, MET, INTERRUPTED = 0, 1, 2, 3, 4, 130
FAIL_ON = ("conflict", "unknown")
GARBAGE = (50_000, 20, 50)
"""Python looks for garbage in circles after so many new objects, not after 700: tables have many
objects and no circles, and looking took a twentieth of the time."""


class _Parser(argparse.ArgumentParser):
    """Parser whose faults are told like all others, in the user's language."""

    def error(self, message: str) -> NoReturn:
        """Turn argparse's own complaint into one of ours."""
        raise InputError("option.wrong", detail=message, usage=self.format_usage().strip())


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        Words after `ikap`; `sys.argv` if not given.

    Returns
    -------
    int
        Exit code as in the module's docstring.
    """
    gc.set_threshold(*GARBAGE)
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    catalogue = Catalogue.load(_language(words))
    debug = "--debug" in words
    try:
        options = _parser(catalogue).parse_args(words)
        code: int = options.command(options, catalogue)
    except IkapError as error:
        _complain(error_text(error, catalogue))
        return NO_SOURCE if isinstance(error, SourceError) else WRONG_INPUT
    except KeyboardInterrupt:
        _complain(catalogue.say("error_frame.interrupted"))
        return INTERRUPTED
    except BrokenPipeError:
        return DONE
    except Exception as error:  # noqa: BLE001 (the last line of defence: never a traceback)
        if debug:
            traceback.print_exc()
        _complain(f"{catalogue.say('error_frame.internal')} ({type(error).__name__})")
        return FAULT
    return code


def _language(words: Sequence[str]) -> str:
    for i, word in enumerate(words):
        if word.startswith("--lang="):
            chosen = word.removeprefix("--lang=")
        elif word == "--lang" and i + 1 < len(words):
            chosen = words[i + 1]
        else:
            continue
        return chosen if chosen in LANGUAGES else LANGUAGES[0]
    return LANGUAGES[0]


def _parser(catalogue: Catalogue) -> argparse.ArgumentParser:
    say = catalogue.say
    parser = _Parser(
        prog="ikap",
        description=say("cli.description"),
        epilog=say("cli.epilog"),
        add_help=False,
        usage=f"ikap [--lang nb|en] [--workspace {say('cli.folder').upper()}] <...>",
    )
    _common(parser, catalogue)
    parser.add_argument(
        "--version", action="version", version=f"ikap {__version__}", help=say("cli.version")
    )
    commands = parser.add_subparsers(
        title=say("cli.commands"), metavar="", required=True, parser_class=_Parser
    )
    parser._optionals.title = say("cli.options")

    def command(name: str, run: Callable[..., int]) -> argparse.ArgumentParser:
        text = say(f"cli.{name}")
        sub = commands.add_parser(name, help=text, description=text, add_help=False)
        _common(sub, catalogue)
        sub._optionals.title = say("cli.options")
        sub.set_defaults(command=run)
        return sub

    def option(sub: argparse.ArgumentParser, *flags: str, key: str, **more: Any) -> None:  # noqa: ANN401
        sub.add_argument(*flags, help=say(f"cli.{key}"), **more)

    option(command("demo", _demo), "folder", key="folder", nargs="?", default="ikap-demo")
    option(command("init", _init), "folder", key="folder")
    option(command("layers", _layers), "--json", key="json", action="store_true")
    sub = command("inspect", _inspect)
    option(sub, "target", key="target")
    option(sub, "--layer", key="layer")
    option(sub, "--json", key="json", action="store_true")
    for name, run in (("check", _check), ("statement", _statement)):
        sub = command(name, run)
        option(sub, "--plan", key="plan")
        option(sub, "--as-of", key="as_of")
        _who_measures(sub, catalogue)
        option(sub, "--json", key="json", action="store_true")
        option(sub, "--against", key="against")
        if name == "statement":
            for key in ("table", "method", "municipality"):
                option(sub, f"--{key}", key=key)
            option(sub, "--csv", key="csv", nargs="?", const="")
            option(sub, "--ellipsoidal", key="ellipsoidal", action="store_true")
            option(sub, "--intervals", key="intervals", action="store_true")
        if name == "check":
            option(sub, "--fail-on", key="fail_on", choices=FAIL_ON, default=None)
            option(sub, "--sensitivity", key="sensitivity", action="store_true")
    sub = command("explain", _explain)
    option(sub, "finding", key="finding", nargs="?", default="")
    for name in ("plan", "area", "check"):
        option(sub, f"--{name}", key=f"of_{name}", default="")
    option(sub, "--json", key="json", action="store_true")
    sub = command("run", _run)
    option(sub, "--as-of", key="as_of")
    _who_measures(sub, catalogue)
    option(sub, "--fail-on", key="fail_on", choices=FAIL_ON, default=None)
    option(command("publish", _publish), "folder", key="folder", nargs="?")
    sub = command("serve", _serve)
    option(sub, "folder", key="folder", nargs="?")
    option(sub, "--port", key="port", type=int, default=0)
    option(sub, "--no-browser", key="no_browser", action="store_true")
    return parser


def _who_measures(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    say = catalogue.say
    parser.add_argument("--workers", type=int, default=1, metavar="N", help=say("cli.workers"))
    parser.add_argument("--scheduler", metavar="tcp://HOST:PORT", help=say("cli.scheduler"))


def _common(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    hidden = argparse.SUPPRESS
    parser.add_argument("-h", "--help", action="help", help=catalogue.say("cli.help"))
    parser.add_argument(
        "--workspace", type=Path, default=hidden, help=catalogue.say("cli.workspace")
    )
    parser.add_argument("--lang", choices=LANGUAGES, default=hidden, help=catalogue.say("cli.lang"))
    parser.add_argument(
        "--debug", action="store_true", default=hidden, help=catalogue.say("cli.debug")
    )


# --- commands -----------------------------------------------------------------------------------


def _demo(options: argparse.Namespace, words: Catalogue) -> int:
    from ikap import flow  # noqa: PLC0415

    with _progress(words) as report:
        done, portal = flow.demo(Path(options.folder), report=report)
    for results in done:
        _summary(results, words)
    _portal(portal, words)
    return DONE


def _init(options: argparse.Namespace, words: Catalogue) -> int:
    from ikap import flow  # noqa: PLC0415

    path = flow.init(Path(options.folder))
    _say(words.say("run.init_done", path=path))
    return DONE


def _layers(options: argparse.Namespace, words: Catalogue) -> int:
    from ikap import flow  # noqa: PLC0415
    from ikap.flow.screen import layers_screen  # noqa: PLC0415

    found = flow.layers(_workspace(options))
    if options.json:
        _say(json.dumps(found, ensure_ascii=False, indent=1))
        return DONE
    _say(layers_screen(found, words))
    return DONE


def _inspect(options: argparse.Namespace, words: Catalogue) -> int:
    from ikap import flow  # noqa: PLC0415
    from ikap.flow.inspect_screen import inspect_screen  # noqa: PLC0415

    found = flow.inspect(_workspace(options), options.target, layer=options.layer)
    as_json = json.dumps(found, ensure_ascii=False, indent=1) if options.json else ""
    _say(as_json or inspect_screen(found, words))
    return DONE


def _check(options: argparse.Namespace, words: Catalogue) -> int:
    from ikap import flow  # noqa: PLC0415
    from ikap.flow.statement_command import rows_as_json  # noqa: PLC0415

    with _progress(words) as report:
        results = flow.check(
            _workspace(options),
            options.plan,
            against=options.against,
            **_how(options),
            sensitivity=options.sensitivity,
            report=report,
        )
    if options.json:
        asked = ("findings", "sensitivity") if options.sensitivity else ("findings",)
        parts = [rows_as_json(results.table(name), results) for name in asked]
        both = ",\n".join(f'"{name}": {part}' for name, part in zip(asked, parts, strict=True))
        _say(f"{{{both}}}" if options.sensitivity else parts[0])
        return _met(options.fail_on, [results])
    _summary(results, words)
    if options.sensitivity:
        from ikap.flow.sensitivity_screen import moved_limits  # noqa: PLC0415

        _say("")
        _say(moved_limits(results, _workspace(options), words.lang, get_terminal_size().columns))
    return _met(options.fail_on, [results])


def _statement(options: argparse.Namespace, words: Catalogue) -> int:
    from ikap.flow.statement_command import Wanted, refuse_unused, show  # noqa: PLC0415
    from ikap.flow.stating import stated  # noqa: PLC0415

    workspace, given = _workspace(options), vars(options)
    wanted = Wanted(**{name: given[name] for name in Wanted.__dataclass_fields__})
    refuse_unused(wanted, workspace.region.numbers)
    with _progress(words) as report:
        done = stated(
            workspace,
            options.plan,
            against=options.against,
            table=options.table,
            method=options.method,
            **_how(options),
            report=report,
        )
    _say(show(done, wanted, words, get_terminal_size().columns))
    return DONE


def _explain(options: argparse.Namespace, words: Catalogue) -> int:
    from ikap import flow  # noqa: PLC0415
    from ikap.flow.explain_screen import explanation  # noqa: PLC0415

    workspace, asked = _workspace(options), vars(options)
    parts = {name: asked[name] for name in ("plan", "area", "check")}
    found = flow.explain(workspace, options.finding, **parts)
    as_json = json.dumps(found, ensure_ascii=False, indent=1) if options.json else ""
    _say(as_json or explanation(found, workspace, words.lang))
    return DONE


def _run(options: argparse.Namespace, words: Catalogue) -> int:
    from ikap import flow  # noqa: PLC0415

    with _progress(words) as report:
        done, portal = flow.run(_workspace(options), **_how(options), report=report)
    for results in done:
        _summary(results, words)
    _portal(portal, words)
    return _met(options.fail_on, done)


def _publish(options: argparse.Namespace, words: Catalogue) -> int:
    from ikap import flow  # noqa: PLC0415

    target = Path(options.folder) if options.folder else None
    with _progress(words) as report:
        portal = flow.publish(_workspace(options), target, report=report)
    _portal(portal, words)
    return DONE


def _serve(options: argparse.Namespace, words: Catalogue) -> int:
    from ikap import flow  # noqa: PLC0415

    def report(key: str, /, **facts: object) -> None:
        _say(words.say(key, **facts))

    folder = Path(options.folder) if options.folder else _workspace(options).output / "portal"
    if (folder / "portal" / "index.html").is_file():
        folder = folder / "portal"
    with suppress(KeyboardInterrupt):  # the way to stop it
        flow.serve(folder, port=options.port, open_browser=not options.no_browser, report=report)
    return DONE


# --- shared by commands -------------------------------------------------------------------------


def _workspace(options: argparse.Namespace) -> Workspace:
    from ikap.workspace import find_workspace, open_workspace  # noqa: PLC0415

    return open_workspace(find_workspace(Path.cwd(), getattr(options, "workspace", None)))


def _how(options: argparse.Namespace) -> dict[str, Any]:
    """Date of judgement, and who measures."""
    return {name: getattr(options, name) for name in ("as_of", "workers", "scheduler")}


def _met(fail_on: str | None, done: Sequence[Results]) -> int:
    hit = fail_on and any((results.findings["status"] == fail_on).any() for results in done)
    return MET if hit else DONE


@contextmanager
def _progress(words: Catalogue) -> Iterator[Report]:
    """Show each step with a spinner on a terminal, as a plain line elsewhere; always on stderr."""
    from rich.console import Console  # noqa: PLC0415 (not needed for help)

    console = Console(stderr=True, highlight=False)
    with console.status("…") as status:

        def report(key: str, /, **facts: object) -> None:
            text = words.say(key, **facts)
            status.update(text)
            console.print(text, style="dim", markup=False)

        yield report


def _summary(results: Results, words: Catalogue) -> None:
    say, run = words.say, results.run
    plan = run["plan"]["title"][words.lang]
    _say("")
    if run["region"]["constructed"]:
        _say(say("export.constructed"))
    if run["plan"]["missing"]:
        _say(say("run.no_plan", plan=plan, how=run["plan"]["how"].get(words.lang, "")))
    else:
        shown = results.findings[results.findings["status"] != "not_applicable"]
        counts = {s: number(int((shown["status"] == s).sum()), words.lang) for s in _STATUSES}
        _say(say("run.summary", plan=plan, findings=number(len(shown), words.lang), **counts))
        if len(first := shown[shown["status"] == "conflict"]):
            _say(say("run.explain", finding=shlex.quote(str(first["finding_id"].iloc[0]))))
        _farmland(results, words)
        _lines(results, words)
    origin = say(f"run.as_of_{run['as_of_origin']}")
    day = date_text(date.fromisoformat(run["as_of"]), words.lang) if run["as_of"] else "–"
    _say(say("run.as_of", date=day, origin=origin))
    _say(f"{say('run.measured_in', crs=run['region']['crs'])} {say('run.provisions')}")
    folder = results.folder
    if len(results.quality) and folder is not None:
        path = next(folder.glob(f"*datakvalitet.{words.lang}.csv"))
        _say(say("run.quality", count=len(results.quality), path=path))
    if len(results.topology) and folder is not None:
        path = next(folder.glob(f"*plantopologi.{words.lang}.csv"))
        told = {s: int((results.topology["status"] == s).sum()) for s in _FAULTS}
        _say(say("run.topology", **told, path=path))
    _say(say("run.done_results", path=folder))


_FAULTS = ("mend", "warning", "unknown")
_STATUSES = ("conflict", "warning", "ok", "unknown")


def _farmland(results: Results, words: Catalogue) -> None:
    rows = results.indicators
    wanted = (rows["indicator"] == "farmland_planned_conversion") & (
        rows["municipality"] == "region"
    )
    for value, unknown in rows.loc[wanted, ["value", "unknown"]].itertuples(index=False):
        shown = {"area": area(value, words.lang), "unknown": area(unknown, words.lang)}
        _say(words.say("run.farmland", **shown))


def _lines(results: Results, words: Catalogue) -> None:
    """Planned roads and railways that are drawn as lines: how many, and how long together."""
    rows = results.findings
    own = rows[(rows["check"] == "farmland_transport_lines") & (rows["status"] == "unknown")]
    if len(own):
        length = distance(float(own["measured"].sum()), words.lang)
        _say(words.say("run.lines", count=number(len(own), words.lang), length=length))


def _portal(portal: Path, words: Catalogue) -> None:
    _say("")
    _say(words.say("run.done_portal", path=portal))
    _say(words.say("run.open_portal", path=shlex.quote(str(portal.parent))))


def _say(text: object) -> None:
    print(_printable(str(text)))


def _complain(text: str) -> None:
    print(_printable(text), file=sys.stderr)


def _printable(text: str) -> str:
    """Leave out control characters, which a file's attribute text could use against a terminal."""
    return "".join(c for c in text if c.isprintable() or c in "\n\u202f\u00a0")
