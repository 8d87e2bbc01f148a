/** The HTTP door: JSON there and back, with the proof that this device holds its key. */
import { toBase64, utf8 } from "./bytes.js"
import { Refusal } from "./failure.js"
import { asObject, type Json } from "./json.js"

export type Method = "GET" | "POST" | "PUT" | "DELETE"

/** Signs one request in the open session; null while there is none. `atMs` is the server's time as far as known. */
export interface RequestSigner {
  session(): string | null
  sign(
    method: Method,
    path: string,
    body: Uint8Array,
  ): Promise<{ readonly session: string; readonly atMs: number; readonly signature: Uint8Array } | null>
}

/** `origin` is where the server is; `fetch` is the browser's, given so that a test can bring cookies. */
export type HttpPorts = {
  readonly origin: string
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

const TIMEOUT_MS = 20_000
/** A scan, or a quarter of a megabyte at 2G speed, takes its time. */
const BYTES_TIMEOUT_MS = 5 * 60_000
const JSON_TYPE: Record<string, string> = { "Content-Type": "application/json" }
const BYTES_TYPE = { "Content-Type": "application/octet-stream" }

export class Http {
  /** Told once for each answer `not_signed_in` to a signed request. */
  onSessionOver: () => void = () => undefined
  /** Settles when no other session is about to begin: its cookie comes before this device has written it down. */
  entering: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly ports: HttpPorts,
    private readonly signer: RequestSigner,
  ) {}

  /** A request in the session. Refuses with `not_signed_in` when there is none. */
  async signed(method: Method, path: string, body?: Json): Promise<Json> {
    const bytes = encode(body)
    const json: Record<string, string> = body === undefined ? {} : JSON_TYPE
    return this.proved(method, path, bytes, (header) => this.send(method, path, body === undefined ? null : bytes, { ...json, ...header }))
  }

  /** Bytes to a place, in the session. */
  async sendBytes(method: "PUT", path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.proved(method, path, bytes, (header) => this.send(method, path, bytes, { ...header, ...BYTES_TYPE }, BYTES_TIMEOUT_MS))
  }

  /** Some of the bytes of a place, in the session: fewer only where it ends before. */
  getBytes(path: string, start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.proved("GET", path, new Uint8Array(), async (header) => {
      const range = { Range: `bytes=${start}-${start + length - 1}` }
      const response = await this.fetch("GET", path, null, { ...header, ...range }, BYTES_TIMEOUT_MS)
      if (!response.ok) throw refusalFrom(response.status, await response.json().catch(() => null))
      return new Uint8Array(await response.arrayBuffer().catch(offline))
    })
  }

  /** What is not JSON: at most `most` bytes of a GET in the session. Refuses with `too_large` above. */
  bytes(path: string, most: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.proved("GET", path, new Uint8Array(), async (header) => {
      const response = await this.fetch("GET", path, null, header, BYTES_TIMEOUT_MS)
      if (!response.ok) throw refusalFrom(response.status, await response.json().catch(() => null))
      if (Number(response.headers.get("Content-Length") ?? 0) > most) throw new Refusal("too_large")
      const bytes = await response.arrayBuffer().catch(offline)
      if (bytes.byteLength > most) throw new Refusal("too_large")
      return new Uint8Array(bytes)
    })
  }

  /** A request that anyone may make, or that the flow cookie allows. */
  open(method: Method, path: string, body?: Json): Promise<Json> {
    return this.send(method, path, body === undefined ? null : encode(body), body === undefined ? {} : JSON_TYPE)
  }

  /** With a proof of the session; once more in the next one, if that began meanwhile. */
  private async proved<Value>(
    method: Method,
    path: string,
    body: Uint8Array,
    ask: (header: Record<string, string>) => Promise<Value>,
  ): Promise<Value> {
    const proof = await this.signer.sign(method, path, body)
    if (proof === null) throw new Refusal("not_signed_in")
    try {
      return await ask({ "Lien-Proof": `${proof.atMs}.${toBase64(proof.signature)}` })
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== "not_signed_in") throw error
      await this.entering
      // Another session began while this was under way: refused as it was, it may be asked again in the new one.
      const session = this.signer.session()
      if (session !== null && session !== proof.session) return this.proved(method, path, body, ask)
      this.onSessionOver()
      throw error
    }
  }

  private async send(method: Method, path: string, body: BodyInit | null, headers: Record<string, string>, timeoutMs = TIMEOUT_MS): Promise<Json> {
    const response = await this.fetch(method, path, body, headers, timeoutMs)
    const answer: unknown = await response.json().catch(() => null)
    if (!response.ok) throw refusalFrom(response.status, answer)
    return asObject(answer)
  }

  private fetch(method: Method, path: string, body: BodyInit | null, headers: Record<string, string>, timeoutMs: number): Promise<Response> {
    return this.ports
      .fetch(this.ports.origin + path, {
        method,
        body,
        headers,
        credentials: "same-origin",
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      })
      .catch(offline)
  }
}

function offline(): never {
  throw new Refusal("offline")
}

function encode(body: Json | undefined): Uint8Array<ArrayBuffer> {
  return body === undefined ? new Uint8Array() : utf8(JSON.stringify(body))
}

/** A proxy may answer in its own words: then the status alone decides. */
function refusalFrom(status: number, answer: unknown): Refusal {
  const error = (answer as { error?: { code?: unknown; retry_after_ms?: unknown } } | null)?.error
  if (typeof error?.code === "string" && error.code.length <= 64) {
    return new Refusal(error.code, typeof error.retry_after_ms === "number" ? error.retry_after_ms : 0)
  }
  return new Refusal(status >= 502 && status <= 504 ? "offline" : status === 429 ? "overloaded" : "unexpected")
}
