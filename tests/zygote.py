"""The process that servers of the tests are forked from: gevent has patched the library, the
product is imported, and nothing has been waited for yet.

zygote.py SOCKET, a file descriptor. Each message on it asks for one server: JSON with what
`program.become` wants, and a socket on which the server's process id and its end are told.
"""

from gevent import monkey

monkey.patch_all()

import array  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any, NoReturn  # noqa: E402

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.program import become  # noqa: E402

import turnero_server.cli.serve  # noqa: E402
import turnero_server.demo.command  # noqa: E402, F401

# gevent's own would start its loop here, which no fork survives.
fork = monkey.get_original("os", "fork")
waitpid = monkey.get_original("os", "waitpid")
Socket = monkey.get_original("socket", "socket")


def main(descriptor: int) -> None:
    asked = Socket(fileno=descriptor)
    while True:
        message, [told] = _receive(asked)
        if fork() == 0:
            asked.close()
            _watch(json.loads(message), told)
        os.close(told)
        _reap()


def _receive(asked: Any) -> tuple[bytes, list[int]]:
    fds = array.array("i")
    message, ancillary, *_ = asked.recvmsg(65536, 64)
    if not message:
        os._exit(0)
    for _, _, data in ancillary:
        fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    return message, list(fds)


def _watch(request: dict[str, Any], told: int) -> NoReturn:
    """Become the server's parent, who tells its end."""
    pid = fork()
    if pid == 0:
        os.close(told)
        _serve(request)
    os.write(told, f"{pid}\n".encode())
    _, status = waitpid(pid, 0)
    os.write(told, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _serve(request: dict[str, Any]) -> NoReturn:
    code = 1
    try:
        become(tuple(request["words"]), request["env"], request["cwd"], request["files"], True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else bool(end.code)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _reap() -> None:
    """Those who watched and are done."""
    try:
        while waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


if __name__ == "__main__":
    main(int(sys.argv[1]))
