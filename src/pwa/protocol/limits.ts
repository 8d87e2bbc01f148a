/** Every bound of the socket. The mirror of lien.protocol.limits. */
export const limits = {
  subprotocol: "lien.v1",
  frameBytes: 65_536,
  integer: Number.MAX_SAFE_INTEGER,
  ref: 2 ** 31 - 1,
  headerBytes: 256,
  sealedBytes: 60_000,
  clientBytes: 64,
  cursors: 500,
  proofBytes: 64,
  nonceBytes: 32,
  inFlight: 32,
  helloTimeoutMs: 10_000,
  pingIntervalMs: 25_000,
  missedPings: 2,
} as const
