"""Valkey, and the only package that knows it: client, keys, shards, scripts, feeds."""
