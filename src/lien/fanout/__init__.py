"""From streams to connected devices, in memory: hub, outbox, relay, and their socket."""
