/** Who is writing, for as long as it is likely. */
import type { AccountId, ChannelId } from "../../bridge/models.js"

const SHOWN_MS = 6_000
const TOLD_EVERY_MS = 3_000

export class TypingPeople {
  private readonly people = new Map<ChannelId, Map<AccountId, ReturnType<typeof setTimeout>>>()
  private readonly toldAtMs = new Map<ChannelId, number>()

  constructor(private readonly onChange: (channel: ChannelId) => void) {}

  in(channel: ChannelId): readonly AccountId[] {
    return [...(this.people.get(channel)?.keys() ?? [])]
  }

  add(channel: ChannelId, account: AccountId): void {
    const here = this.people.get(channel) ?? new Map<AccountId, ReturnType<typeof setTimeout>>()
    this.people.set(channel, here)
    const before = here.get(account)
    clearTimeout(before)
    here.set(account, setTimeout(() => this.remove(channel, account), SHOWN_MS))
    if (before === undefined) this.onChange(channel)
  }

  /** They stopped, or what they wrote is here. */
  remove(channel: ChannelId, account: AccountId): void {
    const here = this.people.get(channel)
    clearTimeout(here?.get(account))
    if (here?.delete(account) === true) this.onChange(channel)
  }

  /** Whether others are to be told now that this person is writing: not at every key. */
  mayTell(channel: ChannelId, nowMs: number): boolean {
    if (nowMs - (this.toldAtMs.get(channel) ?? 0) < TOLD_EVERY_MS) return false
    this.toldAtMs.set(channel, nowMs)
    return true
  }

  clear(): void {
    for (const here of this.people.values()) for (const timer of here.values()) clearTimeout(timer)
    this.people.clear()
  }
}
