"""The process that keeps one server: its parent, gone as soon as nobody needs it. Effectful.

Run as a program of its own, by any Python, with nothing but the standard library: whoever starts it may be
root, whose libraries the server's account cannot read. It

1. leaves its starter, so that the starter's end, or a Ctrl-C meant for the starter, does not reach it;
2. becomes the server's account (for root: for good);
3. discards what a dead server left that a new one would stumble over;
4. starts the server, which gets a fast shutdown from the kernel should the keeper die;
5. waits until no client holds the clients' lock, then asks the server to stop;
6. ends when the server ends, whatever the reason: the next client that comes starts both again.

The server and all its processes inherit the server's lock: while it is held, some of them still live.
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1
_SECONDS_TO_STOP = 60
_LIBC = ctypes.CDLL(None)


def keep(*, uid: int, gid: int, clients: int, server: int, data: int, command: Sequence[str]) -> None:
    """Does the six steps above.

    :param clients: an open file, to be locked alone once no client shares it.
    :param server: an open file, already locked; every process of the server inherits it.
    :param data: the open data directory.
    :param command: how to start the server in the foreground.
    """
    if os.fork():
        return
    if os.geteuid() != uid:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        _discard_if_stale(name, data=data)
    keeper = os.getpid()

    def die_with_keeper() -> None:
        # After the change of account, which would have taken the request back.
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != keeper:
            os._exit(1)

    postmaster = subprocess.Popen(command, pass_fds=(server, data), preexec_fn=die_with_keeper)  # noqa: S603, PLW1509
    threading.Thread(target=_stop_when_alone, args=(clients, postmaster), daemon=True).start()
    postmaster.wait()
    os._exit(0)


def _stop_when_alone(clients: int, postmaster: "subprocess.Popen[bytes]") -> None:
    fcntl.flock(clients, fcntl.LOCK_EX)
    postmaster.send_signal(signal.SIGINT)
    time.sleep(_SECONDS_TO_STOP)
    postmaster.send_signal(signal.SIGQUIT)


def _discard_if_stale(name: str, *, data: int) -> None:
    """Removes a lock file of PostgreSQL's whose process number now belongs to something else.

    PostgreSQL takes any process of its account with that number for a living server: a zombie that nobody
    collects, or, where a container's numbers start over, an unrelated process. We know better: we hold the
    server's lock, and a server's working directory is its data directory. A number that nobody has is left
    for PostgreSQL to judge, which also looks at the shared memory; so is another account's process.
    """
    try:
        lock = os.open(name, os.O_RDONLY, dir_fd=data)
    except FileNotFoundError:
        return
    # Not read as text: Python would look for a codec where our account may no longer look.
    number = os.read(lock, 64).partition(b"\n")[0]
    os.close(lock)
    process = f"/proc/{number.decode(errors='replace')}"
    if not os.path.exists(process):
        return
    try:
        stale = not os.path.samestat(os.stat(f"{process}/cwd"), os.fstat(data))
    except FileNotFoundError:
        stale = True
    except PermissionError:
        stale = False
    if stale:
        os.unlink(name, dir_fd=data)


if __name__ == "__main__":
    _uid, _gid, _clients, _server, _data = map(int, sys.argv[1:6])
    keep(uid=_uid, gid=_gid, clients=_clients, server=_server, data=_data, command=sys.argv[6:])
