"""Hungarian: 2026. november 3., 14:05."""

DATE_FORMAT = "Y. F j."
DATETIME_FORMAT = "Y. F j., H:i"
MONTH_DAY_FORMAT = "F j."
TIME_FORMAT = "H:i"
TIME_MONTH_DAY_FORMAT = "H:i, F j."
SHORT_DATE_FORMAT = "Y. m. d."
SHORT_DATETIME_FORMAT = "Y. m. d., H:i"
