import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import type { AccountId } from "../../bridge/models.js"
import { openAccountSecret } from "./account.js"
import { BadStatement } from "./errors.js"
import { checkSealedKeys, checkSuccession, decodeStatement, openKey, openName, openPreviousKey, verifyStatement } from "./statement.js"
type Vectors = { statements: [Written, Written]; statement_refused: Written[]; succession: Written[] }
const vectors = JSON.parse(readFileSync(new URL("../../../../tests/vectors/crypto.json", import.meta.url), "utf-8")) as Vectors
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex")
const unhex = (text: string) => new Uint8Array(Buffer.from(text, "hex"))

type Written = {
  why: string
  accepted: boolean
  previous: string | null
  data: string
  signature: string
  device_public: string
  hash: string
  sealed_keys: Record<string, string>
  reader: AccountId
  reader_secret: string
  key: string
  name: string
  previous_key: string | null
  departed: Record<AccountId, number>
}
const written = vectors.statements
const decodeOrNull = (data: string | null) => (data === null ? Promise.resolve(null) : decodeStatement(unhex(data)))

test.each(written)("a member reads what Python sealed", async (vector) => {
  const signed = { data: unhex(vector.data), signature: unhex(vector.signature) }
  const statement = await verifyStatement(signed, unhex(vector.device_public))
  const sealedKeys = new Map(Object.entries(vector.sealed_keys).map(([who, key]) => [who as AccountId, unhex(key)]))
  await checkSealedKeys(statement, sealedKeys)
  await checkSuccession(await decodeOrNull(vector.previous), statement)
  const { sealing } = await openAccountSecret(unhex(vector.reader_secret))
  const sealed = sealedKeys.get(vector.reader) ?? new Uint8Array()
  const key = await openKey(statement, vector.reader, sealed, sealing)
  const previousKey = await openPreviousKey(statement, key)

  expect(hex(statement.hash)).toBe(vector.hash)
  expect(hex(key)).toBe(vector.key)
  expect(await openName(statement, key)).toBe(vector.name)
  expect(previousKey === null ? null : hex(previousKey)).toBe(vector.previous_key)
})

test.each(vectors.statement_refused)("is refused: $why", async ({ data, signature }) => {
  const signed = { data: unhex(data), signature: unhex(signature) }

  await expect(verifyStatement(signed, unhex(written[0].device_public))).rejects.toThrow(BadStatement)
})

test.each(vectors.succession)("follows or not: $why", async ({ accepted, previous, data, departed }) => {
  const next = await decodeStatement(unhex(data))
  const check = checkSuccession(await decodeOrNull(previous), next, new Map(Object.entries(departed) as [AccountId, number][]))

  if (accepted) await check
  else await expect(check).rejects.toThrow(BadStatement)
})

test("the sealed set is the member set, and what was signed", async () => {
  const statement = await decodeStatement(unhex(written[0].data))
  const [one, other] = Object.entries(written[0].sealed_keys).map(([who, key]) => [who as AccountId, unhex(key)] as const)
  if (one === undefined || other === undefined) throw new Error("two members")
  const wrong = [new Map(), new Map([one]), new Map([one, [other[0], one[1]]]), new Map([one, ["x" as AccountId, other[1]]])]

  for (const set of wrong) await expect(checkSealedKeys(statement, set)).rejects.toThrow(BadStatement)
  const { sealing } = await openAccountSecret(unhex(written[0].reader_secret))
  await expect(openKey(statement, other[0], one[1], sealing)).rejects.toThrow(BadStatement)
})
