"""One file for each subcommand, found by listing this folder.

No other package uses Hydra or prints to the terminal.
"""

from __future__ import annotations

import os
import sys
import threading
from importlib import import_module
from pathlib import Path

from sim.errors import InputError
from sim.rules.compiled import listeners

DONE, UNMET, BAD_INPUT, POINTS_FAILED, FAULT, INTERRUPTED = 0, 1, 2, 3, 70, 130
"""Exit statuses: done; an expectation or a check failed; bad input; points of a sweep failed;
internal error; interrupted."""


def names() -> list[str]:
    """Every subcommand."""
    return sorted(p.stem for p in Path(__file__).parent.glob("[!_]*.py"))


def usage() -> str:
    """What ``detente --help`` prints."""
    import ast

    lines = ["detente: a what-if laboratory for bilateral relations", "", "usage:"]
    for name in names():
        text = (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8")
        first = (ast.get_docstring(ast.parse(text)) or "").split("\n")[0]
        lines.append(f"  detente {name:12s} {first}")
    lines += [
        "",
        "`detente COMMAND --help` lists its options: key=value, in any order.",
        "exit status: 0 done; 1 an expectation or a check failed; 2 bad input; "
        "3 points of a sweep failed;",
        "             70 internal error; 130 interrupted",
    ]
    return "\n".join(lines)


def _tell(line: str) -> None:
    """Print what the user waits for."""
    print(f"detente: {line}", file=sys.stderr, flush=True)


def main(argv: list[str] | None = None) -> int:
    """Run a subcommand; returns the exit status."""
    from sim.commands._streams import guarded

    args = [*(sys.argv[1:] if argv is None else argv)]  # `list` is a subcommand of this package
    with guarded() as (out, _):
        status = called(args)
        out.flush()
        if out.fault is not None and not isinstance(out.fault, BrokenPipeError):
            reason = out.fault.strerror or out.fault
            print(f"detente: standard output cannot be written: {reason}", file=sys.stderr)
            status = BAD_INPUT if status == DONE else status
    if status == INTERRUPTED and argv is None and threading.active_count() > 1:
        # threads in compiled code cannot be stopped, and what they would finish is not kept:
        # the process ends without waiting for them, its streams flushed
        os._exit(status)
    return status


def called(args: list[str]) -> int:
    """The exit status of a subcommand, or of the help."""
    if not args or args[0] in {"-h", "--help", "help"}:
        print(usage())
        return DONE
    if args[0] in {"-V", "--version"}:
        from importlib.metadata import version

        print(f"detente {version('detente')}")
        return DONE
    name, rest = args[0], args[1:]
    if _tell not in listeners:
        listeners.append(_tell)
    try:
        if name not in names():
            raise InputError("command", "no such command", name, names(), "see `detente --help`")
        module = import_module(f"sim.commands.{name}")
        if any(word in {"-h", "--help"} for word in rest):
            print(module.usage())
            return DONE
        return int(module.main(rest))
    except InputError as error:
        print(f"detente {name}: {error}", file=sys.stderr)
        return BAD_INPUT
    except MemoryError:
        print(
            f"detente {name}: memory is short; give fewer replicates, or a smaller block_elements",
            file=sys.stderr,
        )
        return BAD_INPUT
    except Exception:
        import traceback

        traceback.print_exc()
        print(
            "detente: internal error, not caused by your "
            "input; please report it with the command that you gave",
            file=sys.stderr,
        )
        return FAULT
    except KeyboardInterrupt as error:
        more = f": {error}" if str(error) else ""
        print(f"detente {name}: interrupted{more}", file=sys.stderr)
        return INTERRUPTED
