/** What a browser does for the engine beside running it: cookies, sockets, and losing the network. */
import { WebSocket } from "ws"
import type { HttpPorts } from "../engine/http.js"
import type { LinkPorts, Socket } from "../engine/link.js"

/** Where the server under test is; given by tests/pwa. */
export const ORIGIN = process.env["SCENARIO_ORIGIN"] ?? "http://localhost:8000"

export class Network {
  private readonly sockets = new Set<WebSocket>()
  private isThere = true
  private readonly refused = new Map<string, { left: number; readonly code: string; readonly status: number }>()

  /** `onCookies` is told of every change of the cookies. */
  constructor(
    private readonly cookies = new Map<string, string>(),
    private readonly onCookies: (cookies: ReadonlyMap<string, string>) => void = () => undefined,
  ) {}

  /** The network goes, or comes back. */
  set(isThere: boolean): void {
    this.isThere = isThere
    if (!isThere) for (const socket of this.sockets) socket.terminate()
  }

  /** The next requests for this path meet a server whose store is away, or that says `code`. */
  refuse(path: string, times = 1, code = "store_unavailable", status = 503): void {
    this.refused.set(ORIGIN + path, { left: times, code, status })
  }

  /** How many requests were refused so. */
  refusals = 0

  /** What the server says, as a liar would change it. */
  falsify: (path: string, answer: string) => string = (_path, answer) => answer

  /** Bytes on the wire of the open sockets so far, both ways, framing included. */
  get bytes(): number {
    return [...this.sockets].reduce((sum, socket) => {
      const { bytesRead = 0, bytesWritten = 0 } = (socket as unknown as { readonly _socket?: { bytesRead: number; bytesWritten: number } })._socket ?? {}
      return sum + bytesRead + bytesWritten
    }, 0)
  }

  readonly fetch: HttpPorts["fetch"] = async (url, init) => {
    if (!this.isThere) throw new TypeError("no network")
    const refused = this.refused.get(url)
    if (refused !== undefined && refused.left-- > 0) {
      this.refusals += 1
      return Response.json({ error: { code: refused.code } }, { status: refused.status })
    }
    const headers = new Headers(init.headers)
    headers.set("Cookie", this.header())
    headers.set("Origin", ORIGIN)
    const response = await fetch(url, { ...init, headers, redirect: "manual" })
    for (const cookie of response.headers.getSetCookie()) this.keep(cookie)
    if (!(response.headers.get("Content-Type") ?? "").startsWith("application/json")) return response
    const said = this.falsify(url.slice(ORIGIN.length), await response.text())
    return new Response(said, { status: response.status, headers: response.headers })
  }

  readonly openSocket: LinkPorts["openSocket"] = () => {
    const headers = { Cookie: this.header(), Origin: ORIGIN }
    const socket = new WebSocket(`${ORIGIN.replace(/^http/, "ws")}/socket`, "lien.v1", { headers })
    socket.on("error", () => undefined) // told by its close as well, as in a browser
    socket.on("close", () => this.sockets.delete(socket))
    this.sockets.add(socket)
    if (!this.isThere) socket.terminate()
    return socket as unknown as Socket
  }

  /** Sign in with the demonstration provider: follow it to its form, and the form back. */
  async visitProvider(rpps: string): Promise<void> {
    const form = await this.follow("/auth/mock/start")
    const page = await (await this.fetch(form, {})).text()
    const action = /<form[^>]*method="post"[^>]*action="([^"]*)"/i.exec(page)?.[1] ?? form
    const body = new URLSearchParams({ rpps })
    for (const [field] of page.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
      body.set(/name="([^"]*)"/.exec(field)?.[1] ?? "", unescaped(/value="([^"]*)"/.exec(field)?.[1] ?? ""))
    }
    const headers = { "Content-Type": "application/x-www-form-urlencoded" }
    const chosen = await this.fetch(new URL(unescaped(action), form).href, { method: "POST", body: body.toString(), headers })
    await this.follow(chosen.headers.get("Location") ?? "/")
  }

  /** The address that a redirect leads to. */
  private async follow(path: string): Promise<string> {
    const { href } = new URL(path, ORIGIN)
    const { headers } = await this.fetch(href, {})
    return new URL(headers.get("Location") ?? "/", href).href
  }

  private header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
  }

  private keep(cookie: string): void {
    const [pair = "", ...attributes] = cookie.split(";")
    const [name = "", value = ""] = pair.split(/=(.*)/s)
    const isGone = attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute))
    if (isGone) this.cookies.delete(name)
    else this.cookies.set(name, value)
    this.onCookies(this.cookies)
  }
}

const unescaped = (html: string): string => html.replaceAll("&amp;", "&").replaceAll("&#x27;", "'").replaceAll("&quot;", '"')
