"""The parts of crypto.json, put together by tests/vectors/make_crypto.py."""
