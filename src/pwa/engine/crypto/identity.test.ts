import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import type { AccountId } from "../../bridge/models.js"
import { attestorsFrom, requireKnown, type Step } from "./attestor.js"
import { apply, replay, type ChainState, type Link } from "./chain.js"
import { BadLink, BadSponsorship, BadSuccession } from "./errors.js"
import { decodeLink, encodeLink } from "./link.js"
import { accept, invitationKey, invitationOf, verifySponsorship } from "./sponsorship.js"

type Written = { data: string; signature: string }
type Refused = Written & { why: string; after: number }
type WrittenSteps = { steps: { step: string; signature: string }[] }
type Vectors = {
  placed: { links: Written[]; attestors: number[]; situations: (string[] | null)[] }
  placed_refused: Refused[]
  invitation: { secret: string; public: string; id: string; account: string; acceptance: string }
  sponsorship: Written & { device_public: string; fields: unknown[] }
  sponsorship_refused: (Written & { why: string })[]
  guest: { links: Written[]; ends_at_ms: (number | null)[] }
  guest_of_deployment: { links: Written[] }
  guest_refused: Refused[]
  succession: WrittenSteps & { publics: string[] }
  succession_refused: (WrittenSteps & { why: string })[]
}
const vectors = JSON.parse(readFileSync(new URL("../../../../tests/vectors/identity.json", import.meta.url), "utf-8")) as Vectors
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex")
const unhex = (text: string) => new Uint8Array(Buffer.from(text, "hex"))
const link = ({ data, signature }: Written): Link => ({ data: unhex(data), signature: unhex(signature) })
const steps = ({ steps }: WrittenSteps): Step[] => steps.map((one) => ({ step: unhex(one.step), signature: unhex(one.signature) }))
const keys = vectors.succession.publics.map(unhex)
const last = keys.at(-1)!
const placed = vectors.placed.links.map(link)
const guest = vectors.guest.links.map(link)

test("an identity gains a situation, and later attestor keys sign", async () => {
  let state: ChainState | null = null
  for (const [number, one] of placed.entries()) {
    state = await apply(state, one, keys)
    const at = state.identity?.situation ?? null
    expect(at === null ? null : [at.structure, at.commune, at.postcode, at.mode]).toEqual(vectors.placed.situations[number])
    expect(state.attestor).toBe(vectors.placed.attestors[number])
  }
})

test("who does not know a later key refuses what it signed", async () => {
  await expect(replay(placed, keys.slice(0, 2))).rejects.toThrow(BadLink)
})

test.each(vectors.placed_refused)("what may not follow an identity: $why", async (refused) => {
  const state = await replay(placed.slice(0, refused.after), keys)
  await expect(apply(state, link(refused), keys)).rejects.toThrow(BadLink)
})

test("a guest is vouched for, and prolonged", async () => {
  let state: ChainState | null = null
  for (const [number, one] of guest.entries()) {
    state = await apply(state, one, keys)
    expect(state.sponsored?.content.endsAtMs ?? null).toBe(vectors.guest.ends_at_ms[number])
  }
  expect((await replay(vectors.guest_of_deployment.links.map(link), keys)).sponsored?.content.sponsor).toBeNull()
})

test.each(vectors.guest_refused)("what makes nobody a guest: $why", async (refused) => {
  const state = await replay(guest.slice(0, refused.after), keys)
  await expect(apply(state, link(refused), keys)).rejects.toThrow(BadLink)
})

test("links are written as they were read", () => {
  for (const { data } of [...placed, ...guest]) expect(hex(encodeLink(decodeLink(data)))).toBe(hex(data))
})

test("a link's secret accepts for one account", async () => {
  const { secret, account, ...said } = vectors.invitation
  const key = await invitationKey(unhex(secret))
  expect(hex(key.public)).toBe(said.public)
  expect(await invitationOf(key.public)).toBe(said.id)
  expect(hex(await accept(unhex(secret), account as AccountId))).toBe(said.acceptance)
})

test("a sponsorship is read as it was signed", async () => {
  const said = vectors.sponsorship
  const read = await verifySponsorship(link(said), unhex(said.device_public))
  expect([read.sponsor, read.device, read.familyName, read.givenName, read.role, read.endsAtMs, read.atMs]).toEqual(said.fields)
})

test.each(vectors.sponsorship_refused)("a sponsorship nobody signed: $why", async (refused) => {
  await expect(verifySponsorship(link(refused), unhex(vectors.sponsorship.device_public))).rejects.toThrow(BadSponsorship)
})

test("attestor keys follow one from the other", async () => {
  expect(await attestorsFrom(steps(vectors.succession), last)).toEqual(keys)
  expect(requireKnown(keys, keys.slice(0, 1))).toBe(keys)
  expect(() => requireKnown(keys.slice(0, 2), keys)).toThrow(BadSuccession)
  expect(() => requireKnown(keys.slice(1), keys.slice(0, 1))).toThrow(BadSuccession)
})

test.each(vectors.succession_refused)("a succession does not follow: $why", async (refused) => {
  const shown = attestorsFrom(steps(refused), last).then((found) => requireKnown(found, keys.slice(0, 1)))
  await expect(shown).rejects.toThrow(BadSuccession)
})
