"""Deeds. Each checks the decision under the lock, changes, writes its event and tells, in one transaction."""
