/**
 * A file that is ready to leave Lien, into the downloads of this device. The person takes it with a tap of its own: what
 * comes before (a fingerprint, the network) may take longer than a browser remembers the tap that asked for it, and a page
 * that hands out a second file by itself is stopped without a word.
 */
import { signal } from "@preact/signals"

const extensions: Readonly<Record<string, string>> = {
  "application/pdf": ".pdf",
  "application/zip": ".zip",
  "text/html": ".html",
  "text/plain": ".txt",
  "image/jpeg": ".jpg",
  "image/png": ".png",
}
/** Long enough for the slowest browser to have begun its own copy. */
const releaseMs = 60_000

export type ReadyFile = {
  readonly url: string
  readonly name: string
  /** What has to be done before the file is handed out; it stays when that fails. */
  readonly prepare: (() => Promise<unknown>) | null
  /** Told once: whether the person took it. */
  readonly end: (isTaken: boolean) => void
}

export const readyFile = signal<ReadyFile | null>(null)

/** When the phone is locked: what was not taken by then is gone. */
export function forgetReadyFile(): void {
  readyFile.peek()?.end(false)
}

/**
 * Answers whether the person took it. `name` says what it is, never of whom: file names show everywhere. `prepare` runs at
 * the tap, before anything is handed out: what it writes down comes first.
 */
export function offerFile(pieces: readonly BlobPart[], mediaType: string, name: string, prepare: (() => Promise<unknown>) | null = null): Promise<boolean> {
  forgetReadyFile()
  const extension = extensions[mediaType] ?? ""
  const safe = name.replace(/[\\/:*?"<>|\p{Cc}\s]+/gu, " ").slice(0, 100).trim()
  // What a browser would run on opening is only ever a file here.
  const url = URL.createObjectURL(new Blob([...pieces], { type: extension === ".html" ? "application/octet-stream" : mediaType }))
  return new Promise((resolve) => {
    const end = (isTaken: boolean) => {
      if (readyFile.peek() === file) readyFile.value = null
      setTimeout(() => URL.revokeObjectURL(url), isTaken ? releaseMs : 0)
      resolve(isTaken)
    }
    const file = { url, name: safe.toLowerCase().endsWith(extension) ? safe : `${safe}${extension}`, prepare, end }
    readyFile.value = file
  })
}
