"""An app for the tests of the queue: its jobs write down when they start and end."""
