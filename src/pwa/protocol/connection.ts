/**
 * The state of one connection as the device sees it, without the socket. Never waits, never reads a clock.
 *
 *     connecting --Challenge--> challenged --hello()--> greeting --Welcome--> open
 *          |                        |                      |                    |
 *          +------------------------+------ close() -------+--------------------+--> closed
 *
 * The server is trusted no more than the wire: a frame that breaks a rule closes the connection.
 */
import { closeCodes } from "./codes.js"
import { BadFrame, decode, encode } from "./codec.js"
import type { Command, Event, Reply } from "./frames.js"
import { limits } from "./limits.js"

export type ConnectionState = "connecting" | "challenged" | "greeting" | "open" | "closed"

/** A command without its ref: the connection gives it one. */
export type Request = Command extends infer One ? (One extends Command ? Omit<One, "ref"> : never) : never

/** The reply each command may have; Failed may always come. */
const REPLIES: { readonly [Kind in Command["kind"]]: Reply["kind"] } = {
  Hello: "Welcome",
  Send: "Accepted",
  Resume: "Resumed",
  Ack: "Ok",
  Typing: "Ok",
  Ping: "Ok",
}

export class Connection {
  state: ConnectionState = "connecting"
  /** Set when a rule was broken: what to close the socket with. */
  closeCode: number | null = null
  private nextRef = 1
  private readonly waiting = new Map<number, Command["kind"]>()

  /** How many more commands may be sent before an answer: a Resume is only ever sent alone. */
  get room(): number {
    for (const kind of this.waiting.values()) if (kind === "Resume") return 0
    return limits.inFlight - this.waiting.size
  }

  /** True when a Resume may be sent: the server reads nothing else until it is answered. */
  get mayResume(): boolean {
    return this.state === "open" && this.waiting.size === 0
  }

  /** Bytes of a command, and the ref its reply will carry. Throws BadFrame when it may not be sent now. */
  send(request: Request): { readonly ref: number; readonly bytes: Uint8Array } {
    if (this.state !== (request.kind === "Hello" ? "challenged" : "open")) throw new BadFrame("not in this state")
    if (request.kind === "Resume" ? this.waiting.size > 0 : this.room === 0) throw new BadFrame("too many in flight")
    const ref = this.nextRef
    const bytes = encode({ ...request, ref })
    this.nextRef = ref === limits.ref ? 1 : ref + 1
    this.waiting.set(ref, request.kind)
    if (request.kind === "Hello") this.state = "greeting"
    return { ref, bytes }
  }

  /** An event, or null: then the connection is closed and `closeCode` says with what. */
  receive(data: Uint8Array): Event | null {
    if (this.state === "closed") return null
    try {
      const event = decode(data)
      this.accept(event)
      return event
    } catch (error) {
      if (!(error instanceof BadFrame)) throw error
      this.close(closeCodes.badFrame)
      return null
    }
  }

  close(code: number): void {
    this.closeCode ??= code
    this.state = "closed"
    this.waiting.clear()
  }

  private accept(event: Event): void {
    if ("ref" in event) {
      const asked = this.waiting.get(event.ref)
      if (asked === undefined) throw new BadFrame("an answer to nothing")
      if (event.kind !== "Failed" && event.kind !== REPLIES[asked]) throw new BadFrame("an answer to something else")
      this.waiting.delete(event.ref)
      if (event.kind === "Welcome") this.state = "open"
      return
    }
    if (event.kind === "Challenge") {
      if (this.state !== "connecting") throw new BadFrame("a second challenge")
      this.state = "challenged"
    } else if (this.state !== "open" && event.kind !== "Drain") throw new BadFrame("a push before the welcome")
  }
}
