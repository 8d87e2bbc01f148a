/** The statements of conversations: read and verified from the server, begun on this device. */
import type { AccountId, ChannelId } from "../../bridge/models.js"
import type { Contacts } from "../accounts/contacts.js"
import type { Keyring } from "../accounts/keyring.js"
import { randomBytes, sameBytes, toBase64, type Bytes } from "../bytes.js"
import type { ServerClock } from "../clock.js"
import { departedGeneration, isDeparted, type ChainState } from "../crypto/chain.js"
import { BadSeal, BadStatement } from "../crypto/errors.js"
import {
  checkSuccession,
  decodeStatement,
  findMember,
  makeStatement,
  openKey,
  openPreviousKey,
  verifyStatement,
  type Recipient,
  type Role,
  type SignedStatement,
  type Statement,
} from "../crypto/statement.js"
import { codeOf, Refusal } from "../failure.js"
import type { Http } from "../http.js"
import { isDirect } from "../ids.js"
import { asObject, booleanIn, bytesIn, listIn, numberIn, optional } from "../json.js"
import type { Write } from "../store/database.js"
import type { Store } from "../store/store.js"
import { latest, type Epoch, type EpochRecord, type Epochs } from "./epoch.js"

/** What was read from the server; `learnt` is to be stored by the reader, with what it belongs to. */
export type Read = { readonly epochs: Epochs; readonly learnt: readonly Epoch[]; readonly isStale: boolean }

/** What the author of a new epoch decides. */
export type Decision = {
  readonly members: readonly { readonly account: AccountId; readonly role: Role }[]
  readonly name: string
  /** Whether newcomers may read what was said before. */
  readonly withPast: boolean
  /** Told for how many members the new key is ready, for whoever waits: hundreds take seconds. */
  readonly onReady?: OnReady
}

export type OnReady = (done: number, of: number) => void

export class Statements {
  private readonly known = new Map<ChannelId, Epochs>()

  constructor(
    private readonly http: Http,
    private readonly store: Store,
    private readonly contacts: Contacts,
    private readonly keyring: Keyring,
    private readonly clock: ServerClock,
  ) {}

  /** What is on this device. */
  async epochs(channel: ChannelId): Promise<Epochs> {
    const known = this.known.get(channel)
    if (known !== undefined) return known
    const epochs = new Map<number, Epoch>()
    for (const { signed, key } of await this.store.epochs<EpochRecord>(channel)) {
      const statement = await decodeStatement(signed.data)
      epochs.set(statement.epoch, { signed, statement, key })
    }
    this.known.set(channel, epochs)
    return epochs
  }

  /** Remember what was stored. */
  keep(channel: ChannelId, epochs: Epochs): void {
    this.known.set(channel, epochs)
  }

  writes(channel: ChannelId, learnt: readonly Epoch[]): Promise<readonly Write[]> {
    return Promise.all(
      learnt.map(({ signed, statement, key }) => {
        const record: EpochRecord = { channel, signed, key }
        return this.store.putEpoch(channel, statement.epoch, record)
      }),
    )
  }

  /** Whether the server shows this account nothing of the channel any more. */
  async isRefused(channel: ChannelId): Promise<boolean> {
    try {
      await this.read(channel, await this.epochs(channel))
      return false
    } catch (error) {
      if (codeOf(error) === "not_a_member") return true
      throw error
    }
  }

  /** What the server has beyond this device, verified. Refuses with `bad_statement` when it breaks the rules. */
  async read(channel: ChannelId, known: Epochs): Promise<Read> {
    const epochs = new Map(known)
    const learnt = new Map<number, Epoch>()
    let isStale = false
    for (let after = firstMissing(known); ; ) {
      const json = await this.http.signed("GET", `/api/conversations/${channel}/epochs?after=${after}`)
      const page = listIn(json, "epochs").map(asObject)
      for (const item of page) {
        const signed = { data: bytesIn(item, "statement"), signature: bytesIn(item, "signature") }
        const sealed = optional(item, "sealed_key", bytesIn)
        const epoch = await this.learn(channel, signed, sealed, epochs)
        after = epoch.statement.epoch
        if (epochs.get(after) === epoch) continue
        epochs.set(after, epoch)
        learnt.set(after, epoch)
      }
      isStale = booleanIn(json, "stale")
      if (page.length === 0 || after >= numberIn(json, "epoch")) break
    }
    await openEarlierKeys(epochs, learnt)
    return { epochs, learnt: [...learnt.values()], isStale }
  }

  /** Begin the next epoch. Refuses with `epoch_taken` or `old_generation` when others were quicker: read, decide again. */
  async begin(channel: ChannelId, epochs: Epochs, decision: Decision): Promise<Epoch> {
    const previous = latest(epochs)
    const key = randomBytes(32)
    const { account, device } = this.keyring.self
    const step = steps(decision)
    const { signed, sealedKeys } = await makeStatement(
      {
        channel,
        previous: previous?.statement ?? null,
        recipients: await this.recipients(channel, previous?.statement ?? null, decision, step),
        key,
        name: decision.name,
        previousKey: decision.withPast ? (previous?.key ?? null) : null,
      },
      { account, device, key: this.keyring.deviceKey },
      this.clock.now(),
      step,
    )
    await this.http.signed("POST", `/api/conversations/${channel}/epochs`, {
      statement: toBase64(signed.data),
      signature: toBase64(signed.signature),
      sealed_keys: Object.fromEntries([...sealedKeys].map(([to, sealed]) => [to, toBase64(sealed)])),
    })
    return { signed, statement: await decodeStatement(signed.data), key }
  }

  /** Everyone as their chain says now. Who left Lien is left out, which anyone may do. */
  private async recipients(channel: ChannelId, previous: Statement | null, { members }: Decision, onEach: () => void): Promise<readonly Recipient[]> {
    const states = await this.contacts.refreshAll(members.map(({ account }) => account), onEach)
    const recipients = members.flatMap(({ account, role }): readonly Recipient[] => {
      const state = states.get(account)
      if (state === undefined || isDeparted(state) || hasLeft(previous, state)) return []
      return [{ account, role, generation: state.generation, sealingPublic: state.sealingPublic }]
    })
    if (isDirect(channel) && recipients.length !== 2) throw new Refusal("departed")
    const own = states.get(this.keyring.account)
    if (own !== undefined && (await this.keyring.obtain(own.generation)) === null) throw new Refusal("no_vault")
    return recipients
  }

  private async learn(
    channel: ChannelId,
    signed: SignedStatement,
    sealed: Bytes | null,
    epochs: Epochs,
  ): Promise<Epoch> {
    const claimed = await decodeStatement(signed.data)
    if (claimed.channel !== channel) throw new BadStatement()
    const known = epochs.get(claimed.epoch)
    if (known !== undefined) {
      if (!sameBytes(known.statement.hash, claimed.hash)) throw new BadStatement()
      const key = known.key ?? (await this.openOwn(claimed, sealed))
      return key === known.key ? known : { ...known, key }
    }
    const author = await this.contacts.devicePublic(claimed.author, claimed.authorDevice)
    if (author === null) throw new BadStatement()
    const statement = await verifyStatement(signed, author)
    const previous = epochs.get(statement.epoch - 1)?.statement ?? null
    // The first statements of a long conversation may be beyond retention: then the oldest one is where trust begins.
    if (previous !== null || statement.epoch === 1) await checkSuccession(previous, statement, await this.departed(previous, statement))
    else if (findMember(statement, statement.author) === null) throw new BadStatement()
    return { signed, statement, key: await this.openOwn(statement, sealed) }
  }

  /** The generation with which those that the new statement treats otherwise left Lien, as their chains say. */
  private async departed(previous: Statement | null, next: Statement): Promise<ReadonlyMap<AccountId, number>> {
    const otherwise = (previous?.members ?? []).filter(
      ({ account, generation }) => findMember(next, account)?.generation !== generation,
    )
    const states = await this.contacts.refreshAll(otherwise.map(({ account }) => account))
    return new Map([...states].map(([account, state]) => [account, departedGeneration(state)]))
  }

  private async openOwn(statement: Statement, sealed: Bytes | null): Promise<Bytes | null> {
    const account = this.keyring.account
    const member = findMember(statement, account)
    if (member === null || sealed === null) return null
    const secret = await this.keyring.secret(member.generation)
    if (secret === null) return null
    return openKey(statement, account, sealed, secret.sealing).catch((error: unknown) => {
      // Someone sealed nonsense to this member: the epoch stays closed here, and those after it do not.
      if (error instanceof BadSeal || error instanceof BadStatement) return null
      throw error
    })
  }
}

/** Ask from before the first epoch whose key is missing, or after the last one. */
function firstMissing(epochs: Epochs): number {
  const missing = [...epochs.values()].filter((epoch) => epoch.key === null).map((epoch) => epoch.statement.epoch)
  const last = latest(epochs)?.statement.epoch ?? 0
  return Math.min(last, ...missing.map((epoch) => epoch - 1))
}

/** Who left Lien since they were sealed to leaves a group, and comes back by being added. */
function hasLeft(previous: Statement | null, state: ChainState): boolean {
  if (previous === null || isDirect(previous.channel)) return false
  const member = findMember(previous, state.account)
  return member !== null && member.generation <= departedGeneration(state)
}

/** The keys of earlier epochs that a later statement shares, from the newest back. */
async function openEarlierKeys(epochs: Map<number, Epoch>, learnt: Map<number, Epoch>): Promise<void> {
  const numbers = [...epochs.keys()].sort((one, other) => other - one)
  for (const number of numbers) {
    const [epoch, earlier] = [epochs.get(number), epochs.get(number - 1)]
    if (epoch === undefined || epoch.key === null || earlier === undefined || earlier.key !== null) continue
    const key = await openPreviousKey(epoch.statement, epoch.key).catch(() => null)
    if (key === null) continue
    const opened = { ...earlier, key }
    epochs.set(number - 1, opened)
    learnt.set(number - 1, opened)
  }
}

/** Each member is two steps: their chain is read, the key is sealed to them. */
function steps({ members, onReady }: Decision): () => void {
  let taken = 0
  return () => {
    taken += 1
    onReady?.(Math.floor(taken / 2), members.length)
  }
}
