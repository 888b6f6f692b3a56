"""The network, pupil counts and classes as lists that import back unchanged: ``rows`` says what, ``workbook`` and ``delimited`` how."""
