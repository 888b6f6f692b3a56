"""What can be done with accounts: invite and accept, end roles, ask for a new password, take away a lost second factor."""

from portal.accounts.services.factors import reset_factor
from portal.accounts.services.invitations import Refusal, invite, invite_first, remind, resend, withdraw
from portal.accounts.services.joining import accept, accept_with_new_account, find
from portal.accounts.services.passwords import ask_for_new_password
from portal.accounts.services.roles import end, replace

__all__ = [
    "Refusal",
    "accept",
    "accept_with_new_account",
    "ask_for_new_password",
    "end",
    "find",
    "invite",
    "invite_first",
    "remind",
    "replace",
    "resend",
    "reset_factor",
    "withdraw",
]
