"""The child process that reads one file: bytes on standard input, its cells as JSON on standard output.

It gives itself limits of memory and time before it reads anything, so that a file made to exhaust its reader only ends this process.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from portal.network.importing import delimited, limits
from portal.network.importing.signatures import Unreadable, kind_of


def limit() -> None:
    """Memory, processor time, no files written, no core dump."""
    for what, most in (
        (resource.RLIMIT_AS, limits.MEMORY_BYTES),
        (resource.RLIMIT_CPU, limits.CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def read(content: bytes) -> dict[str, Any]:
    """The sheets of a file, or why it is not read."""
    try:
        if kind_of(content) == "text":
            rows = [[cell[: limits.CELL_CHARACTERS] or None for cell in row] for row in delimited.rows_of(content)]
            return {"sheets": [{"name": "", "rows": rows, "merged": [], "formulas": []}]}
        from portal.network.importing import spreadsheet  # its library is loaded only where a workbook is read

        return {"sheets": spreadsheet.sheets_of(content)}
    except Unreadable as refusal:
        return {"refused": refusal.code, "params": refusal.params}


def main() -> None:
    limit()
    answer = json.dumps(read(sys.stdin.buffer.read()), ensure_ascii=False)
    if len(answer) > limits.OUTPUT_CHARACTERS:
        answer = json.dumps({"refused": "too_large", "params": {}})
    sys.stdout.buffer.write(answer.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
