/** What a message offers and how its words are cut: pure. */
import type { AccountId, Message, MessageContent, Person, Target } from "../../bridge/models.js"
import { fullName } from "../directory/names.js"
import { words } from "../i18n/language.js"
import { paperTime } from "../i18n/times.js"

/** Six that say most of what is said without words at work. */
export const quickReactions = ["👍", "✅", "🙏", "❤️", "😮", "😢"] as const

const excerptCharacters = 80

export const targetOf = ({ device, envelope }: Message): Target => ({ device, envelope })

export const isSameTarget = (one: Target | null, other: Target | null): boolean =>
  one?.device === other?.device && one?.envelope === other?.envelope

/** What is drawn as a bubble; the rest are notices between them. */
export const isBubble = ({ content: { kind } }: Message): boolean => kind === "text" || kind === "media" || kind === "document" || kind === "deleted"

export const canActOn = (message: Message): boolean => message.offset !== null && message.content.kind !== "deleted" && message.delivery !== "failed"

export const canChange = (message: Message, nowMs: number): boolean => nowMs < message.changeableUntilMs

export const canEdit = (message: Message, nowMs: number): boolean => canChange(message, nowMs) && message.content.kind === "text"

/** What a message of photographs, files or a voice is called where it is not shown. */
export function mediaName({ items }: Extract<MessageContent, { readonly kind: "media" }>): string {
  const text = words().media
  const [first] = items
  if (first === undefined) return text.file
  if (first.width > 0) return text.photos(items.length)
  return first.mediaType.startsWith("audio/") ? text.voice : first.name === "" ? text.file : first.name
}

/** What a shared document is called; by its family when its source gave no title. */
export const sharedTitle = ({ title, family }: Extract<MessageContent, { readonly kind: "document" }>): string =>
  title === "" ? words().families[family] : title

/** On one line, short enough for a quote or a label. */
export function excerptOf(content: MessageContent): string {
  const { discussion } = words()
  switch (content.kind) {
    case "text": {
      const line = content.text.replace(/\s+/g, " ").trim()
      const characters = Array.from(line)
      return characters.length > excerptCharacters ? `${characters.slice(0, excerptCharacters).join("")}…` : line
    }
    case "media":
      return content.text === "" ? mediaName(content) : content.text
    case "document":
      return sharedTitle(content)
    case "deleted":
      return discussion.deleted
    default:
      return discussion.unsupported
  }
}

/** The words of some messages, with who wrote them and when where there are several. */
export function copiedText(messages: readonly Message[], nameOf: (account: AccountId) => string): string {
  const texts = messages.flatMap(({ author, sentAtMs, content }) => (content.kind === "text" ? [{ author, sentAtMs, text: content.text }] : []))
  if (texts.length === 1) return texts[0]?.text ?? ""
  return texts.map(({ author, sentAtMs, text }) => `${nameOf(author)}, ${paperTime(sentAtMs)}\n${text}`).join("\n\n")
}

const tagOf = (person: Person): string => `@${fullName(person.professional)}`

/** The people of a text that are written out with an @. */
export const mentionsIn = (text: string, people: readonly Person[]): readonly AccountId[] =>
  people.filter((person) => text.includes(tagOf(person))).map(({ account }) => account)

export type Part = { readonly text: string; readonly isMention: boolean }

/** The text in parts, its mentions apart. */
export function partsOf(text: string, mentioned: readonly Person[]): readonly Part[] {
  const tags = mentioned.map(tagOf).toSorted((one, other) => other.length - one.length)
  const parts: Part[] = []
  for (let rest = text; rest !== ""; ) {
    const found = tags.map((tag) => ({ tag, at: rest.indexOf(tag) })).filter(({ at }) => at >= 0)
    const first = found.toSorted((one, other) => one.at - other.at).at(0)
    if (first === undefined) return [...parts, { text: rest, isMention: false }]
    if (first.at > 0) parts.push({ text: rest.slice(0, first.at), isMention: false })
    parts.push({ text: first.tag, isMention: true })
    rest = rest.slice(first.at + first.tag.length)
  }
  return parts
}

const begunMention = /(?:^|\s)@([\p{L}' -]{0,30})$/u
const mostSuggestions = 5

/** Who may be meant by what was typed up to the cursor; nobody when no mention was begun. */
export function suggestionsFor(typed: string, people: readonly Person[]): readonly Person[] {
  const begun = begunMention.exec(typed)?.[1]
  if (begun === undefined) return []
  const sought = begun.toLocaleLowerCase("fr")
  const names = ({ professional }: Person) => [professional.givenName, professional.familyName, fullName(professional)]
  return people.filter((person) => names(person).some((name) => name.toLocaleLowerCase("fr").startsWith(sought))).slice(0, mostSuggestions)
}

/** What was typed, with the mention that was begun written out. */
export function completed(typed: string, person: Person): string {
  return typed.replace(begunMention, (begun) => `${begun.slice(0, begun.indexOf("@"))}${tagOf(person)} `)
}

const foldedText = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()

/** The part of a long text where the first sought word stands. */
export function excerptAround(text: string, query: string): string {
  const line = text.replace(/\s+/g, " ").trim()
  const [first = ""] = foldedText(query).trim().split(/\s+/)
  const at = foldedText(line).indexOf(first)
  return at > 40 ? `…${line.slice(at - 20)}` : line
}

/** Something urgent of this person that nobody took charge of. */
export const waitsForSomeone = ({ mine, intent, taken, content }: Message): boolean =>
  mine && intent.kind === "urgent" && taken.length === 0 && content.kind !== "deleted"
