/**
 * What people have said about one message: edits, withdrawals, reactions, taking in charge. Merged in any order,
 * with the same outcome: only positions and times of the log decide.
 */
import type { AccountId, Reactions, TakenBy } from "../../bridge/models.js"
import { EDITABLE_MS, type Delete, type Edit, type Reaction, type Taken } from "../crypto/contents/messages.js"

/** Incarnation and offset: later entries of a log, and of its rebuilt form, rank higher. */
export type Rank = readonly [incarnation: number, offset: number]

export type ActSaid = Edit | Delete | Reaction | Taken

export type Act = { readonly by: AccountId; readonly rank: Rank; readonly atMs: number; readonly said: ActSaid }

type Edited = {
  readonly by: AccountId
  readonly rank: Rank
  readonly atMs: number
  readonly text: string
  readonly mentions: readonly AccountId[]
}
type Of<Value> = { readonly [account: AccountId]: Value }

export type About = {
  /** All that may count while the message is unknown; the one that counts, or none, once it is. */
  readonly edits: readonly Edited[]
  /** When each account first withdrew it. */
  readonly withdrawn: Of<number>
  readonly reactions: Of<{ readonly emoji: string; readonly rank: Rank }>
  readonly taken: Of<{ readonly rank: Rank; readonly atMs: number; readonly isReleased: boolean }>
}

export const NOTHING_SAID: About = { edits: [], withdrawn: {}, reactions: {}, taken: {} }

/** More edits of a message that is not here yet come from nobody honest. */
const MOST_EDITS = 64

export const isLater = (one: Rank, other: Rank): boolean => one[0] > other[0] || (one[0] === other[0] && one[1] > other[1])

export function withAct(about: About, { by, rank, atMs, said }: Act): About {
  switch (said.type) {
    case "edit": {
      const others = about.edits.filter((edit) => edit.by !== by || edit.rank[0] !== rank[0] || edit.rank[1] !== rank[1])
      const edits = [...others, { by, rank, atMs, text: said.text, mentions: said.mentions }]
      return { ...about, edits: edits.toSorted(byRank).slice(-MOST_EDITS) }
    }
    case "delete":
      return { ...about, withdrawn: { ...about.withdrawn, [by]: Math.min(about.withdrawn[by] ?? atMs, atMs) } }
    case "reaction": {
      const before = about.reactions[by]
      if (before !== undefined && !isLater(rank, before.rank)) return about
      return { ...about, reactions: { ...about.reactions, [by]: { emoji: said.emoji, rank } } }
    }
    case "taken": {
      const before = about.taken[by]
      if (before !== undefined && !isLater(rank, before.rank)) return about
      return { ...about, taken: { ...about.taken, [by]: { rank, atMs, isReleased: said.isReleased } } }
    }
  }
}

/** The message is known: only its author changes it, and only within the time that is given. */
export function settled(about: About, author: AccountId, sentAtMs: number): About {
  const counting = about.edits.filter((edit) => edit.by === author && edit.atMs - sentAtMs <= EDITABLE_MS)
  return { ...about, edits: counting.slice(-1) }
}

/** What of it is shown on a message of this author and time. */
export type Seen = {
  readonly edit: Edited | null
  readonly isDeleted: boolean
  readonly reactions: Reactions
  readonly taken: readonly TakenBy[]
}

export function seen(about: About, author: AccountId, sentAtMs: number): Seen {
  const withdrawnAtMs = about.withdrawn[author]
  return {
    edit: settled(about, author, sentAtMs).edits.at(0) ?? null,
    isDeleted: withdrawnAtMs !== undefined && withdrawnAtMs - sentAtMs <= EDITABLE_MS,
    reactions: grouped(about),
    taken: entries(about.taken)
      .filter(([, { isReleased }]) => !isReleased)
      .toSorted(([, one], [, other]) => byRank(one, other))
      .map(([account, { atMs }]) => ({ account, atMs })),
  }
}

/** Each emoji once, the first used first, with who used it in the order of the log. */
function grouped({ reactions }: About): Reactions {
  const groups = new Map<string, AccountId[]>()
  for (const [account, { emoji }] of entries(reactions).toSorted(([, one], [, other]) => byRank(one, other))) {
    if (emoji !== "") groups.set(emoji, [...(groups.get(emoji) ?? []), account])
  }
  return [...groups].map(([emoji, accounts]) => ({ emoji, accounts }))
}

const byRank = (one: { readonly rank: Rank }, other: { readonly rank: Rank }): number =>
  isLater(one.rank, other.rank) ? 1 : isLater(other.rank, one.rank) ? -1 : 0

const entries = <Value>(of: Of<Value>): readonly [AccountId, Value][] => Object.entries(of) as [AccountId, Value][]
