"""English: 3 November 2026, 14:05; the month in letters where it is short as well, for its place differs between countries."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
MONTH_DAY_FORMAT = "j F"
TIME_FORMAT = "H:i"
TIME_MONTH_DAY_FORMAT = "H:i, j F"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
