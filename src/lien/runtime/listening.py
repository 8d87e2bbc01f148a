"""The listening socket: bound once, by the supervisor, and shared by its workers."""

import socket

from lien.config import BadConfig

# Connections the kernel holds while the workers are busy: a reconnect storm of a whole territory.
_BACKLOG = 4_096


def bind(host: str, port: int) -> socket.socket:
    """
    A listening TCP socket.

    Raises: BadConfig if the address cannot be had.
    """
    try:
        family, *_, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # With SO_REUSEADDR (its default): a restart need not wait for old connections to time out.
        return socket.create_server(address, family=family, backlog=_BACKLOG)
    except OSError as error:
        raise BadConfig(
            f"LIEN_HOST, LIEN_PORT: cannot listen there ({error.strerror}); "
            "is another server running on this port?"
        ) from error
