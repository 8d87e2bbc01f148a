/** One epoch of a conversation as this device knows it. */
import type { AccountId, ChannelId } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import { findMember, openName, type SignedStatement, type Statement } from "../crypto/statement.js"
import type { Channel } from "./channel.js"

export type Epoch = {
  readonly signed: SignedStatement
  readonly statement: Statement
  /** Null when it was not for this account, or its secret is not on this device. */
  readonly key: Bytes | null
}

/** Epochs of one channel by their number. */
export type Epochs = ReadonlyMap<number, Epoch>

export type EpochRecord = {
  readonly channel: ChannelId
  readonly signed: SignedStatement
  readonly key: Bytes | null
}

/** Keys are replaced after a week at the latest, whoever sends first. */
export const LONGEST_EPOCH_MS = 7 * 24 * 3_600_000

export function latest(epochs: Epochs): Epoch | null {
  let found: Epoch | null = null
  for (const epoch of epochs.values()) {
    if (found === null || epoch.statement.epoch > found.statement.epoch) found = epoch
  }
  return found
}

/** Whether an envelope may be sealed in it now. */
export function isUsable(epoch: Epoch, account: AccountId, nowMs: number): boolean {
  const { statement, key } = epoch
  // Who left by this statement knows its key.
  if (findMember(statement, statement.author) === null) return false
  return key !== null && findMember(statement, account) !== null && nowMs - statement.atMs < LONGEST_EPOCH_MS
}

/** The channel as its latest statement says it is. */
export async function withEpochs(channel: Channel, epochs: Epochs, me: AccountId): Promise<Channel> {
  const newest = latest(epochs)
  if (newest === null || newest.statement.epoch < channel.epoch) return channel
  const { statement, key } = newest
  return {
    ...channel,
    epoch: statement.epoch,
    members: statement.members.map(({ account, role }) => ({ account, isAdmin: role === "admin" })),
    name: key === null ? channel.name : await openName(statement, key).catch(() => channel.name),
    beganByMe: epochs.get(1)?.statement.author === me,
  }
}

/** Who came and who left with an epoch; null for the first one, and when nobody did. */
export function membersChange(
  epochs: Epochs,
  epoch: number,
): { readonly added: readonly AccountId[]; readonly removed: readonly AccountId[] } | null {
  const [before, after] = [epochs.get(epoch - 1)?.statement, epochs.get(epoch)?.statement]
  if (before === undefined || after === undefined) return null
  const missingIn = (other: Statement, one: Statement): readonly AccountId[] =>
    one.members.map(({ account }) => account).filter((account) => findMember(other, account) === null)
  const change = { added: missingIn(before, after), removed: missingIn(after, before) }
  return change.added.length + change.removed.length === 0 ? null : change
}
