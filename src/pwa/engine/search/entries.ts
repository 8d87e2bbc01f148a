/** What of a message can be found. */
import type { SearchKind } from "../../bridge/search.js"
import type { MessageContent } from "../../bridge/models.js"
import { wordsOf } from "../conversations/contents.js"
import { contentShown, type StoredMessage } from "../conversations/message.js"
import type { Entry } from "./searchIndex.js"

/** Null when there is nothing to find: withdrawn, sealed still, or no person's words. */
export function entryOf(stored: StoredMessage): Entry | null {
  const content = contentShown(stored, stored.about)
  if (content === null || !["text", "media", "document"].includes(content.kind)) return null
  const { name, channel, author, sentAtMs } = stored
  return { name, channel, author, atMs: sentAtMs, kind: kindOf(content), text: textOf(content) }
}

/** Its author withdrew it: its words go from the disk too. */
export const isErased = (stored: StoredMessage): boolean => stored.content.kind === "absent" || contentShown(stored, stored.about)?.kind === "deleted"

function kindOf(content: MessageContent): SearchKind {
  if (content.kind !== "media") return content.kind === "document" ? "document" : "text"
  const [first] = content.items
  if (first?.mediaType.startsWith("audio/") === true) return "voice"
  return first !== undefined && first.width > 0 ? "photo" : "file"
}

/** What was written, and the names of files. */
function textOf(content: MessageContent): string {
  if (content.kind !== "media") return wordsOf(content)
  const names = content.items.flatMap(({ name, width }) => (width > 0 || name === "" ? [] : [name]))
  return [content.text, content.site, ...names].filter((text) => text !== "").join(" · ")
}
