/**
 * What starts an epoch: who is in, and the conversation's key sealed to each of them.
 *
 * A statement is a member's word, not the server's: the set that can read is the set that a member signed.
 */
import type { AccountId, ChannelId, DeviceId } from "../../bridge/models.js"
import { type Bytes, sameBytes, utf8 } from "../bytes.js"
import { directChannel, isDirect, isInbox } from "../ids.js"
import { BadSeal, BadStatement, Malformed, reading } from "./errors.js"
import type { Value } from "./msgpack.js"
import { seal, SEAL_OVERHEAD_BYTES, type SealingKey } from "./sealing.js"
import { type SigningKey, verify } from "./signing.js"
import { encode, Fields } from "./structure.js"
import { BOX_OVERHEAD_BYTES, decrypt, derive, encrypt, hash32, HASH_BYTES, KEY_BYTES } from "./suite.js"

const LABEL = "lien/v1/statement"
const KEY_LABEL = "lien/v1/conversation-key"
const NAME_LABEL = "lien/v1/name"
const PREVIOUS_LABEL = "lien/v1/previous-key"
export const MAX_STATEMENT_BYTES = 49_152
export const MAX_MEMBERS = 500
export const MAX_NAME_BYTES = 256
export const SEALED_KEY_BYTES = KEY_BYTES + SEAL_OVERHEAD_BYTES
const WRAPPED_KEY_BYTES = KEY_BYTES + BOX_OVERHEAD_BYTES

export type Role = "admin" | "member"
/** A statement as it travels. */
export type SignedStatement = { readonly data: Bytes; readonly signature: Bytes }
/** `sealedHash` ties the key sealed to this member to the statement. */
export type Member = {
  readonly account: AccountId
  readonly role: Role
  readonly generation: number
  readonly sealedHash: Bytes
}
/** Whom to seal the next key to, as their chain says it now. */
export type Recipient = {
  readonly account: AccountId
  readonly role: Role
  readonly generation: number
  readonly sealingPublic: Bytes
}
/** The decoded fields; `hash` is of the bytes they were read from. */
export type Statement = {
  readonly channel: ChannelId
  readonly epoch: number
  readonly previous: Bytes
  readonly members: readonly Member[]
  readonly sealedName: Bytes
  readonly previousKey: Bytes
  readonly author: AccountId
  readonly authorDevice: DeviceId
  readonly atMs: number
  readonly hash: Bytes
}
/** What the author of an epoch decides; without `previousKey` newcomers cannot read the past. */
export type Draft = {
  readonly channel: ChannelId
  readonly previous: Statement | null
  readonly recipients: readonly Recipient[]
  readonly key: Bytes
  readonly name: string
  readonly previousKey: Bytes | null
}
export type Author = { readonly account: AccountId; readonly device: DeviceId; readonly key: SigningKey }

export const findMember = (statement: Statement, account: AccountId): Member | null =>
  statement.members.find((member) => member.account === account) ?? null

/** The next epoch's statement and the key sealed to each member. Throws Malformed for a name too long or a bad public key. */
export async function makeStatement(
  { channel, previous, recipients, key, name, previousKey }: Draft,
  author: Author,
  atMs: number,
  onSealed: () => void = () => undefined,
): Promise<{ readonly signed: SignedStatement; readonly sealedKeys: ReadonlyMap<AccountId, Bytes> }> {
  const epoch = previous === null ? 1 : previous.epoch + 1
  const sealedKeys = new Map<AccountId, Bytes>()
  const members: Value[] = []
  for (const { account, role, generation, sealingPublic } of recipients.toSorted(inOrder)) {
    const sealed = await seal(sealingPublic, key, KEY_LABEL, encode(channel, epoch, account, generation))
    sealedKeys.set(account, sealed)
    onSealed()
    members.push([account, role, generation, await hash32(sealed)])
  }
  const data = encode(
    channel,
    epoch,
    previous === null ? new Uint8Array() : previous.hash,
    members,
    name === "" ? new Uint8Array() : await sealName(name, key, channel, epoch),
    previousKey === null ? new Uint8Array() : encrypt(await derive(key, PREVIOUS_LABEL), previousKey, encode(channel, epoch)),
    author.account,
    author.device,
    atMs,
  )
  return { signed: { data, signature: await author.key.sign(LABEL, data) }, sealedKeys }
}

/** Read a statement's bytes; nothing is verified yet. Throws BadStatement. */
export async function decodeStatement(data: Uint8Array): Promise<Statement> {
  const statement = reading(BadStatement, () => parse(Fields.decode(data, 10, MAX_STATEMENT_BYTES)))
  const { channel, members, sealedName } = statement
  if (isInbox(channel)) throw new BadStatement()
  if (sealedName.length > 0 && sealedName.length <= BOX_OVERHEAD_BYTES) throw new BadStatement()
  for (const [index, member] of members.entries()) {
    const before = members[index - 1]
    if (before !== undefined && before.account >= member.account) throw new BadStatement()
  }
  return { ...statement, hash: await hash32(data) }
}

/** The statement, if the device with this key (the author's, from their chain) signed it. Throws BadStatement. */
export async function verifyStatement(signed: SignedStatement, devicePublic: Uint8Array): Promise<Statement> {
  try {
    await verify(devicePublic, LABEL, signed.data, signed.signature)
  } catch (error) {
    if (error instanceof BadSeal) throw new BadStatement()
    throw error
  }
  return decodeStatement(signed.data)
}

/**
 * Whether `next` may follow `previous`, null meaning the beginning. `departed` has, of accounts that left Lien, the
 * generation they last left with: anyone may leave out whoever left since they were sealed to, only an admin brings
 * them back. Throws BadStatement.
 */
export async function checkSuccession(
  previous: Statement | null,
  next: Statement,
  departed: ReadonlyMap<AccountId, number> = new Map(),
): Promise<void> {
  if (isDirect(next.channel)) await requireDirect(next)
  if (previous === null) {
    if (next.epoch !== 1 || findMember(next, next.author) === null) throw new BadStatement()
    return
  }
  if (next.channel !== previous.channel || next.epoch !== previous.epoch + 1) throw new BadStatement()
  if (!sameBytes(next.previous, previous.hash)) throw new BadStatement()
  const author = findMember(previous, next.author)
  if (author === null) throw new BadStatement()
  if (author.role !== "admin") requireUnchanged(previous, next, departed)
}

/** Whether exactly the members have a key, and the one that the statement names. Throws BadStatement. */
export async function checkSealedKeys(statement: Statement, sealedKeys: ReadonlyMap<AccountId, Uint8Array>): Promise<void> {
  if (sealedKeys.size !== statement.members.length) throw new BadStatement()
  for (const { account, sealedHash } of statement.members) {
    const sealed = sealedKeys.get(account)
    if (sealed?.length !== SEALED_KEY_BYTES || !sameBytes(await hash32(sealed), sealedHash)) throw new BadStatement()
  }
}

/** The conversation key from the own sealed key. Throws BadStatement (not the signed one) or BadSeal (does not open). */
export async function openKey(
  statement: Statement,
  account: AccountId,
  sealed: Uint8Array,
  sealing: SealingKey,
): Promise<Bytes> {
  const member = findMember(statement, account)
  if (member === null || !sameBytes(await hash32(sealed), member.sealedHash)) throw new BadStatement()
  const aad = encode(statement.channel, statement.epoch, account, member.generation)
  return requireKey(await sealing.open(sealed, KEY_LABEL, aad))
}

/** The conversation's name, empty without one. Throws BadSeal. */
export async function openName({ channel, epoch, sealedName }: Statement, key: Uint8Array): Promise<string> {
  if (sealedName.length === 0) return ""
  const plaintext = decrypt(await derive(key, NAME_LABEL), sealedName, encode(channel, epoch))
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plaintext)
  } catch {
    throw new BadSeal()
  }
}

/** The key of the epoch before, null when the author did not share it. Throws BadSeal. */
export async function openPreviousKey({ channel, epoch, previousKey }: Statement, key: Uint8Array): Promise<Bytes | null> {
  if (previousKey.length === 0) return null
  return requireKey(decrypt(await derive(key, PREVIOUS_LABEL), previousKey, encode(channel, epoch)))
}

function parse(fields: Fields): Omit<Statement, "hash"> {
  const channel = fields.channel()
  const epoch = fields.integer(1)
  return {
    channel,
    epoch,
    previous: fields.blob(epoch > 1 ? HASH_BYTES : 0),
    members: fields.items(1, MAX_MEMBERS).map(parseMember),
    sealedName: fields.blobUpTo(MAX_NAME_BYTES + BOX_OVERHEAD_BYTES),
    previousKey: epoch > 1 ? fields.blob(0, WRAPPED_KEY_BYTES) : fields.blob(0),
    author: fields.account(),
    authorDevice: fields.device(),
    atMs: fields.integer(),
  }
}

function parseMember(value: Value): Member {
  const fields = Fields.ofList(value, 4)
  const account = fields.account()
  const role = fields.text(6)
  if (role !== "admin" && role !== "member") throw new Malformed()
  return { account, role, generation: fields.integer(1), sealedHash: fields.blob(HASH_BYTES) }
}

async function requireDirect({ channel, members }: Statement): Promise<void> {
  const [one, other] = members
  if (one === undefined || other === undefined || members.length !== 2) throw new BadStatement()
  if (one.role !== "admin" || other.role !== "admin") throw new BadStatement()
  if ((await directChannel(one.account, other.account)) !== channel) throw new BadStatement()
}

function requireUnchanged(previous: Statement, next: Statement, departed: ReadonlyMap<AccountId, number>): void {
  const isGone = ({ account, generation }: Member): boolean => generation <= (departed.get(account) ?? 0)
  const hasAdmin = previous.members.some((member) => member.role === "admin" && !isGone(member))
  for (const { account, role, generation } of next.members) {
    const before = findMember(previous, account)
    // Where no admin is left, a member may become one; otherwise only an admin gives roles.
    const takesOver = account === next.author && role === "admin" && !hasAdmin
    if (before === null || (before.role !== role && !takesOver)) throw new BadStatement()
    const left = departed.get(account) ?? 0
    if (before.generation <= left && generation > left) throw new BadStatement()
  }
  for (const member of previous.members) {
    // Anyone may leave out themselves.
    if (findMember(next, member.account) === null && !isGone(member) && member.account !== next.author) throw new BadStatement()
  }
}

async function sealName(name: string, key: Bytes, channel: ChannelId, epoch: number): Promise<Bytes> {
  const plaintext = utf8(name)
  if (plaintext.length > MAX_NAME_BYTES) throw new Malformed()
  return encrypt(await derive(key, NAME_LABEL), plaintext, encode(channel, epoch))
}

function requireKey(key: Bytes): Bytes {
  if (key.length !== KEY_BYTES) throw new BadSeal()
  return key
}

// By code unit, as Python orders ASCII; `localeCompare` would not.
const inOrder = (one: Recipient, other: Recipient): number => (one.account < other.account ? -1 : 1)
