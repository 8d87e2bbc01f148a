/** What narrows a search on screen, and the filter that the engine is given. Pure. */
import type { SearchFilter, SearchKind } from "../../bridge/search.js"
import type { AccountId, ChannelId, DiscussionSummary, Person } from "../../bridge/models.js"
import { fullName } from "../directory/names.js"
import { folded, knownPeople } from "./discussionModel.js"
import { patientLine, patientTitle } from "./patientModel.js"

/** From so many letters on, messages are sought too. */
export const shortestQuery = 2

export const kinds = ["text", "photo", "file", "voice", "document"] as const
export type Kind = (typeof kinds)[number]

/** Days without a time, as a date field gives them; empty for an open end. */
export type Period = { readonly from: string; readonly to: string }

/** Null for anything. A patient is named as its discussions name it. */
export type Narrowing = {
  readonly author: AccountId | null
  readonly channel: ChannelId | null
  readonly patient: string | null
  readonly kind: Kind | null
  readonly period: Period | null
}

export const nothingNarrowed: Narrowing = { author: null, channel: null, patient: null, kind: null, period: null }

export const isNarrowed = (narrowing: Narrowing): boolean => Object.values(narrowing).some((value) => value !== null)

const named = (summary: DiscussionSummary): string | null => (summary.patient === null ? null : `${patientTitle(summary.patient)}${patientLine(summary.patient)}`)

/** The patients of the discussions, each once. */
export const patientsOf = (summaries: readonly DiscussionSummary[]): readonly string[] =>
  [...new Set(summaries.flatMap((summary) => named(summary) ?? []))].toSorted((one, other) => one.localeCompare(other, "fr"))

/** A day of the calendar here, "2026-11-23", as the moment it begins; null for what is no day. */
export function dayStartMs(day: string, later = 0): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (match === null) return null
  const [, year, month, date] = match.map(Number)
  return new Date(year ?? 0, (month ?? 1) - 1, (date ?? 1) + later).getTime()
}

/** The day of a moment here, as a date field takes it. */
export function dayOf(atMs: number): string {
  const at = new Date(atMs)
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-")
}

export function filterOf({ author, channel, patient, kind, period }: Narrowing, summaries: readonly DiscussionSummary[]): SearchFilter {
  const tied = patient === null ? null : summaries.filter((summary) => named(summary) === patient).map((summary) => summary.channel)
  const channels = channel === null ? tied : [channel].filter((one) => tied === null || tied.includes(one))
  return { channels, author, kind: kind satisfies SearchKind | null, fromMs: dayStartMs(period?.from ?? ""), toMs: dayStartMs(period?.to ?? "", 1) }
}

/** Documents have no discussion and no author among colleagues. */
export const looksForDocuments = ({ author, channel, patient, kind }: Narrowing): boolean =>
  author === null && channel === null && patient === null && (kind === null || kind === "document")

/** A person met in a discussion, and one in which their card can be read. */
export type Met = { readonly person: Person; readonly channel: ChannelId }

const mostPeople = 5

/** People of groups by the beginnings of their names; who has a discussion of their own is found by that. */
export function peopleFound(summaries: readonly DiscussionSummary[], me: AccountId, query: string): readonly Met[] {
  const sought = folded(query).split(/\s+/).filter((part) => part !== "")
  const isFound = (person: Person): boolean => {
    const names = ` ${folded(fullName(person.professional)).replaceAll("-", " ")}`
    return sought.every((part) => names.includes(` ${part}`))
  }
  const own = new Set(summaries.flatMap((summary) => (summary.isDirect ? summary.members.map(({ account }) => account) : [])))
  return knownPeople(summaries, me)
    .filter((person) => !own.has(person.account) && isFound(person))
    .slice(0, mostPeople)
    .flatMap((person) => {
      const shared = summaries.find(({ members }) => members.some(({ account }) => account === person.account))
      return shared === undefined ? [] : [{ person, channel: shared.channel }]
    })
}
