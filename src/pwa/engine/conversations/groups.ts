/** Beginning conversations and changing who is in them. */
import type { AccountId, ChannelId } from "../../bridge/models.js"
import type { Keyring } from "../accounts/keyring.js"
import { utf8 } from "../bytes.js"
import { MAX_MEMBERS, MAX_NAME_BYTES } from "../crypto/statement.js"
import { Refusal } from "../failure.js"
import { directChannel, newGroup } from "../ids.js"
import type { Book } from "./book.js"
import type { Epoch } from "./epoch.js"
import type { Sealing } from "./sealing.js"
import type { Decision, OnReady } from "./statements.js"

type Members = Decision["members"]

export class Groups {
  constructor(
    private readonly book: Book,
    private readonly sealing: Sealing,
    private readonly keyring: Keyring,
  ) {}

  /** The direct conversation with someone, begun by whoever comes first. */
  async openDirect(account: AccountId): Promise<ChannelId> {
    const me = this.keyring.account
    if (account === me) throw new Refusal("refused")
    const channel = await directChannel(me, account)
    await this.book.turn(channel, async () => {
      if (this.book.get(channel).epoch > 0) return
      const members = [me, account].map((member) => ({ account: member, role: "admin" as const }))
      await this.sealing.begin(channel, { members, name: "", withPast: false })
    })
    return channel
  }

  async create(name: string, others: readonly AccountId[], onReady: OnReady): Promise<ChannelId> {
    const me = this.keyring.account
    const accounts = [...new Set(others)].filter((account) => account !== me)
    if (accounts.length + 1 > MAX_MEMBERS || utf8(name).length > MAX_NAME_BYTES) throw new Refusal("too_long")
    const members: Members = [
      { account: me, role: "admin" },
      ...accounts.map((account) => ({ account, role: "member" as const })),
    ]
    const channel = newGroup()
    await this.book.turn(channel, () => this.sealing.begin(channel, { members, name, withPast: false, onReady }))
    return channel
  }

  async add(channel: ChannelId, added: readonly AccountId[], withPast: boolean, onReady: OnReady): Promise<void> {
    const change = (members: Members): Members => {
      const fresh = added.filter((account) => members.every((member) => member.account !== account))
      return [...members, ...fresh.map((account) => ({ account, role: "member" as const }))]
    }
    await this.change(channel, { withPast, onReady }, change)
  }

  async remove(channel: ChannelId, removed: AccountId): Promise<void> {
    await this.change(channel, { withPast: true }, (members) => members.filter(({ account }) => account !== removed))
  }

  /** Another name for everyone. */
  async rename(channel: ChannelId, name: string): Promise<void> {
    if (utf8(name).length > MAX_NAME_BYTES) throw new Refusal("too_long")
    await this.change(channel, { withPast: true }, (members) => members, name)
  }

  async setAdmin(channel: ChannelId, member: AccountId, isAdmin: boolean): Promise<void> {
    const role = isAdmin ? "admin" : "member"
    await this.change(channel, { withPast: true }, (members) => {
      const changed = members.map((one) => (one.account === member ? { ...one, role } : one))
      if (changed.every((one) => one.role !== "admin")) throw new Refusal("last_admin")
      return changed as Members
    })
  }

  /** Leave a group. Its last admin names another one first. */
  async leave(channel: ChannelId, handOverTo: AccountId | null): Promise<void> {
    const me = this.keyring.account
    await this.change(channel, { withPast: true }, (members) => {
      const others = members.filter(({ account }) => account !== me)
      const handed = others.map((one) => (one.account === handOverTo ? { ...one, role: "admin" as const } : one))
      if (handed.length > 0 && handed.every(({ role }) => role !== "admin")) throw new Refusal("last_admin")
      return handed
    })
  }

  /** The next epoch, with members changed from whoever they are when it begins. */
  private async change(channel: ChannelId, how: Pick<Decision, "withPast" | "onReady">, change: (members: Members) => Members, name?: string): Promise<void> {
    const decide = (newest: Epoch | null): Decision => {
      if (newest === null) throw new Refusal("not_a_member")
      const members = change(newest.statement.members.map(({ account, role }) => ({ account, role })))
      if (members.length > MAX_MEMBERS) throw new Refusal("too_long")
      return { members, name: name ?? this.book.get(channel).name, ...how }
    }
    await this.book.turn(channel, () => this.sealing.settle(channel, decide))
  }
}
