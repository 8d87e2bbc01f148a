/**
 * WebSocket close codes, grouped by what this device must do next. The mirror of lien.protocol.codes.
 *
 *   40xx  reconnect and resume from the cursors
 *   41xx  sign in again, then reconnect
 *   42xx  stop; only a person or an upgrade can help
 */
export const closeCodes = {
  normal: 1000,
  restart: 4000,
  slowReader: 4001,
  helloTimeout: 4002,
  gone: 4003,
  tryLater: 4004,
  sessionEnded: 4100,
  badProof: 4101,
  revoked: 4200,
  badFrame: 4201,
  upgrade: 4202,
} as const

/** What the hundreds digit of a close code tells this device to do. */
export type AfterClose = "resume" | "sign-in" | "stop"

/** Total: a code from a newer server still yields an instruction. */
export function afterClose(code: number): AfterClose {
  switch (Math.floor(code / 100)) {
    case 41:
      return "sign-in"
    case 42:
      return "stop"
    default:
      return "resume"
  }
}

/** The longest time a device is sent away for. */
const MAX_RETURN_MS = 600_000

/** What the reason of a close says about coming back: milliseconds. 0 for every reason that is not a number. */
export function returnAfterMs(reason: string): number {
  return /^[0-9]{1,9}$/.test(reason) ? Math.min(Number(reason), MAX_RETURN_MS) : 0
}
