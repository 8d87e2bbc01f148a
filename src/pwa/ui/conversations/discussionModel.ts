/** What a discussion is called, and the lines of its row. Pure. */
import type { AccountId, Discussion, DiscussionSummary, Message, Person } from "../../bridge/models.js"
import { fullName, placedProfession, professionOf, verifiedBy } from "../directory/names.js"
import { words } from "../i18n/language.js"
import { patientTitle } from "./patientModel.js"

const namesInTitle = 3

export const othersOf = (summary: DiscussionSummary, me: AccountId): readonly Person[] =>
  summary.members.filter((person) => person.account !== me)

/** The other end of a direct discussion; null in a group, or when they left. */
export function correspondentOf(summary: DiscussionSummary, me: AccountId): Person | null {
  return summary.isDirect ? (othersOf(summary, me).at(0) ?? null) : null
}

export function listNames(names: readonly string[]): string {
  const { and, andMore } = words().profession
  if (names.length <= 1) return names.join("")
  if (names.length > namesInTitle) return andMore(names.slice(0, namesInTitle - 1).join(", "), names.length - namesInTitle + 1)
  return `${names.slice(0, -1).join(", ")}${and}${names.slice(-1).join("")}`
}

export function titleOf(summary: DiscussionSummary, me: AccountId): string {
  if (!summary.isDirect && summary.name !== "") return summary.name
  const names = othersOf(summary, me).map((person) => fullName(person.professional))
  return names.length === 0 ? words().discussions.alone : listNames(names)
}

/** Under the name in a list: profession, or how many people. */
export function kindLine(summary: DiscussionSummary, me: AccountId): string {
  const correspondent = correspondentOf(summary, me)
  if (correspondent !== null) return placedProfession(correspondent.professional)
  return words().discussions.people(summary.members.length)
}

/** Under the name of the discussion on screen: who they are and where, or who is in the group. */
export function headerLine(summary: DiscussionSummary, me: AccountId): string {
  const correspondent = correspondentOf(summary, me)
  if (correspondent !== null) return placedProfession(correspondent.professional)
  const names = othersOf(summary, me).map((person) => person.professional.givenName)
  return names.length === 0 ? words().people.count(summary.members.length) : listNames([...names, words().discussion.youAmongOthers])
}

/** And how that is known; "" in a group, where each member's card says it, and while it is in doubt. */
export function proofLine(summary: DiscussionSummary, me: AccountId): string {
  const correspondent = correspondentOf(summary, me)
  return correspondent === null || summary.suspended !== null ? "" : verifiedBy(correspondent)
}

/** Why nothing can be written here, or null. */
export function closedReason(summary: DiscussionSummary, me: AccountId): string | null {
  if (summary.suspended !== null) return words().discussion.suspended
  return summary.members.some((person) => person.account === me) ? null : words().errors.not_a_member
}

/** The last line of a row: who said it where that is not obvious, then the text on one line. */
export function lastLine(summary: DiscussionSummary): string {
  const { last } = summary
  if (last === null) return words().discussions.started
  const text = lastText(last)
  if (last.mine) return words().discussion.said(words().discussion.you, text)
  const author = summary.members.find((person) => person.account === last.author)
  if (summary.isDirect || author === undefined) return text
  return words().discussion.said(author.professional.givenName, text)
}

function lastText({ text, content }: NonNullable<DiscussionSummary["last"]>): string {
  if (content === "deleted") return words().discussion.deleted
  if (content === "media" && text === "") return words().media.anyMedia
  if (content === "document") return text === "" ? words().sharedDocument.name : words().sharedDocument.line(text)
  return content === "text" || content === "media" ? text.replace(/\s+/g, " ").trim() : words().discussion.unsupported
}

/** Lower case without accents, so that "helene" finds "Hélène". */
export const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()

export type Filter = "all" | "unread" | "urgent" | "patients" | "archived"

function passes(summary: DiscussionSummary, filter: Filter): boolean {
  switch (filter) {
    case "all":
      return !summary.preference.isArchived
    case "archived":
      return summary.preference.isArchived
    case "unread":
      return isUnread(summary)
    case "urgent":
      return summary.waiting === "urgent"
    case "patients":
      return summary.patient !== null
  }
}

export function chooseRows(
  summaries: readonly DiscussionSummary[],
  me: AccountId,
  filter: Filter,
  query: string,
): readonly DiscussionSummary[] {
  const sought = folded(query).split(/\s+/).filter((part) => part !== "")
  return summaries
    .filter((summary) => passes(summary, filter))
    .filter((summary) => {
      const names = othersOf(summary, me).map(({ professional }) => `${fullName(professional)} ${professionOf(professional)}`)
      const text = folded([summary.name, ...names, summary.patient === null ? "" : patientTitle(summary.patient), summary.last?.text ?? ""].join(" "))
      return sought.every((part) => text.includes(part))
    })
    .toSorted((a, b) => Number(b.preference.isPinned) - Number(a.preference.isPinned) || b.lastAtMs - a.lastAtMs)
}

export const countArchived = (summaries: readonly DiscussionSummary[]): number => summaries.filter(({ preference }) => preference.isArchived).length

export const countUrgent = (summaries: readonly DiscussionSummary[]): number => summaries.filter(({ waiting }) => waiting === "urgent").length

/** Something came that was not read, or the person keeps it for later. */
export const isUnread = ({ unread, preference }: DiscussionSummary): boolean => unread > 0 || preference.isUnread

export const countUnread = (summaries: readonly DiscussionSummary[]): number => summaries.filter(isUnread).length

/** Everyone already written to, once each, by name: offered before anything is typed. */
export function knownPeople(summaries: readonly DiscussionSummary[], me: AccountId): readonly Person[] {
  const people = new Map(summaries.flatMap((summary) => othersOf(summary, me)).map((person) => [person.account, person]))
  return [...people.values()].toSorted((a, b) => fullName(a.professional).localeCompare(fullName(b.professional), "fr"))
}

/** What a notice in the middle of a discussion says; `nameOf` gives a person's name. */
export function noticeText(message: Message, me: AccountId, nameOf: (account: AccountId) => string): string {
  const { content } = message
  const { discussion } = words()
  switch (content.kind) {
    case "members": {
      const sentences: string[] = []
      const names = (accounts: readonly AccountId[]) => listNames(accounts.map(nameOf))
      const [onlyRemoved] = content.removed
      if (content.added.length > 0) {
        sentences.push(message.mine ? discussion.membersAddedByYou(names(content.added)) : discussion.membersAdded(nameOf(message.author), names(content.added)))
      }
      if (content.removed.length === 1 && onlyRemoved === message.author) sentences.push(discussion.membersLeft(nameOf(message.author)))
      else if (content.removed.length > 0) {
        sentences.push(
          message.mine ? discussion.membersRemovedByYou(names(content.removed)) : discussion.membersRemoved(nameOf(message.author), names(content.removed)),
        )
      }
      return sentences.join(" ")
    }
    case "new-device":
      return discussion.newDevice(content.account === me ? discussion.you : nameOf(content.account))
    case "media":
    case "document":
    case "unsupported":
      return discussion.unsupported
    case "deleted":
      return discussion.deleted
    case "change":
      return discussion.changeFailed
    case "patient":
      return content.patient === null
        ? discussion.patientRemoved(message.mine, nameOf(message.author))
        : discussion.patientTied(message.mine, nameOf(message.author), patientTitle(content.patient))
    case "retention":
      return discussion.retentionChanged(message.mine, nameOf(message.author), content.days)
    case "picture":
      return discussion.pictureChanged(message.mine, nameOf(message.author))
    case "text":
      return content.text
  }
}

export function typingLine(discussion: Discussion, nameOf: (account: AccountId) => string): string {
  const [first] = discussion.typing
  if (first === undefined) return ""
  return discussion.typing.length === 1
    ? words().discussion.typingOne(nameOf(first))
    : words().discussion.typingMany(discussion.typing.length)
}
