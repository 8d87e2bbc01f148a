"""The socket's protocol, `lien.v1`, without I/O: bytes in, commands and bytes out."""
