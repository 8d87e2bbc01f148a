/**
 * What is said in a conversation: a clear header for routing, and sealed, padded, signed content.
 *
 * The signature is inside the encryption and covers the header: the server cannot move content to another one.
 */
import type { AccountId, ChannelId, DeviceId, EnvelopeId } from "../../bridge/models.js"
import { type Bytes, utf8 } from "../bytes.js"
import { isMap } from "./contents/body.js"
import { bodyOf, parseSaid, type Said } from "./contents/types.js"
import { BadEnvelope, reading } from "./errors.js"
import { join, type Value, type ValueMap } from "./msgpack.js"
import { SIGNATURE_BYTES, type SigningKey, verify } from "./signing.js"
import type { SignedStatement } from "./statement.js"
import { encode, Fields } from "./structure.js"
import { decrypt, derive, encrypt, HASH_BYTES, pad, unpad } from "./suite.js"

const LABEL = "lien/v1/envelope"
export const MAX_HEADER_BYTES = 256
export const MAX_SEALED_BYTES = 60_000
const MAX_TYPE_CHARACTERS = 32

export type Kind = "message" | "statement" | "notice" | "document" | "urgent" | "quiet"
const KINDS: readonly Kind[] = ["message", "statement", "notice", "document", "urgent", "quiet"] // 1 to 6

/** What the server may know. `envelope` is chosen by the device and makes a retry harmless. */
export type Header = {
  readonly channel: ChannelId
  readonly epoch: number
  readonly account: AccountId
  /** Null (written as "") only in a notice. */
  readonly device: DeviceId | null
  readonly envelope: EnvelopeId
  readonly kind: Kind
}

/** What only members may know; `body` is not checked further when `type` is unknown. */
export type Content = {
  readonly type: string
  readonly body: ValueMap
  readonly counter: number
  readonly statementHash: Bytes
}

/** Whether an entry of this kind holds what a person's device said. */
export const isSaid = (kind: Kind): boolean => kind === "message" || kind === "urgent" || kind === "quiet"

/** Throws BadEnvelope when it is out of its bounds. */
export function contentOf(said: Said, counter: number, statementHash: Bytes): Content {
  return { type: said.type, body: reading(BadEnvelope, () => bodyOf(said)), counter, statementHash }
}

/** What it says, null when it takes a newer version to read it. */
export const saidIn = ({ type, body }: Content): Said | null => parseSaid(type, body)

export function encodeHeader({ channel, epoch, account, device, envelope, kind }: Header): Bytes {
  return encode(channel, epoch, account, device ?? "", envelope, KINDS.indexOf(kind) + 1)
}

/** Read a header. Throws BadEnvelope. */
export function decodeHeader(data: Uint8Array): Header {
  const header = reading(BadEnvelope, () => {
    const fields = Fields.decode(data, 7, MAX_HEADER_BYTES)
    const [channel, epoch, account] = [fields.channel(), fields.integer(), fields.account()]
    const device = parseDevice(fields.value())
    const envelope = fields.envelope()
    return { channel, epoch, account, device, envelope, kind: KINDS[fields.integer(1, KINDS.length) - 1] ?? "notice" }
  })
  if ((header.device === null || header.epoch === 0) && header.kind !== "notice") throw new BadEnvelope()
  return header
}

/** The header's bytes and the sealed content, to be stored before they are sent. Throws BadEnvelope. */
export async function sealEnvelope(
  header: Header,
  content: Content,
  key: Uint8Array,
  deviceKey: SigningKey,
): Promise<{ readonly header: Bytes; readonly sealed: Bytes }> {
  requireBounds(content)
  const clear = encodeHeader(header)
  const inner = encode(content.type, content.body, content.counter, content.statementHash)
  const signature = await deviceKey.sign(LABEL, signedBytes(clear, inner))
  const sealed = encrypt(await envelopeKey(key, header.channel), pad(join([signature, inner])), clear)
  if (sealed.length > MAX_SEALED_BYTES) throw new BadEnvelope()
  return { header: clear, sealed }
}

/**
 * The content, if it was sealed for this header and signed by this device. The caller reads the header first, and
 * takes the epoch's key and the device's public key. Throws BadSeal (does not open) or BadEnvelope (cannot be read).
 */
export async function openEnvelope(
  header: Uint8Array,
  sealed: Uint8Array,
  key: Uint8Array,
  devicePublic: Uint8Array,
): Promise<Content> {
  if (sealed.length > MAX_SEALED_BYTES) throw new BadEnvelope()
  const { channel } = decodeHeader(header)
  const plaintext = unpad(decrypt(await envelopeKey(key, channel), sealed, header))
  const [signature, inner] = [plaintext.subarray(0, SIGNATURE_BYTES), plaintext.subarray(SIGNATURE_BYTES)]
  await verify(devicePublic, LABEL, signedBytes(header, inner), signature)
  return decodeContent(inner)
}

/** What a log entry of kind statement carries as `sealed`. */
export function formatStatementEntry({ signature, data }: SignedStatement): Bytes {
  return join([signature, data])
}

/** The inverse of `formatStatementEntry`. Throws BadEnvelope. */
export function parseStatementEntry(sealed: Uint8Array): SignedStatement {
  if (sealed.length <= SIGNATURE_BYTES) throw new BadEnvelope()
  return { data: sealed.slice(SIGNATURE_BYTES), signature: sealed.slice(0, SIGNATURE_BYTES) }
}

// The length in front, so that no byte moves between header and content under one signature.
export function signedBytes(header: Uint8Array, content: Uint8Array): Bytes {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, header.length)
  return join([length, header, content])
}

function envelopeKey(key: Uint8Array, channel: ChannelId): Promise<Bytes> {
  return derive(key, LABEL, utf8(channel))
}

function parseDevice(value: Value): DeviceId | null {
  return value === "" ? null : Fields.ofList([value], 1).device()
}

function decodeContent(data: Uint8Array): Content {
  const content = reading(BadEnvelope, () => {
    const fields = Fields.decode(data, 5, MAX_SEALED_BYTES)
    const [type, body] = [fields.text(MAX_TYPE_CHARACTERS), fields.value()]
    if (!isMap(body)) throw new BadEnvelope()
    return { type, body, counter: fields.integer(1), statementHash: fields.blob(HASH_BYTES) }
  })
  requireBounds(content)
  return content
}

function requireBounds({ type, body }: Content): void {
  reading(BadEnvelope, () => parseSaid(type, body))
}
