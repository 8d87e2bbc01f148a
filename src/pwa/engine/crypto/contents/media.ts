/**
 * Photographs, files and voices: what shows them, with a small picture for a poor network.
 *
 * The content itself is in blobs. What is said about it travels here, under the encryption and the signature of the
 * message.
 */
import type { AccountId, BlobId, Intent, MediaConsent, Target } from "../../../bridge/models.js"
import type { Bytes } from "../../bytes.js"
import { MAX_CONTENT_BYTES } from "../blob.js"
import { Malformed } from "../errors.js"
import type { Value, ValueMap } from "../msgpack.js"
import type { Fields } from "../structure.js"
import { HASH_BYTES, KEY_BYTES } from "../suite.js"
import { Body, isMap } from "./body.js"
import { intentBody, MAX_MENTIONS, MAX_TEXT_CHARACTERS, mentionsBody, parseIntent, parseTarget, wireTarget } from "./messages.js"

const MAX_ITEMS = 10
const MAX_NAME_CHARACTERS = 128
const MAX_SITE_CHARACTERS = 64
export const MAX_THUMBNAIL_BYTES = 24_576
/** Of all items of one message: what is sealed has at most 60,000 bytes. */
export const MAX_THUMBNAILS_BYTES = 40_960
const MAX_WAVEFORM_BYTES = 64
const MAX_SIDE = 65_535
const MAX_DURATION_MS = 86_400_000
const MEDIA_TYPE = /^[a-z]{1,20}\/[a-z0-9][a-z0-9.+-]{0,99}$/
const NO_BYTES: Bytes = new Uint8Array()

const CONSENTS: readonly string[] = ["given", "oral", "impossible", "refused"]

/** What opens a blob. */
export type BlobReference = { readonly blob: BlobId; readonly key: Bytes; readonly size: number; readonly hash: Bytes }

/** One photograph, file or voice. Sides in pixels, 0 for what is no picture; `waveform` is loudness in equal steps. */
export type Item = {
  readonly blob: BlobReference
  readonly mediaType: string
  readonly name: string
  readonly width: number
  readonly height: number
  readonly durationMs: number
  readonly thumbnail: Bytes
  readonly waveform: Bytes
}

export type Media = {
  readonly type: "media"
  readonly items: readonly Item[]
  readonly text: string
  readonly site: string
  readonly consent: MediaConsent
  readonly replyTo: Target | null
  readonly mentions: readonly AccountId[]
  readonly intent: Intent
  readonly isForwarded: boolean
}

export const mediaBody = ({ items, text, site, consent, replyTo, mentions, intent, isForwarded }: Media): ValueMap => ({
  items: items.map(itemBody),
  ...(text === "" ? {} : { text }),
  ...(site === "" ? {} : { site }),
  ...(consent === "" ? {} : { consent }),
  ...(replyTo === null ? {} : { reply_to: wireTarget(replyTo) }),
  ...mentionsBody(mentions),
  ...intentBody(intent),
  ...(isForwarded ? { forwarded: true } : {}),
})

export function parseMedia(body: Body): Media {
  const media: Media = {
    type: "media",
    items: parseItems(body, MAX_ITEMS),
    text: optionalText(body, "text", MAX_TEXT_CHARACTERS),
    site: optionalText(body, "site", MAX_SITE_CHARACTERS),
    consent: parseConsent(body),
    replyTo: body.has("reply_to") ? parseTarget(body, "reply_to") : null,
    mentions: body.accounts("mentions", MAX_MENTIONS),
    intent: parseIntent(body),
    isForwarded: body.mark("forwarded"),
  }
  return media
}

/** The field `items`: each blob once, and all of them in one message. Throws Malformed. */
export function parseItems(body: Body, most: number): readonly Item[] {
  const items = body.items("items", 1, most).map(parseItem)
  if (new Set(items.map((item) => item.blob.blob)).size !== items.length) throw new Malformed()
  if (items.reduce((sum, item) => sum + item.thumbnail.length, 0) > MAX_THUMBNAILS_BYTES) throw new Malformed()
  return items
}

export function itemBody({ blob, mediaType, name, width, height, durationMs, thumbnail, waveform }: Item): ValueMap {
  return {
    blob: [blob.blob, blob.key, blob.size, blob.hash],
    media_type: mediaType,
    ...(name === "" ? {} : { name }),
    ...(width === 0 ? {} : { width }),
    ...(height === 0 ? {} : { height }),
    ...(durationMs === 0 ? {} : { duration_ms: durationMs }),
    ...(thumbnail.length === 0 ? {} : { thumbnail }),
    ...(waveform.length === 0 ? {} : { waveform }),
  }
}

function parseItem(value: Value): Item {
  if (!isMap(value)) throw new Malformed()
  const body = new Body(value)
  const item: Item = {
    blob: parseReference(body.list("blob", 4)),
    mediaType: body.text("media_type", 121, 1),
    name: optionalText(body, "name", MAX_NAME_CHARACTERS),
    width: optionalInteger(body, "width", MAX_SIDE),
    height: optionalInteger(body, "height", MAX_SIDE),
    durationMs: optionalInteger(body, "duration_ms", MAX_DURATION_MS),
    thumbnail: optionalBytes(body, "thumbnail", MAX_THUMBNAIL_BYTES),
    waveform: optionalBytes(body, "waveform", MAX_WAVEFORM_BYTES),
  }
  body.end()
  if (!MEDIA_TYPE.test(item.mediaType) || (item.width === 0) !== (item.height === 0)) throw new Malformed()
  return item
}

function parseReference(fields: Fields): BlobReference {
  return { blob: fields.blobId(), key: fields.blob(KEY_BYTES), size: fields.integer(0, MAX_CONTENT_BYTES), hash: fields.blob(HASH_BYTES) }
}

function parseConsent(body: Body): MediaConsent {
  const consent = optionalText(body, "consent", 16)
  if (consent !== "" && !CONSENTS.includes(consent)) throw new Malformed()
  return consent as MediaConsent
}

export const optionalText = (body: Body, name: string, longest: number): string => (body.has(name) ? body.text(name, longest, 1) : "")
export const optionalInteger = (body: Body, name: string, most: number): number => (body.has(name) ? body.integer(name, 1, most) : 0)

function optionalBytes(body: Body, name: string, longest: number): Bytes {
  if (!body.has(name)) return NO_BYTES
  const value = body.blobUpTo(name, longest)
  if (value.length === 0) throw new Malformed()
  return value
}
