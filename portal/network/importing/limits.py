"""How much of a file is read at most. Beyond these a file is refused, never cut."""

FILE_BYTES = 20_000_000
ROWS = 20_000
HEADER_ROWS = 10
"""The header is looked for in so many rows, so a sheet may be that much longer."""
COLUMNS = 200
CELL_CHARACTERS = 2_000
"""Longer cells are cut while reading; no field takes as much, so that the cell is refused with its address."""
OUTPUT_CHARACTERS = 80_000_000

ARCHIVE_MEMBERS = 400
ARCHIVE_BYTES = 200_000_000
ARCHIVE_RATIO = 150
"""Unpacked to packed: official lists are about 12, XML of one repeated row about 100."""

MEMORY_BYTES = 1_000_000_000
CPU_SECONDS = 15
WALL_SECONDS = 25
"""Below the time after which a web worker is given up."""
