/** Out of Lien, into the downloads of this device. */

const extensions: Readonly<Record<string, string>> = {
  "application/pdf": ".pdf",
  "text/html": ".html",
  "text/plain": ".txt",
  "image/jpeg": ".jpg",
  "image/png": ".png",
}

/** `name` says what it is, never of whom: file names show everywhere. */
export function saveFile(bytes: Uint8Array<ArrayBuffer>, mediaType: string, name: string): void {
  const extension = extensions[mediaType] ?? ""
  const safe = name.replace(/[\\/:*?"<>|\p{Cc}]+/gu, " ").slice(0, 100).trim()
  // What a browser would run on opening is only ever a file here.
  const url = URL.createObjectURL(new Blob([bytes], { type: extension === ".html" ? "application/octet-stream" : mediaType }))
  const link = document.createElement("a")
  link.href = url
  link.download = safe.toLowerCase().endsWith(extension) ? safe : `${safe}${extension}`
  link.click()
  // The download has its own copy by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
