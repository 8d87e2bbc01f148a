import { expect, it, vi } from "vitest"
import { Http, type HttpPorts } from "./http.js"

function aResponse(status: number, body: unknown): HttpPorts["fetch"] {
  return () => Promise.resolve(new Response(JSON.stringify(body), { status }))
}

const signed = (session: string) => ({ session, atMs: 17, signature: Uint8Array.of(255) })
const SIGNER = { session: () => "first", sign: () => Promise.resolve(signed("first")) }
const NO_SESSION = { session: () => null, sign: () => Promise.resolve(null) }

it("sends the proof with the exact path and body", async () => {
  const fetch = vi.fn(aResponse(200, { done: 1 }))
  const sign = vi.fn(SIGNER.sign)
  const http = new Http({ origin: "https://lien.example", fetch }, { ...SIGNER, sign })

  await expect(http.signed("POST", "/api/chain?x=1", { a: "é" })).resolves.toEqual({ done: 1 })

  const [url, init] = fetch.mock.calls[0]!
  expect(url).toBe("https://lien.example/api/chain?x=1")
  expect(sign).toHaveBeenCalledWith("POST", "/api/chain?x=1", init.body)
  expect(new Headers(init.headers).get("Lien-Proof")).toBe("17._w")
  expect(init).toMatchObject({ redirect: "error", cache: "no-store", credentials: "same-origin" })
})

it("refuses by the server's code, and tells once that the session is over", async () => {
  const http = new Http({ origin: "", fetch: aResponse(401, { error: { code: "not_signed_in", retry_after_ms: 0 } }) }, SIGNER)
  http.onSessionOver = vi.fn()
  await expect(http.signed("GET", "/api/session")).rejects.toMatchObject({ code: "not_signed_in" })
  await expect(http.open("GET", "/api/enrolment")).rejects.toMatchObject({ code: "not_signed_in" })
  expect(http.onSessionOver).toHaveBeenCalledTimes(1)
})

it("asks again in the session that began while the request of the last one was under way", async () => {
  const answers = [aResponse(401, { error: { code: "not_signed_in" } }), aResponse(200, { done: 1 })]
  const proofs: (string | null)[] = []
  const fetch: HttpPorts["fetch"] = (url, init) => {
    proofs.push(new Headers(init.headers).get("Lien-Proof"))
    return answers.shift()!(url, init)
  }
  const sign = vi.fn(() => Promise.resolve(signed("second"))).mockResolvedValueOnce(signed("first"))
  const http = new Http({ origin: "", fetch }, { session: () => "second", sign })
  http.onSessionOver = vi.fn()
  await expect(http.signed("POST", "/api/x", {})).resolves.toEqual({ done: 1 })
  expect(proofs.length).toBe(2)
  expect(http.onSessionOver).not.toHaveBeenCalled()
})

it("waits for the session that is about to begin before it says that the last one is over", async () => {
  const answers = [aResponse(401, { error: { code: "not_signed_in" } }), aResponse(200, { done: 1 })]
  const fetch: HttpPorts["fetch"] = (url, init) => answers.shift()!(url, init)
  let session = "first"
  const http = new Http({ origin: "", fetch }, { session: () => session, sign: () => Promise.resolve(signed(session)) })
  http.onSessionOver = vi.fn()
  let begin: () => void = () => undefined
  http.entering = new Promise<void>((resolve) => (begin = resolve))
  const asked = http.signed("GET", "/api/devices")
  await new Promise((resolve) => setTimeout(resolve))
  session = "second"
  begin()
  await expect(asked).resolves.toEqual({ done: 1 })
  expect(http.onSessionOver).not.toHaveBeenCalled()
})

it("keeps how long the server asks to wait", async () => {
  const http = new Http({ origin: "", fetch: aResponse(429, { error: { code: "too_many", retry_after_ms: 900 } }) }, SIGNER)
  await expect(http.open("GET", "/api/status")).rejects.toMatchObject({ code: "too_many", retryAfterMs: 900 })
})

it("does not ask without a session", async () => {
  const fetch = vi.fn(aResponse(200, {}))
  await expect(new Http({ origin: "", fetch }, NO_SESSION).signed("GET", "/api/devices")).rejects.toMatchObject({
    code: "not_signed_in",
  })
  expect(fetch).not.toHaveBeenCalled()
})

it.each([
  [502, "<html>", "offline"],
  [429, "slow down", "overloaded"],
  [500, { error: 4 }, "unexpected"],
  [200, [1, 2], "unexpected"],
])("reads an answer that is not of the protocol: %i", async (status, body, code) => {
  const http = new Http({ origin: "", fetch: aResponse(status, body) }, NO_SESSION)
  await expect(http.open("GET", "/api/status")).rejects.toMatchObject({ code })
})

it("is offline when nobody answers", async () => {
  const http = new Http({ origin: "", fetch: () => Promise.reject(new TypeError("no network")) }, NO_SESSION)
  await expect(http.open("GET", "/api/status")).rejects.toMatchObject({ code: "offline" })
})
