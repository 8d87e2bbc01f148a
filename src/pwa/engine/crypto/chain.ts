/**
 * The signed history of an account, as a value: `apply` takes a state and a link to the next state.
 *
 * Rule 1: a link counts only if every link before it did.
 * Rule 2: a device id or a device's public key never returns.
 * Rule 3: the attestor says who someone is and whether they take part; nobody else says that.
 * Rule 4: once a newer attestor key has signed in a chain, an older one signs nothing there.
 * Rule 5: an account is a professional's or a guest's for its whole life.
 */
import type { AccountId, DeviceId } from "../../bridge/models.js"
import { type Bytes, sameBytes } from "../bytes.js"
import type { Attestors } from "./attestor.js"
import { BadLink, BadSeal } from "./errors.js"
import { requireVouched, type Identity, type Sponsored } from "./identity.js"
import {
  byDevice,
  decodeLink,
  encodeLink,
  LINK_LABEL,
  type Body,
  type Create,
  type Link,
  type LinkContent,
  type Signer,
  type Standing,
} from "./link.js"
import { type SigningKey, verify } from "./signing.js"
import { hash32 } from "./suite.js"

export { byAccount, byAttestor, byDevice, decodeLink, MAX_LINKS } from "./link.js"
export type { Attestors } from "./attestor.js"
export type { Identity, Situation, Sponsored } from "./identity.js"
export type { AddDevice, Body, Create, Link, LinkContent, RevokeDevice, RotateSecret, Signer, Standing } from "./link.js"

/** All that the links so far say. It holds plain values only and can be stored as it is. */
export type ChainState = {
  readonly account: AccountId
  /** How many links. */
  readonly length: number
  readonly head: Bytes
  /** Active devices and their public keys. */
  readonly devices: ReadonlyMap<DeviceId, Bytes>
  /** The others: what they signed while they were active must still be verified. */
  readonly revoked: ReadonlyMap<DeviceId, Bytes>
  readonly generation: number
  readonly signingPublic: Bytes
  readonly sealingPublic: Bytes
  readonly signingPublics: ReadonlyMap<number, Bytes>
  /** A device was revoked and the secret not rotated yet. */
  readonly isStale: boolean
  readonly identity: Identity | null
  readonly sponsored: Sponsored | null
  /** The place, among the attestor's keys, of the one that signed last. */
  readonly attestor: number
  readonly standing: Standing
  /** The generation the account last left with, 0 if it never did. */
  readonly left: number
}

/** What is remembered about a chain: its account, its last link's number and hash. */
export type Remembered = { readonly account: AccountId; readonly number: number; readonly head: Bytes }

export const remember = (state: ChainState): Remembered => ({
  account: state.account,
  number: state.length - 1,
  head: state.head,
})

/** No device is left, or the attestor closed it: the account is over, nothing follows. */
export const isClosed = (state: ChainState): boolean => state.devices.size === 0 || state.standing.standing === "closed"

/** Nobody seals to it: closed, suspended, or open again with the secret it left with. */
export const isDeparted = (state: ChainState): boolean =>
  isClosed(state) || state.standing.standing === "suspended" || state.generation <= state.left

/** What was sealed to this generation or an earlier one was sealed before it left. */
export const departedGeneration = (state: ChainState): number => (isDeparted(state) ? state.generation : state.left)

/** The public key of a device that is or was in the chain. */
export const findDevicePublic = (state: ChainState, device: DeviceId): Bytes | null =>
  state.devices.get(device) ?? state.revoked.get(device) ?? null

/** Link 0, signed by the device that it puts into the chain. */
export function createChain(account: AccountId, body: Create, deviceKey: SigningKey, atMs: number): Promise<Link> {
  const signer = byDevice(body.device, deviceKey)
  return sign({ account, number: 0, previous: new Uint8Array(), body, atMs, signer: signer.name }, signer)
}

/** The link after `state`. Whether it may follow is said by `apply`. */
export function makeLink(state: ChainState, body: Body, signer: Signer, atMs: number): Promise<Link> {
  const { account, length, head } = state
  return sign({ account, number: length, previous: head, body, atMs, signer: signer.name }, signer)
}

/** The state after one more link. Throws BadLink. */
export async function apply(state: ChainState | null, link: Link, attestors: Attestors): Promise<ChainState> {
  const content = decodeLink(link.data)
  requireNext(state, content)
  const known = state?.attestor ?? 0
  const place = await placeOf(link, signerPublics(state, content, attestors.slice(known)))
  const head = await hash32(link.data)
  if (state === null) return created(content, head)
  const { body } = content
  if (body.kind === "sponsored") await requireVouched(body, state.sponsored, state.account, attestors)
  return { ...changed(state, body), length: state.length + 1, head, attestor: known + place }
}

/** Which of the keys signed. Throws BadLink when none did. */
async function placeOf(link: Link, publics: readonly Uint8Array[]): Promise<number> {
  for (const [place, key] of publics.entries()) {
    try {
      await verify(key, LINK_LABEL, link.data, link.signature)
      return place
    } catch (error) {
      if (!(error instanceof BadSeal)) throw error
    }
  }
  throw new BadLink()
}

/**
 * The state after all links: from the first one, or following `start`. `expected` is what was remembered:
 * a chain that is shorter, or differs there, is refused. Throws BadLink.
 */
export async function replay(
  links: Iterable<Link>,
  attestors: Attestors,
  options: { readonly start?: ChainState; readonly account?: AccountId; readonly expected?: Remembered } = {},
): Promise<ChainState> {
  let state = options.start ?? null
  let seen = options.expected === undefined || isThere(state, options.expected)
  for (const link of links) {
    state = await apply(state, link, attestors)
    seen ||= isThere(state, options.expected)
  }
  if (state === null || !seen) throw new BadLink()
  if (options.account !== undefined && options.account !== state.account) throw new BadLink()
  return state
}

function isThere(state: ChainState | null, expected: Remembered | undefined): boolean {
  if (state === null || expected === undefined) return false
  const now = remember(state)
  return now.account === expected.account && now.number === expected.number && sameBytes(now.head, expected.head)
}

async function sign(content: LinkContent, { key }: Signer): Promise<Link> {
  const data = encodeLink(content)
  return { data, signature: await key.sign(LINK_LABEL, data) }
}

function requireNext(state: ChainState | null, content: LinkContent): void {
  const isCreate = content.body.kind === "create"
  if (state === null) {
    if (content.number !== 0 || !isCreate) throw new BadLink()
    return
  }
  if (isCreate || isClosed(state) || content.account !== state.account) throw new BadLink()
  if (state.standing.standing === "suspended" && content.signer !== "attestor") throw new BadLink()
  if (content.number !== state.length || !sameBytes(content.previous, state.head)) throw new BadLink()
}

/** The keys of which one must have signed: the one its signer has, or the attestor's. */
function signerPublics(state: ChainState | null, content: LinkContent, attestors: Attestors): readonly Uint8Array[] {
  const { kind } = content.body
  const isAttested = kind === "identity" || kind === "sponsored" || kind === "standing"
  if (isAttested !== (content.signer === "attestor")) throw new BadLink()
  return isAttested ? attestors : [ownPublic(state, content)]
}

function ownPublic(state: ChainState | null, { body, signer }: LinkContent): Uint8Array {
  if (state === null) {
    if (body.kind !== "create" || signer !== `device:${body.device}`) throw new BadLink()
    return body.devicePublic
  }
  if (signer === "account") return state.signingPublic
  const active = state.devices.get(signer.slice("device:".length) as DeviceId)
  if (active === undefined) throw new BadLink()
  return active
}

function created({ account, body }: LinkContent, head: Bytes): ChainState {
  if (body.kind !== "create") throw new BadLink()
  const { device, devicePublic, signingPublic, sealingPublic } = body
  return {
    account,
    length: 1,
    head,
    devices: new Map([[device, devicePublic]]),
    revoked: new Map(),
    generation: 1,
    signingPublic,
    sealingPublic,
    signingPublics: new Map([[1, signingPublic]]),
    isStale: false,
    identity: null,
    sponsored: null,
    attestor: 0,
    standing: { kind: "standing", standing: "open", reason: "" },
    left: 0,
  }
}

function changed(state: ChainState, body: Body): ChainState {
  switch (body.kind) {
    case "create":
      throw new BadLink()
    case "add_device":
      for (const [device, publicKey] of [...state.devices, ...state.revoked]) {
        if (device === body.device || sameBytes(publicKey, body.devicePublic)) throw new BadLink()
      }
      return { ...state, devices: new Map([...state.devices, [body.device, body.devicePublic]]) }
    case "revoke_device": {
      const devices = new Map(state.devices)
      const gone = devices.get(body.device)
      if (gone === undefined) throw new BadLink()
      devices.delete(body.device)
      return { ...state, devices, revoked: new Map([...state.revoked, [body.device, gone]]), isStale: true }
    }
    case "rotate_secret": {
      const { generation, signingPublic, sealingPublic } = body
      if (generation !== state.generation + 1) throw new BadLink()
      const signingPublics = new Map([...state.signingPublics, [generation, signingPublic]])
      return { ...state, generation, signingPublic, sealingPublic, signingPublics, isStale: false }
    }
    case "identity":
      if (state.sponsored !== null) throw new BadLink()
      return { ...state, identity: body }
    case "sponsored":
      if (state.identity !== null) throw new BadLink()
      return { ...state, sponsored: body }
    case "standing":
      if (body.standing === state.standing.standing) throw new BadLink()
      // The secret it left with opens nothing that comes.
      if (body.standing === "open") return { ...state, standing: body, isStale: true }
      return { ...state, standing: body, left: state.generation }
  }
}
