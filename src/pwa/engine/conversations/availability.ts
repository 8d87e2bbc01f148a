/** What members last said of when they can be counted on. Pure: only what was said and the log's times decide. */
import type { AccountId } from "../../bridge/models.js"
import type { Availability } from "../crypto/contents/availability.js"

/** `saidAtMs` is when the log last showed it in this channel. */
export type Declaration = Omit<Availability, "type"> & { readonly saidAtMs: number }

export type Declared = { readonly [account: AccountId]: Declaration }

export const NOTHING_DECLARED: Declared = {}

/** Nobody chooses later than the log says: an instant to come would stand for ever. */
export function withDeclared(declared: Declared, by: AccountId, { state, sinceMs, untilMs, cover }: Availability, atMs: number): Declared {
  const said: Declaration = { state, sinceMs: Math.min(sinceMs, atMs), untilMs, cover, saidAtMs: atMs }
  const before = declared[by]
  return before !== undefined && isNewer(before, said) ? declared : { ...declared, [by]: said }
}

export const isNewer = (one: Declaration, other: Declaration): boolean => one.sinceMs > other.sinceMs
