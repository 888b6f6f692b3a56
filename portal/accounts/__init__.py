"""People: accounts, the roles they hold at places, invitations, and what a role may see."""
