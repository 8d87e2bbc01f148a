/**
 * What a person takes away: all they can read on this device, with its photographs, files and documents, and what the
 * server holds about the account. An archive, made here file by file while it is being saved.
 */
import type { TakeawayPlan, TakeawayWords } from "../../bridge/commands/account.js"
import type { DiscussionSummary } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import { wordsOf } from "../conversations/contents.js"
import { contentShown, type StoredMessage } from "../conversations/message.js"
import type { Conversations } from "../conversations/service.js"
import type { Item } from "../crypto/contents/media.js"
import type { Documents } from "../documents/service.js"
import { codeOf, isPassing } from "../failure.js"
import type { Http } from "../http.js"
import { listIn, numberIn } from "../json.js"
import type { Library } from "../media/library.js"
import type { Store } from "../store/store.js"
import { allDocuments, documentName, extensionOf, safeName } from "./names.js"
import { discussionPage, indexPage, type Line, type Listed } from "./pages.js"
import { Zip } from "./zip.js"

const PAGE = 500

export type TakeawayPorts = {
  readonly http: Http
  readonly store: Store
  readonly conversations: Conversations
  readonly documents: Documents
  readonly library: Library
}

export class Takeaway {
  private under: AsyncGenerator<Bytes, void, undefined> | null = null
  constructor(private readonly ports: TakeawayPorts) {}

  /** How much it is, before anything leaves. */
  async plan(): Promise<TakeawayPlan> {
    let [messages, files, bytes] = [0, 0, 0]
    for (const { channel } of this.ports.conversations.summaries()) {
      for await (const stored of this.messages(channel)) {
        messages += 1
        const items = itemsOf(stored)
        files += items.length
        bytes += items.reduce((sum, { blob }) => sum + blob.size, 0)
      }
    }
    const documents = await allDocuments(this.ports.documents)
    const sizes = documents.map(({ body, attachments }) => (body?.size ?? 0) + attachments.reduce((sum, { size }) => sum + size, 0))
    return { messages, files, documents: documents.length, bytes: bytes + sizes.reduce((sum, size) => sum + size, 0) }
  }

  begin(words: TakeawayWords): void {
    this.under = this.pieces(words)
  }

  /** Null when that was all. */
  async next(): Promise<Bytes | null> {
    const step = await this.under?.next()
    return step === undefined || step.done === true ? null : step.value
  }

  /** The archive, piece by piece. Refuses with `fresh_sign_in_needed` unless the person has just signed in: the server writes it down first. */
  private async *pieces(words: TakeawayWords): AsyncGenerator<Bytes, void, undefined> {
    const { http, conversations } = this.ports
    await http.signed("POST", "/api/account/release", { what: "data" })
    const [zip, now] = [new Zip(), Date.now()]
    const discussions: Listed[] = []
    for (const [index, summary] of conversations.summaries().entries()) {
      const title = summary.name === "" ? namesOf(summary).join(", ") : summary.name
      const folder = `${words.discussions}/${String(index + 1).padStart(3, "0")} ${safeName(title)}`
      const lines = yield* this.lines(zip, summary, folder, words)
      yield zip.add(`${folder}/index.html`, utf8(discussionPage(words, title, namesOf(summary), lines)), now)
      discussions.push({ title, line: words.messages.replace("{n}", String(lines.length)), path: `${folder}/index.html` })
    }
    const documents = yield* this.takeDocuments(zip, words, now)
    yield zip.add("lien.json", utf8(JSON.stringify(await this.server(), null, 2)), now)
    yield zip.add("index.html", utf8(indexPage(words, this.spoken(words, now), discussions, documents)), now)
    yield zip.end()
  }

  private async *lines(zip: Zip, summary: DiscussionSummary, folder: string, words: TakeawayWords): AsyncGenerator<Bytes, readonly Line[], undefined> {
    const names = new Map(summary.members.map(({ account, professional }) => [account, `${professional.givenName} ${professional.familyName}`]))
    const lines: Line[] = []
    let number = 0
    for await (const stored of this.messages(summary.channel)) {
      const shown = contentShown(stored, stored.about)
      if (shown === null) continue
      const files: Line["files"][number][] = []
      for (const item of itemsOf(stored)) {
        number += 1
        const name = `${String(number).padStart(4, "0")} ${safeName(item.name)}${extensionOf(item.name, item.mediaType)}`
        const content = await taken(this.ports.library.open(item))
        if (content !== null) yield zip.add(`${folder}/${name}`, content, stored.sentAtMs)
        files.push({ name, path: content === null ? "" : name, isPicture: item.width > 0 })
      }
      const text = shown.kind === "deleted" ? words.deleted : wordsOf(shown)
      if (text !== "" || files.length > 0) lines.push({ at: this.spoken(words, stored.sentAtMs), author: names.get(stored.author) ?? "", text, files })
    }
    return lines
  }

  private async *takeDocuments(zip: Zip, words: TakeawayWords, now: number): AsyncGenerator<Bytes, readonly Listed[], undefined> {
    const { documents } = this.ports
    const listed: Listed[] = []
    for (const [index, view] of (await allDocuments(documents)).entries()) {
      const { title, line, path } = documentName(words, index + 1, view)
      const saved = view.body === null ? null : await taken(documents.save(view.document, null))
      const whole = saved === null ? "" : `${path}${extensionOf("", saved.mediaType)}`
      if (saved !== null) yield zip.add(whole, saved.bytes, now)
      listed.push({ title, line, path: whole })
      for (const attached of view.attachments.keys()) {
        const found = await taken(documents.attachment(view.document, attached))
        const name = found === null ? "" : `${path}, ${attached + 1} ${safeName(found.name)}${extensionOf(found.name, found.mediaType)}`
        if (found !== null) yield zip.add(name, found.bytes, now)
        listed.push({ title: view.attachments[attached]?.name ?? title, line, path: name })
      }
    }
    return listed
  }

  private async server(): Promise<unknown> {
    const { http } = this.ports
    const paths = ["/api/session", "/api/devices", "/api/passkeys", "/api/conversations", "/api/directory/visibility"]
    const [account, devices, passkeys, channels, visibility] = await Promise.all(paths.map((path) => http.signed("GET", path)))
    const events: unknown[] = []
    for (let before = 0; ; ) {
      const page = await http.signed("GET", before === 0 ? "/api/audit" : `/api/audit?before=${before}`)
      events.push(...listIn(page, "events"))
      before = numberIn(page, "before")
      if (before === 0) return { account, devices, passkeys, channels, visibility, activity: events }
    }
  }

  /** Oldest first. */
  private async *messages(channel: StoredMessage["channel"]): AsyncGenerator<StoredMessage> {
    for (let after = -Infinity; ; ) {
      const page = await this.ports.store.messagesAbove<StoredMessage>(channel, after, PAGE)
      yield* page
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE) return
      after = last.place
    }
  }

  private spoken({ language }: TakeawayWords, atMs: number): string {
    return new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(atMs)
  }
}

/** Photographs, files and voices of a message that was not withdrawn. */
function itemsOf(stored: StoredMessage): readonly Item[] {
  const { content } = stored
  return content.kind === "media" && contentShown(stored, stored.about)?.kind === "media" ? content.said.items : []
}

const namesOf = ({ members }: DiscussionSummary): readonly string[] => members.map(({ professional }) => `${professional.givenName} ${professional.familyName}`)

const utf8 = (text: string): Bytes => new TextEncoder().encode(text)

/** Null for what is over, damaged or too large: it is named, and the rest is taken. What passes stops the whole, to be begun again. */
async function taken<Value>(asked: Promise<Value>): Promise<Value | null> {
  try {
    return await asked
  } catch (error) {
    if (isPassing(codeOf(error))) throw error
    return null
  }
}
