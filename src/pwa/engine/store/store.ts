/** The open store: sealed values by name, for the features above. */
import type { ChannelId } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import type { Database, Write } from "./database.js"
import type { Records } from "./records.js"
import type { EpochRow, MessageRow, SealedRow, StoreName } from "./schema.js"

/** Stores whose rows are one value for each name. */
export type PlainStore = Exclude<StoreName, "door" | "epochs" | "messages" | "parts">

export class Store {
  constructor(
    private readonly database: Database,
    private readonly records: Records,
  ) {}

  async get<Value>(store: PlainStore, name: string): Promise<Value | null> {
    const row = await this.database.get<SealedRow>(store, await this.records.idOf(name))
    return row === null ? null : this.records.open(store, row) as Value
  }

  async all<Value>(store: PlainStore): Promise<readonly Value[]> {
    const rows = await this.database.all<SealedRow>(store)
    return rows.map((row) => this.records.open(store, row) as Value)
  }

  async put(store: PlainStore, name: string, value: unknown): Promise<Write> {
    const id = await this.records.idOf(name)
    return { store, put: { id, box: this.records.seal(store, id, value) } satisfies SealedRow }
  }

  /** Bytes that are sealed already, under a key that is only in a sealed record. */
  async putRaw(name: string, box: Uint8Array): Promise<Write> {
    return { store: "parts", put: { id: await this.records.idOf(name), box } satisfies SealedRow }
  }

  async getRaw(name: string): Promise<Bytes | null> {
    const row = await this.database.get<SealedRow>("parts", await this.records.idOf(name))
    return row === null ? null : new Uint8Array(row.box)
  }

  async remove(store: PlainStore | "parts", name: string): Promise<Write> {
    return { store, remove: await this.records.idOf(name) }
  }

  /** A name that says nothing to whoever has not the local key, and is always the same on this device. */
  opaque(name: string): Promise<string> {
    return this.records.idOf(name)
  }

  async putMessage(channel: ChannelId, name: string, place: number, value: unknown): Promise<Write> {
    const id = await this.records.idOf(name)
    const box = this.records.seal("messages", id, value)
    return { store: "messages", put: { id, box, channel: await this.channelId(channel), place } satisfies MessageRow }
  }

  async getMessage<Value>(name: string): Promise<Value | null> {
    const row = await this.database.get<MessageRow>("messages", await this.records.idOf(name))
    return row === null ? null : this.records.open("messages", row) as Value
  }

  /** The same for several, in one reading; null where there is none. */
  async getMessages<Value>(names: readonly string[]): Promise<readonly (Value | null)[]> {
    const ids = await Promise.all(names.map((name) => this.records.idOf(name)))
    const rows = await this.database.getAll<MessageRow>("messages", ids)
    return rows.map((row) => (row === null ? null : this.records.open("messages", row) as Value))
  }

  /** The messages of a channel whose place is within bounds, both included, in order. */
  async messages<Value>(channel: ChannelId, from: number, to: number): Promise<readonly Value[]> {
    const rows = await this.database.range<MessageRow>("messages", await this.channelId(channel), from, to)
    return rows.map((row) => this.records.open("messages", row) as Value)
  }

  /** The last messages of a channel below a place, the oldest first. */
  async messagesBelow<Value>(channel: ChannelId, below: number, limit: number): Promise<readonly Value[]> {
    const rows = await this.database.lastBelow<MessageRow>("messages", await this.channelId(channel), below, limit)
    return rows.map((row) => this.records.open("messages", row) as Value)
  }

  /** The first messages of a channel, in order. */
  oldestMessages<Value>(channel: ChannelId, limit: number): Promise<readonly Value[]> {
    return this.messagesFrom(channel, -Infinity, limit)
  }

  /** The first messages of a channel from a place on, this place included. */
  messagesFrom<Value>(channel: ChannelId, from: number, limit: number): Promise<readonly Value[]> {
    return this.firstMessages(channel, from, true, limit)
  }

  /** The first messages of a channel after a place. */
  messagesAbove<Value>(channel: ChannelId, above: number, limit: number): Promise<readonly Value[]> {
    return this.firstMessages(channel, above, false, limit)
  }

  private async firstMessages<Value>(channel: ChannelId, from: number, isIncluded: boolean, limit: number): Promise<readonly Value[]> {
    const rows = await this.database.firstFrom<MessageRow>("messages", await this.channelId(channel), from, isIncluded, limit)
    return rows.map((row) => this.records.open("messages", row) as Value)
  }

  /** Remove messages by their names, as one list of changes. */
  async removeMessages(names: readonly string[]): Promise<readonly Write[]> {
    const ids = await Promise.all(names.map((name) => this.records.idOf(name)))
    return ids.map((id) => ({ store: "messages", remove: id }))
  }

  async putEpoch(channel: ChannelId, epoch: number, value: unknown): Promise<Write> {
    const id = await this.records.idOf(`epoch:${channel}:${epoch}`)
    const box = this.records.seal("epochs", id, value)
    return { store: "epochs", put: { id, box, channel: await this.channelId(channel), epoch } satisfies EpochRow }
  }

  async epochs<Value>(channel: ChannelId): Promise<readonly Value[]> {
    const rows = await this.database.range<EpochRow>("epochs", await this.channelId(channel), 0, Infinity)
    return rows.map((row) => this.records.open("epochs", row) as Value)
  }

  write(writes: readonly Write[], durability?: "relaxed" | "strict"): Promise<void> {
    return this.database.write(writes, durability)
  }

  private channelId(channel: ChannelId): Promise<string> {
    return this.records.idOf(`channel:${channel}`)
  }

  /** Erase the local key: nothing of this store opens any more. */
  close(): void {
    this.records.close()
  }
}
