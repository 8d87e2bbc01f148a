// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import type { Engine } from "../../bridge/channel.js"
import { answerWithPasskey, createPasskey } from "./ceremonies.js"

const salts = { first: new ArrayBuffer(32), second: new ArrayBuffer(32) }

/** What a browser gives: `toJSON` carries the PRF outputs, as the real one does. */
class Credential {
  static parseCreationOptionsFromJSON = (options: object) => ({ ...options })
  static parseRequestOptionsFromJSON = (options: object) => ({ ...options })
  readonly rawId = new ArrayBuffer(16)
  constructor(private readonly prf: { enabled?: boolean; results?: { first: ArrayBuffer; second: ArrayBuffer } }) {}
  getClientExtensionResults() {
    return { prf: this.prf }
  }
  toJSON() {
    return { id: "id", type: "public-key", clientExtensionResults: { prf: this.prf } }
  }
}

const evaluated = () => ({ enabled: true, results: { first: new Uint8Array(32).fill(1).buffer, second: new Uint8Array(32).fill(2).buffer } })

type Asked = { readonly name: string; readonly request: { credential: { clientExtensionResults: object }; prf: unknown }; readonly transfer: ArrayBuffer[] }

function engineThatListens() {
  const asked: Asked[] = []
  const engine = {
    listen: () => () => undefined,
    ask: (name: string, request: never, transfer: ArrayBuffer[] = []) => {
      asked.push({ name, request, transfer })
      if (name.endsWith("Begin")) return Promise.resolve({ options: {}, salts })
      return Promise.resolve({ expressLogin: (request as { prf: unknown }).prf !== null })
    },
  } as unknown as Engine
  return { engine, asked }
}

const credentials = { create: vi.fn(), get: vi.fn() }

beforeEach(() => {
  vi.stubGlobal("PublicKeyCredential", Credential)
  vi.stubGlobal("navigator", { credentials })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetAllMocks()
})

test("the PRF outputs are transferred, and never inside the credential", async () => {
  const { engine, asked } = engineThatListens()
  const prf = evaluated()
  credentials.create.mockResolvedValue(new Credential(prf))
  expect(await createPasskey(engine, "Chrome sur Android")).toBe(true)
  const finish = asked.at(-1)
  expect(finish?.name).toBe("passkeyCreateFinish")
  expect(finish?.request.credential.clientExtensionResults).toEqual({})
  expect(finish?.transfer).toEqual([prf.results.first, prf.results.second])
})

test("an authenticator that evaluates only later is asked once more", async () => {
  const { engine, asked } = engineThatListens()
  credentials.create.mockResolvedValue(new Credential({ enabled: true }))
  credentials.get.mockResolvedValue(new Credential(evaluated()))
  expect(await createPasskey(engine, "x")).toBe(true)
  expect(credentials.get).toHaveBeenCalledOnce()
  expect(asked.at(-1)?.transfer).toHaveLength(2)
})

test("without PRF the engine is told there is none, and nothing is transferred", async () => {
  const { engine, asked } = engineThatListens()
  credentials.create.mockResolvedValue(new Credential({ enabled: false }))
  expect(await createPasskey(engine, "x")).toBe(false)
  expect(credentials.get).not.toHaveBeenCalled()
  expect(asked.at(-1)?.transfer).toEqual([])
})

test("unlocking strips the credential too", async () => {
  const { engine, asked } = engineThatListens()
  credentials.get.mockResolvedValue(new Credential(evaluated()))
  await answerWithPasskey(engine)
  expect(asked.at(-1)?.request.credential.clientExtensionResults).toEqual({})
  expect(JSON.stringify(asked.at(-1)?.request.credential)).not.toContain("prf")
})

test("a refused gesture is thrown on, and nothing is finished", async () => {
  const { engine, asked } = engineThatListens()
  credentials.get.mockRejectedValue(new DOMException("", "NotAllowedError"))
  await expect(answerWithPasskey(engine)).rejects.toThrow(DOMException)
  expect(asked.map(({ name }) => name)).toEqual(["passkeyGetBegin"])
})
