/** Photographs, files and voices as the page sees them: everything but their keys and contents. */
import type { MessageContent } from "../../bridge/models.js"
import type { Media } from "../crypto/contents/media.js"

export function mediaShown({ items, text, site, consent }: Media, progress: number | null): MessageContent {
  return {
    kind: "media",
    items: items.map(({ blob, mediaType, name, width, height, durationMs, thumbnail, waveform }, index) => ({
      index,
      blob: blob.blob,
      mediaType,
      name,
      bytes: blob.size,
      width,
      height,
      durationMs,
      hasThumbnail: thumbnail.length > 0,
      waveform: [...waveform],
    })),
    text,
    site,
    consent,
    progress,
  }
}
