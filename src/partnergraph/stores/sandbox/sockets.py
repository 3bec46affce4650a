"""What the Linux kernel does for a worker: refuses it sockets, ends it with its parent."""

from __future__ import annotations

import os
import struct
import sys

PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
ALLOW = 0x7FFF0000
REFUSE_EACCES = 0x00050000 | 13
# Machine as `uname` names it: its number in the kernel's audit, and its numbers of socket(2) and io_uring_setup(2).
MACHINES = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}


def forbid_sockets() -> bool:
    """Makes the kernel refuse every new socket of this process from now on; False where it cannot."""
    if sys.platform != "linux" or os.uname().machine not in MACHINES:
        return False
    import ctypes

    audit, socket, ring = MACHINES[os.uname().machine]
    # A classic BPF program over struct seccomp_data: the number of the call is its first word, the machine its second.
    load, equal, give = 0x20, 0x15, 0x06
    program = [
        (load, 0, 0, 4),
        (equal, 0, 4, audit),  # a call of another machine's kind is refused, or it would get round the numbers
        (load, 0, 0, 0),
        (equal, 2, 0, socket),
        (equal, 1, 0, ring),
        (give, 0, 0, ALLOW),
        (give, 0, 0, REFUSE_EACCES),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    # An address passed as a plain number would be cut to 32 bits.
    libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(header), 0, 0) == 0)


def die_with_parent() -> None:
    """Lets the kernel end this process when the one that started it ends, however that happens."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)
