"""A command as somebody types it: in a process of its own, or in the test's, which spares it the start."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from jikim.cli.main import main

INSTALLED = str(Path(sys.executable).with_name("jikim"))


def apart(
    *arguments: str, folder: Path, environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    """Run the installed command where nobody can answer it."""
    return subprocess.run(
        [INSTALLED, *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )


def here(*arguments: str, folder: Path, environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """The same in this process, which the command must leave as it found it.

    Only a fault of jikim itself looks different: it is raised here, and not told with exit code 70.
    """
    before = _process()
    with (
        pytest.MonkeyPatch.context() as patch,
        Path(os.devnull).open() as nobody,
        tempfile.TemporaryFile("w+", encoding="utf-8") as out,
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="backslashreplace") as err,
    ):
        for name in os.environ.keys() - environment.keys():
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["jikim", *arguments])
        patch.setattr(sys, "excepthook", sys.excepthook)
        for name, stream in {"stdin": nobody, "stdout": out, "stderr": err}.items():
            patch.setattr(sys, name, stream)
        with pytest.raises(SystemExit) as left:
            main()
        assert Path.cwd() == folder.resolve()
        for stream in (out, err):
            stream.seek(0)
        said, complained = out.read(), err.read()
    assert _process() <= before
    return subprocess.CompletedProcess(arguments, int(left.value.code or 0), said, complained)


def _process() -> set[tuple[object, ...]]:
    """What a command could leave behind in a process: open files and connections, threads, takers of signals."""
    numbers = os.listdir("/proc/self/fd")
    opened = {
        (number, os.readlink(path))
        for number in numbers
        if os.path.lexists(path := f"/proc/self/fd/{number}")
    }
    threads = {(thread,) for thread in threading.enumerate()}
    takers = {(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)}
    return opened | threads | takers
