"""Questions to the people of a level, from anybody, and the answers they get: tickets with their messages."""
