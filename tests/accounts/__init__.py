"""Accounts, from the rules to the real store."""
