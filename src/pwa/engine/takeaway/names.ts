/** What files of an archive are called: readable, and nothing that a file system refuses. */
import type { TakeawayWords } from "../../bridge/commands/account.js"
import type { DocumentView } from "../../bridge/documents.js"
import type { Documents } from "../documents/service.js"

const EXTENSIONS: Readonly<Record<string, string>> = {
  "application/pdf": ".pdf",
  "text/html": ".html",
  "text/plain": ".txt",
  "image/jpeg": ".jpg",
  "image/png": ".png",
  "image/webp": ".webp",
  "audio/webm": ".webm",
  "audio/mp4": ".m4a",
  "audio/ogg": ".ogg",
  "audio/mpeg": ".mp3",
}

export const safeName = (name: string): string =>
  Array.from(name.replace(/[\\/:*?"<>|\p{C}]+/gu, " ").replace(/\s+/g, " ")).slice(0, 80).join("").replace(/^[. ]+|[. ]+$/g, "")

/** "" where the name has one. What a browser would run is given as text. */
export function extensionOf(name: string, mediaType: string): string {
  if (/\.[A-Za-z0-9]{1,5}$/.test(name)) return /\.(?:x?html?|svg|xml|js|mjs)$/i.test(name) ? ".txt" : ""
  return EXTENSIONS[mediaType] ?? ""
}

/** Every version that can be read. */
export async function allDocuments(documents: Documents): Promise<readonly DocumentView[]> {
  const views: DocumentView[] = []
  for (const card of await documents.all()) views.push(await documents.document(card))
  return views
}

export function documentName({ documents }: TakeawayWords, number: number, { title, date, structure, identity }: DocumentView): { readonly title: string; readonly line: string; readonly path: string } {
  const patient = `${identity.birthName} ${identity.firstGivenName}`
  const day = date.slice(0, 10)
  return {
    title: `${patient}, ${title}`,
    line: [day, structure].filter((part) => part !== "").join(", "),
    path: `${documents}/${String(number).padStart(3, "0")} ${safeName(`${patient} ${day} ${title}`)}`,
  }
}
