/** One link of an account's chain: its seven kinds, its bytes, its signer. Whether it may follow is said by `chain.ts`. */
import type { AccountId, DeviceId } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import { isId } from "../ids.js"
import { BadLink, reading } from "./errors.js"
import { identityValues, MAX_CODE_CHARACTERS, parseIdentity, parseSponsored, sponsoredValues, type Identity, type Sponsored } from "./identity.js"
import type { Value } from "./msgpack.js"
import { requireSealingPublic, SEALING_PUBLIC_BYTES } from "./sealing.js"
import { PUBLIC_BYTES, requirePublic, type SigningKey } from "./signing.js"
import { encode, Fields } from "./structure.js"
import { HASH_BYTES } from "./suite.js"

export const LINK_LABEL = "lien/v1/link"
export const MAX_LINK_BYTES = 2048
export const MAX_LINKS = 4096

/** A signed link as it travels; `data` is what is signed and hashed. */
export type Link = { readonly data: Bytes; readonly signature: Bytes }

export type Create = {
  readonly kind: "create"
  readonly device: DeviceId
  readonly devicePublic: Bytes
  readonly signingPublic: Bytes
  readonly sealingPublic: Bytes
}
export type AddDevice = { readonly kind: "add_device"; readonly device: DeviceId; readonly devicePublic: Bytes }
export type RevokeDevice = { readonly kind: "revoke_device"; readonly device: DeviceId }
export type RotateSecret = {
  readonly kind: "rotate_secret"
  readonly generation: number
  readonly signingPublic: Bytes
  readonly sealingPublic: Bytes
}
export type StandingName = "open" | "suspended" | "closed"
/** The attestor's word on whether the account takes part, and why: a code, not a sentence. */
export type Standing = { readonly kind: "standing"; readonly standing: StandingName; readonly reason: string }
export type Body = Create | AddDevice | RevokeDevice | RotateSecret | Identity | Sponsored | Standing

export type SignerName = "account" | "attestor" | `device:${string}`

/** A key and the name under which it signs links. */
export type Signer = { readonly name: SignerName; readonly key: SigningKey }

export const byDevice = (device: DeviceId, key: SigningKey): Signer => ({ name: `device:${device}`, key })
/** The account signing key of the generation before the link. */
export const byAccount = (key: SigningKey): Signer => ({ name: "account", key })
export const byAttestor = (key: SigningKey): Signer => ({ name: "attestor", key })

/** The decoded fields of a link. Nothing of it is verified yet. */
export type LinkContent = {
  readonly account: AccountId
  readonly number: number
  readonly previous: Bytes
  readonly body: Body
  readonly atMs: number
  readonly signer: SignerName
}

export function encodeLink({ account, number, previous, body, atMs, signer }: LinkContent): Bytes {
  return encode(account, number, previous, body.kind, valuesOf(body), atMs, signer)
}

/** Read a link's bytes. Throws BadLink. */
export function decodeLink(data: Uint8Array): LinkContent {
  return reading(BadLink, () => {
    const fields = Fields.decode(data, 8, MAX_LINK_BYTES)
    const account = fields.account()
    const number = fields.integer(0, MAX_LINKS - 1)
    const previous = fields.blob(number > 0 ? HASH_BYTES : 0)
    const body = parseBody(fields.text(16), fields.value())
    return { account, number, previous, body, atMs: fields.integer(), signer: parseSigner(fields.text(29)) }
  })
}

function valuesOf(body: Body): readonly Value[] {
  switch (body.kind) {
    case "create":
      return [body.device, body.devicePublic, 1, body.signingPublic, body.sealingPublic]
    case "add_device":
      return [body.device, body.devicePublic]
    case "revoke_device":
      return [body.device]
    case "rotate_secret":
      return [body.generation, body.signingPublic, body.sealingPublic]
    case "identity":
      return identityValues(body)
    case "sponsored":
      return sponsoredValues(body)
    case "standing":
      return [body.standing, body.reason]
  }
}

function parseBody(kind: string, value: Value): Body {
  switch (kind) {
    case "create": {
      const fields = Fields.ofList(value, 5)
      const [device, devicePublic] = [fields.device(), signing(fields)]
      fields.integer(1, 1)
      return { kind, device, devicePublic, signingPublic: signing(fields), sealingPublic: sealing(fields) }
    }
    case "add_device": {
      const fields = Fields.ofList(value, 2)
      return { kind, device: fields.device(), devicePublic: signing(fields) }
    }
    case "revoke_device":
      return { kind, device: Fields.ofList(value, 1).device() }
    case "rotate_secret": {
      const fields = Fields.ofList(value, 3)
      return { kind, generation: fields.integer(2, MAX_LINKS), signingPublic: signing(fields), sealingPublic: sealing(fields) }
    }
    case "identity":
      return parseIdentity(value)
    case "sponsored":
      return parseSponsored(value)
    case "standing":
      return parseStanding(Fields.ofList(value, 2))
    default:
      throw new BadLink()
  }
}

function parseStanding(fields: Fields): Standing {
  const standing = fields.text(9)
  if (standing !== "open" && standing !== "suspended" && standing !== "closed") throw new BadLink()
  return { kind: "standing", standing, reason: fields.text(MAX_CODE_CHARACTERS) }
}

function parseSigner(text: string): SignerName {
  if (text === "account" || text === "attestor") return text
  if (!text.startsWith("device:") || !isId(text.slice("device:".length))) throw new BadLink()
  return text as SignerName
}

const signing = (fields: Fields): Bytes => requirePublic(fields.blob(PUBLIC_BYTES))
const sealing = (fields: Fields): Bytes => requireSealingPublic(fields.blob(SEALING_PUBLIC_BYTES))
