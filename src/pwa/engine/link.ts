/**
 * The socket: connect, prove, keep alive, back off, obey the close codes.
 *
 * It knows nothing of what passes: commands go in, replies and pushes come out, in order. A command that was not
 * answered when the connection ends is refused with `offline`; whether it was done is then unknown, and the log tells.
 */
import type { LinkState } from "../bridge/models.js"
import { afterClose, closeCodes, returnAfterMs } from "../protocol/codes.js"
import { Connection, type Request } from "../protocol/connection.js"
import type { Accepted, Ok, Push, Reply, Resumed, Welcome } from "../protocol/frames.js"
import { limits } from "../protocol/limits.js"
import { backoffMs } from "./backoff.js"
import type { Bytes } from "./bytes.js"
import { Refusal } from "./failure.js"

/** What the engine does about the link. */
export interface LinkOwner {
  /** The session that a socket opened now would belong to; null when there is none. */
  session(): string | null
  /** The proof over the server's nonce, or null when there is no session to prove. */
  prove(nonce: Uint8Array): Promise<Uint8Array | null>
  /** Is the session over? Asked when the server refuses the socket without a word. */
  isSessionOver(): Promise<boolean>
  onWelcome(welcome: Welcome): void
  onPush(push: Push): void
  onState(state: LinkState): void
  onSessionOver(): void
  onStop(reason: "revoked" | "upgrade"): void
}

/** The part of the browser's WebSocket that is used. */
export interface Socket {
  binaryType: string
  onmessage: ((event: { readonly data: unknown }) => void) | null
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null
  send(data: Bytes): void
  close(code?: number): void
}

export type LinkPorts = { readonly openSocket: () => Socket; readonly random: () => number; readonly client: string }

type Asked = { readonly request: Request; readonly resolve: (reply: Reply) => void; readonly reject: (error: Refusal) => void }

const CHECK_MS = 10_000
const SILENT_MS = 30_000
const NUDGE_AFTER_MS = 3_000
const GONE_MS = 50_000

export class Link {
  private socket: Socket | null = null
  /** The session whose cookie the socket was opened with: the only one it can say anything about. */
  private openedIn: string | null = null
  private connection = new Connection()
  private readonly queue: Asked[] = []
  private readonly asked = new Map<number, Asked>()
  private attempt = 0
  private isWanted = false
  private heardAtMs = 0
  private retryTimer: ReturnType<typeof setTimeout> | undefined
  private checkTimer: ReturnType<typeof setInterval> | undefined
  private state: LinkState = "offline"

  constructor(
    private readonly ports: LinkPorts,
    private readonly owner: LinkOwner,
  ) {}

  isOpen(): boolean {
    return this.connection.state === "open"
  }

  /** Connect, and reconnect until `stop`. */
  start(): void {
    if (this.isWanted) return
    this.isWanted = true
    this.attempt = 0
    this.checkTimer = setInterval(() => this.check(), CHECK_MS)
    this.connect()
  }

  stop(): void {
    this.isWanted = false
    clearInterval(this.checkTimer)
    clearTimeout(this.retryTimer)
    this.drop(closeCodes.normal)
    this.tell("offline")
  }

  /** The network came back: do not wait for the next attempt. */
  hurry(): void {
    if (!this.isWanted || this.socket !== null) return
    this.attempt = 0
    this.connect()
  }

  /** The person is doing something: one attempt now, unless the last one has only just failed. */
  nudge(): void {
    if (this.isWanted && this.socket === null && Date.now() - this.heardAtMs > NUDGE_AFTER_MS) this.connect()
  }

  /** The browser says that there is no network. */
  onNetworkLost(): void {
    if (!this.isWanted) return
    this.drop(closeCodes.normal)
    this.retry()
  }

  /** Ask, in order. Refuses with the server's code, or `offline`. */
  ask(request: Extract<Request, { kind: "Send" }>): Promise<Accepted>
  ask(request: Extract<Request, { kind: "Resume" }>): Promise<Resumed>
  ask(request: Extract<Request, { kind: "Ack" | "Typing" | "Ping" }>): Promise<Ok>
  ask(request: Request): Promise<Reply> {
    if (!this.isOpen()) return Promise.reject(new Refusal("offline"))
    return this.queued(request)
  }

  private queued(request: Request): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.queue.push({ request, resolve, reject })
      this.pump()
    })
  }

  /** Send what may be sent now: the server reads no more than it allowed, and a Resume alone. */
  private pump(): void {
    for (let next = this.queue[0]; next !== undefined && this.socket !== null; next = this.queue[0]) {
      const kind = next.request.kind
      const isAllowed = kind === "Hello" || (kind === "Resume" ? this.connection.mayResume : this.connection.room > 0)
      if (!isAllowed) return
      this.queue.shift()
      const { ref, bytes } = this.connection.send(next.request)
      this.asked.set(ref, next)
      this.socket.send(bytes as Bytes)
    }
  }

  private connect(): void {
    clearTimeout(this.retryTimer)
    this.drop(closeCodes.normal)
    if (this.state !== "offline" || this.attempt === 0) this.tell("connecting")
    this.connection = new Connection()
    this.openedIn = this.owner.session()
    this.heardAtMs = Date.now()
    const socket = this.ports.openSocket()
    socket.binaryType = "arraybuffer"
    socket.onmessage = ({ data }) => {
      if (socket === this.socket) this.receive(data)
    }
    socket.onclose = ({ code, reason }) => {
      if (socket === this.socket) void this.onClosed(code, returnAfterMs(reason))
    }
    this.socket = socket
  }

  private receive(data: unknown): void {
    this.heardAtMs = Date.now()
    const event = data instanceof ArrayBuffer ? this.connection.receive(new Uint8Array(data)) : null
    if (event === null) {
      // The server broke the protocol: nothing after this is believed. Try again later, not at once.
      this.drop(this.connection.closeCode ?? closeCodes.badFrame)
      this.retry()
    } else if ("ref" in event) this.settle(event)
    else if (event.kind === "Challenge") void this.greet(event.nonce)
    else if (event.kind === "Drain") this.drain(event.withinMs)
    else this.owner.onPush(event)
  }

  private async greet(nonce: Uint8Array): Promise<void> {
    const socket = this.socket
    const proof = await this.owner.prove(nonce)
    if (socket !== this.socket || this.connection.state !== "challenged") return
    if (proof === null || this.owner.session() !== this.openedIn) { this.endSession(); return; }
    const reply = await this.queued({ kind: "Hello", proof, client: this.ports.client }).catch(() => null)
    if (reply?.kind !== "Welcome") return
    this.attempt = 0
    this.tell("online")
    this.owner.onWelcome(reply)
  }

  private settle(reply: Reply): void {
    const asked = this.asked.get(reply.ref)
    this.asked.delete(reply.ref)
    if (reply.kind === "Failed") asked?.reject(new Refusal(reply.code, reply.retryAfterMs))
    else asked?.resolve(reply)
    this.pump()
  }

  /** The worker stops: leave at a random moment, so that not everyone leaves at once. */
  private drain(withinMs: number): void {
    const socket = this.socket
    clearTimeout(this.retryTimer)
    this.retryTimer = setTimeout(() => {
      if (socket === this.socket && this.isWanted) this.connect()
    }, this.ports.random() * withinMs * 0.8)
  }

  private async onClosed(code: number, afterMs: number): Promise<void> {
    const wasRefused = this.connection.state === "connecting"
    this.drop(code)
    switch (afterClose(code)) {
      case "sign-in":
        { this.endSession(); return; }
      case "stop":
        this.stop()
        { this.owner.onStop(code === closeCodes.revoked ? "revoked" : "upgrade"); return; }
      case "resume":
        this.retry(afterMs)
        if (wasRefused && (await this.owner.isSessionOver()) && this.isWanted) this.endSession()
    }
  }

  /** The session of this socket is over. If another has begun meanwhile, a new socket belongs to that one. */
  private endSession(): void {
    const session = this.owner.session()
    if (session !== null && session !== this.openedIn) { this.connect(); return; }
    this.stop()
    this.owner.onSessionOver()
  }

  /** Try again later: not before `afterMs`, which the server asked for. */
  private retry(afterMs = 0): void {
    if (!this.isWanted) return
    this.tell(this.attempt === 0 && this.state === "online" ? "connecting" : "offline")
    const wait = afterMs + backoffMs(this.attempt, this.ports.random())
    this.attempt += 1
    clearTimeout(this.retryTimer)
    this.retryTimer = setTimeout(() => this.connect(), wait)
  }

  /** Forget the socket and refuse what waits for an answer. */
  private drop(code: number): void {
    const socket = this.socket
    this.socket = null
    if (socket !== null) {
      socket.onmessage = socket.onclose = null
      // A browser lets a page close with 1000 or 3000 to 4999 only.
      socket.close(code >= 3000 && code <= 4999 ? code : closeCodes.normal)
    }
    this.connection.close(code)
    const left = [...this.asked.values(), ...this.queue.splice(0)]
    this.asked.clear()
    for (const { reject } of left) reject(new Refusal("offline"))
  }

  /** Nothing came for long: ask; still nothing: the connection is dead, whatever the browser believes. */
  private check(): void {
    if (this.socket === null) return
    const silentMs = Date.now() - this.heardAtMs
    if (silentMs > GONE_MS || (silentMs > limits.helloTimeoutMs && this.connection.state !== "open")) {
      this.drop(closeCodes.normal)
      this.retry()
    } else if (silentMs > SILENT_MS && this.isOpen()) {
      this.queued({ kind: "Ping" }).catch(() => undefined)
    }
  }

  private tell(state: LinkState): void {
    if (state === this.state) return
    this.state = state
    this.owner.onState(state)
  }
}
