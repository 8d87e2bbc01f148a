/** A professional's signed word for a named person outside the national directory. Mirror of lien.crypto.sponsorship. */
import type { AccountId, DeviceId } from "../../bridge/models.js"
import { randomBytes, toBase64, utf8, type Bytes } from "../bytes.js"
import { isId } from "../ids.js"
import { BadSeal, BadSponsorship, reading } from "./errors.js"
import { PUBLIC_BYTES, requirePublic, signingKeyFromSeed, verify, type SigningKey } from "./signing.js"
import { encode, Fields } from "./structure.js"
import { derive, hash32 } from "./suite.js"

export const SECRET_BYTES = 16
export const MAX_SPONSORSHIP_BYTES = 1024
const LABEL = "lien/v1/sponsorship"
const ACCEPTANCE = "lien/v1/acceptance"
const INVITATION = "lien/v1/invitation"
const MAX_NAME = 128
const MAX_CODE = 32

export type InvitationId = string & { readonly brand: "invitation" }

export type Sponsorship = {
  /** Null, like the device: the deployment itself vouches, and its attestor signs. */
  readonly sponsor: AccountId | null
  readonly device: DeviceId | null
  readonly invitationPublic: Bytes
  readonly familyName: string
  readonly givenName: string
  readonly role: string
  readonly endsAtMs: number
  readonly atMs: number
}

/** As it travels; the bytes are what is signed. */
export type SignedSponsorship = { readonly data: Bytes; readonly signature: Bytes }

export const newInvitation = (): Bytes => randomBytes(SECRET_BYTES)

/** What accepts for an account; only the holder of the link has it. */
export async function invitationKey(secret: Uint8Array): Promise<SigningKey> {
  return signingKeyFromSeed(await derive(secret, INVITATION))
}

/** The id under which the server knows an invitation. */
export async function invitationOf(publicKey: Uint8Array): Promise<InvitationId> {
  return toBase64((await hash32(publicKey)).slice(0, 16)) as InvitationId
}

/** The guest's word that this account is the invited person's. */
export async function accept(secret: Uint8Array, account: AccountId): Promise<Bytes> {
  return (await invitationKey(secret)).sign(ACCEPTANCE, utf8(account))
}

/** Throws BadSponsorship. */
export async function verifyAcceptance(publicKey: Uint8Array, account: AccountId, acceptance: Uint8Array): Promise<void> {
  await check(publicKey, ACCEPTANCE, utf8(account), acceptance)
}

/** By the sponsor's device. */
export async function signSponsorship(content: Sponsorship, key: SigningKey): Promise<SignedSponsorship> {
  const { sponsor, device, invitationPublic, familyName, givenName, role, endsAtMs, atMs } = content
  const data = encode(sponsor ?? "", device ?? "", invitationPublic, familyName, givenName, role, endsAtMs, atMs)
  return { data, signature: await key.sign(LABEL, data) }
}

/** The content, if this key signed it. Throws BadSponsorship. */
export async function verifySponsorship(signed: SignedSponsorship, publicKey: Uint8Array): Promise<Sponsorship> {
  const content = decodeSponsorship(signed.data)
  await check(publicKey, LABEL, signed.data, signed.signature)
  return content
}

/** Read the bytes of a sponsorship. Throws BadSponsorship. */
export function decodeSponsorship(data: Uint8Array): Sponsorship {
  return reading(BadSponsorship, () => {
    const fields = Fields.decode(data, 9, MAX_SPONSORSHIP_BYTES)
    const [sponsor, device] = [fields.text(22), fields.text(22)]
    if ((sponsor === "") !== (device === "")) throw new BadSponsorship()
    if (sponsor !== "" && !(isId(sponsor) && isId(device))) throw new BadSponsorship()
    const content = {
      sponsor: sponsor === "" ? null : (sponsor as AccountId),
      device: device === "" ? null : (device as DeviceId),
      invitationPublic: requirePublic(fields.blob(PUBLIC_BYTES)),
      familyName: fields.text(MAX_NAME),
      givenName: fields.text(MAX_NAME),
      role: fields.text(MAX_CODE),
      endsAtMs: fields.integer(),
      atMs: fields.integer(),
    }
    if (content.endsAtMs <= content.atMs) throw new BadSponsorship()
    return content
  })
}

async function check(publicKey: Uint8Array, label: string, message: Uint8Array, signature: Uint8Array): Promise<void> {
  try {
    await verify(publicKey, label, message, signature)
  } catch (error) {
    if (error instanceof BadSeal) throw new BadSponsorship()
    throw error
  }
}
