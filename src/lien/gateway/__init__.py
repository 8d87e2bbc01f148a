"""
The hospital's side: clinical documents read, checked and given their recipients.

The parsers are pure; only `isolation` and `child` touch the machine. Nothing of the server is
imported here.
"""
