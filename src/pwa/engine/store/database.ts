/** Open the device's database, and write to it: always several changes in one transaction. */
import { deleteDB, openDB, type IDBPDatabase } from "idb"
import { Refusal } from "../failure.js"
import { DATABASE, MIGRATIONS, migrate, type EpochRow, type MessageRow, type SealedRow, type StoreName } from "./schema.js"
import type { Door } from "./door.js"

/** One change. Values are prepared before: a transaction waits for nothing but the database. */
export type Write =
  | { readonly store: StoreName; readonly put: SealedRow | MessageRow | EpochRow | Door }
  | { readonly store: StoreName; readonly remove: string }

export class Database {
  private constructor(private readonly opened: IDBPDatabase) {}

  /** `onClosed` is told when another version of the program, or the browser, takes the database away. */
  static async open(onClosed: () => void, name: string = DATABASE): Promise<Database> {
    try {
      const opened = await openDB(name, MIGRATIONS.length, {
        upgrade: (database, from) => migrate(database, from),
        blocking: (_current, _blocked, event) => {
          ;(event.target as IDBDatabase).close()
          onClosed()
        },
        terminated: onClosed,
      })
      return new Database(opened)
    } catch {
      throw new Refusal("storage_failed")
    }
  }

  /** All of it or nothing. `strict` waits until it is on the disk, for what exists nowhere else. */
  async write(writes: readonly Write[], durability: "relaxed" | "strict" = "relaxed"): Promise<void> {
    if (writes.length === 0) return
    const stores = [...new Set(writes.map((write) => write.store))]
    const transaction = this.opened.transaction(stores, "readwrite", { durability })
    const requests = writes.map((write) => {
      const store = transaction.objectStore(write.store)
      return "put" in write ? store.put(write.put) : store.delete(write.remove)
    })
    await Promise.all([...requests, transaction.done])
  }

  async get<Row>(store: StoreName, id: string): Promise<Row | null> {
    return ((await this.opened.get(store, id)) as Row | undefined) ?? null
  }

  /** Several rows in one transaction, null where there is none. */
  async getAll<Row>(store: StoreName, ids: readonly string[]): Promise<readonly (Row | null)[]> {
    if (ids.length === 0) return []
    const { store: rows } = this.opened.transaction(store)
    return Promise.all(ids.map(async (id) => ((await rows.get(id)) as Row | undefined) ?? null))
  }

  async all<Row>(store: StoreName): Promise<readonly Row[]> {
    return (await this.opened.getAll(store)) as Row[]
  }

  /** The rows of one channel, by place, within bounds, both included. */
  async range<Row>(store: "epochs" | "messages", channel: string, from: number, to: number): Promise<readonly Row[]> {
    const bounds = IDBKeyRange.bound([channel, from], [channel, to])
    return (await this.opened.getAllFromIndex(store, "place", bounds)) as Row[]
  }

  /** The last rows of a channel below a place, the oldest first, at most `limit`. */
  async lastBelow<Row>(store: "messages", channel: string, below: number, limit: number): Promise<readonly Row[]> {
    const bounds = IDBKeyRange.bound([channel, -Infinity], [channel, below], false, true)
    const rows: Row[] = []
    const index = this.opened.transaction(store).store.index("place")
    for (let at = await index.openCursor(bounds, "prev"); at !== null && rows.length < limit; at = await at.continue()) {
      rows.push(at.value as Row)
    }
    return rows.reverse()
  }

  /** The first rows of a channel from a place on, this place included or not, at most `limit`. */
  async firstFrom<Row>(store: "messages", channel: string, from: number, isIncluded: boolean, limit: number): Promise<readonly Row[]> {
    const bounds = IDBKeyRange.bound([channel, from], [channel, Infinity], !isIncluded)
    return (await this.opened.getAllFromIndex(store, "place", bounds, limit)) as Row[]
  }

  close(): void {
    this.opened.close()
  }

  /** Close and destroy everything of Lien on this device. */
  async destroy(name: string = DATABASE): Promise<void> {
    this.opened.close()
    await deleteDB(name)
  }
}
