/** Who an account belongs to: a professional of the national directory, or a guest of one. Mirror of lien.crypto.identity. */
import type { AccountId } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import { BadLink, BadSponsorship } from "./errors.js"
import type { Value } from "./msgpack.js"
import { SIGNATURE_BYTES } from "./signing.js"
import {
  decodeSponsorship,
  invitationOf,
  MAX_SPONSORSHIP_BYTES,
  verifyAcceptance,
  verifySponsorship,
  type SignedSponsorship,
  type Sponsorship,
} from "./sponsorship.js"
import { Fields } from "./structure.js"

const MAX_NAME_CHARACTERS = 128
export const MAX_CODE_CHARACTERS = 32
const IDENTITY = 7
/** With a situation. */
const PLACED_IDENTITY = 11

/** Where somebody said they work when they signed in, out of what their provider listed. */
export type Situation = { readonly structure: string; readonly commune: string; readonly postcode: string; readonly mode: string }

/** Who the deployment's attestor says this is, and how and when that was verified. */
export type Identity = {
  readonly kind: "identity"
  readonly rpps: string
  readonly familyName: string
  readonly givenName: string
  readonly professionCode: string
  readonly category: string
  readonly provider: string
  readonly verifiedAtMs: number
  readonly situation: Situation | null
}

/** Somebody outside the national directory: the attestor's word, with the sponsor's and the guest's signatures in it. */
export type Sponsored = {
  readonly kind: "sponsored"
  readonly sponsorship: SignedSponsorship
  readonly content: Sponsorship
  readonly acceptance: Bytes
  readonly verifiedAtMs: number
}

export function identityValues({ situation: at, ...body }: Identity): readonly Value[] {
  const place = at === null ? [] : [at.structure, at.commune, at.postcode, at.mode]
  const names = [body.rpps, body.familyName, body.givenName]
  return [...names, body.professionCode, body.category, body.provider, body.verifiedAtMs, ...place]
}

/** Throws Malformed, BadLink. */
export function parseIdentity(value: Value): Identity {
  const isPlaced = Array.isArray(value) && value.length === PLACED_IDENTITY
  const fields = Fields.ofList(value, isPlaced ? PLACED_IDENTITY : IDENTITY)
  const rpps = fields.text(11)
  if (!/^[0-9]{11}$/.test(rpps)) throw new BadLink()
  return {
    kind: "identity",
    rpps,
    familyName: fields.text(MAX_NAME_CHARACTERS),
    givenName: fields.text(MAX_NAME_CHARACTERS),
    professionCode: fields.text(MAX_CODE_CHARACTERS),
    category: fields.text(MAX_CODE_CHARACTERS),
    provider: fields.text(MAX_CODE_CHARACTERS),
    verifiedAtMs: fields.integer(),
    situation: isPlaced ? parseSituation(fields) : null,
  }
}

function parseSituation(fields: Fields): Situation {
  const [structure, commune] = [fields.text(MAX_NAME_CHARACTERS), fields.text(MAX_NAME_CHARACTERS)]
  return { structure, commune, postcode: fields.text(MAX_CODE_CHARACTERS), mode: fields.text(MAX_CODE_CHARACTERS) }
}

export function sponsoredValues({ sponsorship, acceptance, verifiedAtMs }: Sponsored): readonly Value[] {
  return [sponsorship.data, sponsorship.signature, acceptance, verifiedAtMs]
}

/** Throws Malformed, BadLink. */
export function parseSponsored(value: Value): Sponsored {
  const fields = Fields.ofList(value, 4)
  const data = fields.blobUpTo(MAX_SPONSORSHIP_BYTES)
  const sponsorship = { data, signature: fields.blob(SIGNATURE_BYTES) }
  return { kind: "sponsored", sponsorship, content: readContent(data), acceptance: fields.blob(SIGNATURE_BYTES), verifiedAtMs: fields.integer() }
}

/**
 * That the guest accepted for this account, and without a sponsor that the attestor gave. What a sponsor's device signed
 * is checked where that sponsor's chain is known. Throws BadLink.
 */
export async function requireVouched(
  body: Sponsored,
  before: Sponsored | null,
  account: AccountId,
  attestors: readonly Uint8Array[],
): Promise<void> {
  const { content, acceptance } = body
  if (before !== null && (await invitationOf(before.content.invitationPublic)) !== (await invitationOf(content.invitationPublic))) {
    throw new BadLink()
  }
  if (content.sponsor === account) throw new BadLink()
  if (!(await holds(verifyAcceptance(content.invitationPublic, account, acceptance)))) throw new BadLink()
  if (content.sponsor !== null) return
  for (const key of attestors) {
    if (await holds(verifySponsorship(body.sponsorship, key))) return
  }
  throw new BadLink()
}

async function holds(check: Promise<unknown>): Promise<boolean> {
  try {
    await check
    return true
  } catch (error) {
    if (error instanceof BadSponsorship) return false
    throw error
  }
}

function readContent(data: Bytes): Sponsorship {
  try {
    return decodeSponsorship(data)
  } catch (error) {
    if (error instanceof BadSponsorship) throw new BadLink()
    throw error
  }
}
