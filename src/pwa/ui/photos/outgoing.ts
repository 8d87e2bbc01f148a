/** What leaves this page for the engine: bytes, and what is known of them. */
import type { SendMediaItem } from "../../bridge/commands/media.js"

export type Consent = "" | "given" | "oral" | "impossible" | "refused"

export type Outgoing = {
  readonly content: Blob
  readonly mediaType: string
  readonly name: string
  readonly width: number
  readonly height: number
  readonly durationMs: number
  readonly thumbnail: Blob | null
  readonly waveform: Uint8Array | null
}

const nothing = (): ArrayBuffer => new ArrayBuffer(0)

/** For `sendMedia`; the buffers are new, so that they can be transferred. */
export async function itemsOf(outgoing: readonly Outgoing[]): Promise<{ readonly items: readonly SendMediaItem[]; readonly transfer: ArrayBuffer[] }> {
  const items: SendMediaItem[] = []
  for (const { content, thumbnail, waveform, ...rest } of outgoing) {
    items.push({
      ...rest,
      content: await content.arrayBuffer(),
      thumbnail: thumbnail === null ? nothing() : await thumbnail.arrayBuffer(),
      waveform: waveform === null ? nothing() : waveform.slice().buffer,
    })
  }
  return { items, transfer: items.flatMap(({ content, thumbnail, waveform }) => [content, thumbnail, waveform]) }
}

/** A media type as messages carry it: of a browser's `audio/webm;codecs=opus`, the first half. */
export function plainType(type: string): string {
  const plain = type.split(";")[0]?.trim().toLowerCase() ?? ""
  return /^[a-z]{1,20}\/[a-z0-9][a-z0-9.+-]{0,99}$/.test(plain) ? plain : "application/octet-stream"
}
