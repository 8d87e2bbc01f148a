import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { apply, decodeLink, departedGeneration, findDevicePublic, isClosed, isDeparted, remember, replay, type ChainState, type Link } from "./chain.js"
import { BadLink } from "./errors.js"
import { encodeLink } from "./link.js"
import { hash32 } from "./suite.js"
type Vectors = {
  attestor_public: string
  chain: { links: Written[]; states: unknown[] }
  chain_refused: Refused[]
  leaving: { links: Written[]; states: unknown[] }
  leaving_refused: Refused[]
  remembered_refused: Refused[]
}
const vectors = JSON.parse(readFileSync(new URL("../../../../tests/vectors/crypto.json", import.meta.url), "utf-8")) as Vectors
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex")
const unhex = (text: string) => new Uint8Array(Buffer.from(text, "hex"))

type Written = { data: string; signature: string }
type Refused = Written & { why: string; after: number; remembered: number }
const link = ({ data, signature }: Written): Link => ({ data: unhex(data), signature: unhex(signature) })
const attestor = [unhex(vectors.attestor_public)]
const links: Link[] = vectors.chain.links.map(link)
const leaving: Link[] = vectors.leaving.links.map(link)
const after = (count: number) => (count === 0 ? Promise.resolve(null) : replay(links.slice(0, count), attestor))

test("what the chain says after each link", async () => {
  let state: ChainState | null = null
  for (const [number, one] of links.entries()) {
    state = await apply(state, one, attestor)
    expect(await said(state)).toEqual(vectors.chain.states[number])
  }
})

test.each(vectors.chain_refused)("a link may not follow: $why", async (last) => {
  const state = await after(last.after)

  await expect(apply(state, link(last), attestor)).rejects.toThrow(BadLink)
})

test("an account leaves, comes back and is closed", async () => {
  let state: ChainState | null = null
  for (const [number, one] of leaving.entries()) {
    state = await apply(state, one, attestor)
    expect(await said(state)).toEqual(vectors.leaving.states[number])
  }
})

test.each(vectors.leaving_refused)("only the attestor says who takes part: $why", async (last) => {
  const state = await replay(leaving.slice(0, last.after), attestor)

  await expect(apply(state, link(last), attestor)).rejects.toThrow(BadLink)
})

test.each(vectors.remembered_refused)("a chain contradicts what is remembered: $why", async (last) => {
  const known = await after(last.remembered + 1)
  if (known === null) throw new Error("no chain")
  const shown = [...links.slice(0, last.after), link(last)]

  await replay(shown, attestor)
  await expect(replay(shown, attestor, { expected: remember(known) })).rejects.toThrow(BadLink)
})

test("a chain that grew is accepted, whole or from where it was", async () => {
  const start = await replay(links.slice(0, 3), attestor)
  const whole = await replay(links, attestor, { expected: remember(start) })

  expect(await replay(links.slice(3), attestor, { start, expected: remember(start) })).toEqual(whole)
  expect(await replay([], attestor, { start, expected: remember(start) })).toEqual(start)
  for (const [device, publicKey] of whole.revoked) expect(findDevicePublic(whole, device)).toEqual(publicKey)
})

test("a chain of another account or of no link is refused", async () => {
  await expect(replay(links, attestor, { account: "A".repeat(22) as never })).rejects.toThrow(BadLink)
  await expect(replay([], attestor)).rejects.toThrow(BadLink)
})

test("every changed byte is refused", async () => {
  const [first] = links
  if (first === undefined) throw new Error("no link")
  for (let place = 0; place < first.data.length; place += 13) {
    const data = new Uint8Array(first.data)
    data[place] = (data[place] ?? 0) ^ 1
    await expect(apply(null, { data, signature: first.signature }, attestor)).rejects.toThrow(BadLink)
  }
})

test("a link is written as it was read", () => {
  for (const { data } of links) expect(encodeLink(decodeLink(data))).toEqual(data)
})

async function said(state: ChainState): Promise<unknown> {
  const who = state.identity
  const texts = (keys: ReadonlyMap<string | number, Uint8Array>) =>
    Object.fromEntries([...keys].map(([name, value]) => [String(name), hex(value)]))
  return {
    account: state.account,
    length: state.length,
    head: hex(state.head),
    devices: texts(state.devices),
    revoked: texts(state.revoked),
    generation: state.generation,
    signing_public: hex(state.signingPublic),
    sealing_public_hash: hex(await hash32(state.sealingPublic)),
    signing_publics: texts(state.signingPublics),
    is_stale: state.isStale,
    is_closed: isClosed(state),
    standing: [state.standing.standing, state.standing.reason],
    departed_generation: departedGeneration(state),
    is_departed: isDeparted(state),
    identity:
      who === null
        ? null
        : [who.rpps, who.familyName, who.givenName, who.professionCode, who.category, who.provider, who.verifiedAtMs],
  }
}
