"""The certificate authorities that are believed when this program calls another server."""

import functools
import ssl

import httpx


@functools.cache
def authorities() -> ssl.SSLContext:
    """
    Those that `httpx` comes with, read once a process; nothing of the environment adds to them.

    Each client would read them anew: 20 ms of CPU, and what they take in memory.
    """
    return httpx.create_ssl_context(trust_env=False)
