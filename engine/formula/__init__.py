"""The formula language, one module per stage: tokens, parser (text to nodes), then the typed tree both evaluators read.

``nodes`` is what the parser makes, ``text`` writes it back, ``functions`` is the one table of functions, ``aliases`` the Romanian words.
"""
