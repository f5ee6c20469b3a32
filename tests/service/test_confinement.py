"""What a render process can still do: its work, and little else."""

from __future__ import annotations

import subprocess
import sys

import pytest


def confined(code: str) -> subprocess.CompletedProcess[str]:
    """Run some lines in a process that was confined as a render process is."""
    begin = (
        "import resource, socket, sys\n"
        "from lipwright.service.confinement import leave_network, limit\n"
        "left = leave_network()\n"
        "limit(1024, 1)\n"
    )
    return subprocess.run([sys.executable, "-c", begin + code], capture_output=True, text=True)


def test_memory_is_bounded() -> None:
    assert "MemoryError" in confined("bytes(2 << 30)").stderr


def test_files_and_processor_time_are_bounded() -> None:
    limits = confined(
        "print(*(resource.getrlimit(getattr(resource, 'RLIMIT_' + n))[0]"
        " for n in ('CPU', 'FSIZE', 'NOFILE', 'CORE')))"
    ).stdout.split()
    assert limits == ["4", str(8 << 30), "512", "0"]


def test_a_process_that_spins_is_ended() -> None:
    assert confined("while True: pass").returncode < 0


def test_there_is_no_network_where_the_system_allows_to_leave_it() -> None:
    found = confined(
        "print(left)\n"
        "try:\n    socket.create_connection(('127.0.0.1', 9), 5)\n"
        "except OSError as error:\n    print(error.errno)"
    ).stdout.split()
    if found[0] != "True":
        pytest.skip("this system allows no network namespaces")
    assert found[1] == "101"  # the network is unreachable: even loopback is down
