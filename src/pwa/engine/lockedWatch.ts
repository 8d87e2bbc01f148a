/**
 * A locked phone has no key to prove anything by, but the cookie of its last session is enough for the server to say
 * whether it was revoked: the socket is closed with that code before any proof. Once the session is over, the next try
 * to open the phone tells.
 */
import { closeCodes } from "../protocol/codes.js"
import type { Socket } from "./link.js"

/** How often a phone that stays locked asks. */
const EVERY_MS = 5 * 60_000
const PATIENCE_MS = 20_000

export class LockedWatch {
  private askedAtMs = -Infinity
  private isAsking = false

  /** `isLocked` is asked again when the answer comes; `onRevoked` is told once. */
  constructor(
    private readonly openSocket: () => Socket,
    private readonly isLocked: () => boolean,
    private readonly onRevoked: () => void,
  ) {}

  /** Ask where it was long ago, or where something has changed that makes it worth it. */
  look(hasChanged: boolean): void {
    const isDue = hasChanged || Date.now() - this.askedAtMs >= EVERY_MS
    if (!isDue || this.isAsking || !this.isLocked()) return
    this.isAsking = true
    this.askedAtMs = Date.now()
    void isRevoked(this.openSocket).then((isTrue) => {
      this.isAsking = false
      if (isTrue && this.isLocked()) this.onRevoked()
    })
  }
}

/** Without network, or without a session that is known: not as far as anyone can tell. */
function isRevoked(openSocket: () => Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = openSocket()
    const done = (answer: boolean) => {
      clearTimeout(timer)
      socket.onmessage = socket.onclose = null
      socket.close(closeCodes.normal)
      resolve(answer)
    }
    const timer = setTimeout(() => done(false), PATIENCE_MS)
    socket.onclose = ({ code }) => done(code === closeCodes.revoked)
    // The server goes on to ask for a proof: the session stands.
    socket.onmessage = () => done(false)
  })
}
