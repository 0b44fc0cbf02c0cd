"""Kills a process at a write of its own choosing: every system call that changes a file or a peer is counted.

The process is traced (``ptrace``), so nothing in it knows: whatever it had handed to the kernel before that call is
there, and nothing after. Linux on x86-64 and ARM-64.
"""

import ctypes
import os
import platform
import signal
import traceback
from collections.abc import Callable
from typing import NoReturn

_TRACEME, _CONT_SYSCALL, _SETOPTIONS, _SYSCALL_INFO = 0, 24, 0x4200, 0x420E
_SYSGOOD, _EXITKILL = 0x1, 0x100000
_ENTRY = 1
_STOPPED = signal.SIGTRAP | 0x80

_WRITES = {
    "x86_64": {1, 18, 20, 44, 46, 74, 75, 77, 82, 87, 263, 264, 296, 316},
    "aarch64": {35, 38, 46, 64, 66, 68, 70, 82, 83, 206, 211, 276},
}
"""write, pwrite64, writev, sendto, sendmsg, fsync, fdatasync, ftruncate, rename, unlink and their kin."""


class _Info(ctypes.Structure):
    _fields_ = [
        ("op", ctypes.c_uint8),
        ("pad", ctypes.c_uint8 * 3),
        ("arch", ctypes.c_uint32),
        ("instruction_pointer", ctypes.c_uint64),
        ("stack_pointer", ctypes.c_uint64),
        ("number", ctypes.c_uint64),
        ("args", ctypes.c_uint64 * 6),
    ]


def _ptrace(request: int, pid: int, address: int = 0, data: object = None) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(request, pid, ctypes.c_void_p(address), data) == -1:
        raise OSError(ctypes.get_errno(), "ptrace")


def writes_of(
    work: Callable[[], None], *, killed_at: int | None = None, instead: Callable[[], None] | None = None
) -> int:
    """Run ``work`` in a process of its own; how many writes it came to.

    :param killed_at: the number of the write before which the process is killed; None to let it finish.
    :param instead: what is done to somebody else then; the process goes on.
    :raises AssertionError: it failed by itself.
    """
    known = _WRITES[platform.machine()]
    child = os.fork()
    if not child:
        _traced(work)
    os.waitpid(child, 0)
    _ptrace(_SETOPTIONS, child, 0, ctypes.c_void_p(_SYSGOOD | _EXITKILL))
    seen, info, passed_on = 0, _Info(), 0
    while True:
        _ptrace(_CONT_SYSCALL, child, 0, ctypes.c_void_p(passed_on))
        _, status = os.waitpid(child, 0)
        if not os.WIFSTOPPED(status):
            assert status == 0, f"it failed by itself ({status})"
            return seen
        stopped = os.WSTOPSIG(status)
        passed_on = 0 if stopped in (_STOPPED, signal.SIGTRAP) else stopped
        if stopped != _STOPPED:
            continue
        _ptrace(_SYSCALL_INFO, child, ctypes.sizeof(info), ctypes.byref(info))
        if info.op == _ENTRY and info.number in known:
            if seen == killed_at and instead:
                instead()
            elif seen == killed_at:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return seen
            seen += 1


def _traced(work: Callable[[], None]) -> NoReturn:
    """What the process does: nothing of the tests' own survives in it."""
    code = 1
    try:
        _ptrace(_TRACEME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - told where the test is read; nothing goes on from here
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)
