/** What a message's items are shown as. Their sender says a type; only these are believed, and only for how to show them. */
import type { MediaItem } from "../../bridge/models.js"

export type MediaKind = "picture" | "voice" | "pdf" | "file"

const pictures: ReadonlySet<string> = new Set(["image/webp", "image/jpeg", "image/png"])
const voices: ReadonlySet<string> = new Set(["audio/webm", "audio/mp4", "audio/ogg", "audio/mpeg"])

export function kindOf({ mediaType, width }: MediaItem): MediaKind {
  if (pictures.has(mediaType) && width > 0) return "picture"
  if (voices.has(mediaType)) return "voice"
  return mediaType === "application/pdf" ? "pdf" : "file"
}

/** The type of a Blob made of it: never one that a browser would run. */
export function safeType({ mediaType }: MediaItem): string {
  return pictures.has(mediaType) || voices.has(mediaType) ? mediaType : "application/octet-stream"
}

/** Whether the bytes begin as a picture does, whatever was said about them. */
export function isPicture(bytes: Uint8Array): boolean {
  const starts = (signature: readonly number[], at = 0): boolean => signature.every((byte, index) => bytes[at + index] === byte)
  const isWebp = starts([0x52, 0x49, 0x46, 0x46]) && starts([0x57, 0x45, 0x42, 0x50], 8)
  return isWebp || starts([0xff, 0xd8, 0xff]) || starts([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
}
