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

/** What opens a file that Lien does not show. */
export type Program = "text" | "table" | "slides" | "picture" | "film" | "archive" | "imaging" | "other"

const programs: Readonly<Record<string, Program>> = {
  ...{ doc: "text", docx: "text", odt: "text", rtf: "text", txt: "text", md: "text" },
  ...{ xls: "table", xlsx: "table", ods: "table", csv: "table" },
  ...{ ppt: "slides", pptx: "slides", odp: "slides" },
  ...{ jpg: "picture", jpeg: "picture", png: "picture", webp: "picture", heic: "picture", heif: "picture", tif: "picture", tiff: "picture", gif: "picture", bmp: "picture" },
  ...{ mp4: "film", mov: "film", webm: "film", avi: "film", mkv: "film" },
  ...{ zip: "archive", "7z": "archive", rar: "archive", gz: "archive", tar: "archive" },
  ...{ dcm: "imaging", dicom: "imaging" },
}

/** By the end of its name, as a phone would choose. */
export const programOf = ({ name }: MediaItem): Program => programs[name.toLowerCase().split(".").at(-1) ?? ""] ?? "other"

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
