/**
 * What a phone's disk keeps when its browser is killed: IndexedDB whose transactions are on the disk before anyone is
 * told that they are done, and cookies. One folder is one browser profile.
 */
import "fake-indexeddb/auto"
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { deserialize, serialize } from "node:v8"
import { openDB } from "idb"
import { DATABASE, MIGRATIONS, migrate, type StoreName } from "../engine/store/schema.js"

type Row = { readonly id: string }
type Change = { readonly store: StoreName; readonly put: Row } | { readonly store: StoreName; readonly remove: string } | { readonly wipe: true }

export class Disk {
  private readonly journal: string
  private readonly jar: string
  private readonly changes = new WeakMap<IDBTransaction, Change[]>()

  private constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    this.journal = join(folder, "journal")
    this.jar = join(folder, "cookies.json")
  }

  /** The profile as it was left, in the browser's own database from now on. */
  static async mount(folder: string): Promise<Disk> {
    const disk = new Disk(folder)
    keepKeys()
    await disk.restore()
    disk.listen()
    return disk
  }

  cookies(): Map<string, string> {
    if (!existsSync(this.jar)) return new Map()
    return new Map(JSON.parse(readFileSync(this.jar, "utf8")) as [string, string][])
  }

  keepCookies(cookies: ReadonlyMap<string, string>): void {
    this.replace(this.jar, JSON.stringify([...cookies]))
  }

  private async restore(): Promise<void> {
    const rows = new Map<string, Change>()
    for (const change of this.read()) {
      if ("wipe" in change) rows.clear()
      else if ("put" in change) rows.set(`${change.store}\0${change.put.id}`, change)
      else rows.delete(`${change.store}\0${change.remove}`)
    }
    if (rows.size === 0) return
    const database = await openDB(DATABASE, MIGRATIONS.length, { upgrade: (made, from) => migrate(made, from) })
    for (const change of rows.values()) if ("put" in change) await database.put(change.store, await opened(change.put))
    database.close()
    this.replace(this.journal, Buffer.concat([...rows.values()].map((change) => framed(change))))
  }

  /** Whole records; one that was cut off by the end of the process never was. */
  private *read(): Generator<Change> {
    if (!existsSync(this.journal)) return
    const bytes = readFileSync(this.journal)
    for (let at = 0; at + 4 <= bytes.length; ) {
      const end = at + 4 + bytes.readUInt32BE(at)
      if (end > bytes.length) return
      yield* deserialize(bytes.subarray(at + 4, end)) as Change[]
      at = end
    }
  }

  private listen(): void {
    const note = (store: IDBObjectStore, change: Change): void => this.note(store.transaction, change)
    const stores = IDBObjectStore.prototype
    const put = Reflect.get(stores, "put") as (value: unknown, key?: IDBValidKey) => IDBRequest<IDBValidKey>
    stores.put = function (value: Row, ...more) {
      note(this, { store: this.name as StoreName, put: value })
      return put.call(this, value, ...more)
    }
    const remove = Reflect.get(stores, "delete")
    stores.delete = function (id) {
      note(this, { store: this.name as StoreName, remove: id as string })
      return remove.call(this, id)
    }
    const deleteDatabase = Reflect.get(IDBFactory.prototype, "deleteDatabase")
    const wiped = (): void => this.append([{ wipe: true }])
    IDBFactory.prototype.deleteDatabase = function (name) {
      const request = deleteDatabase.call(this, name)
      request.addEventListener("success", wiped)
      return request
    }
  }

  /** Our listener is there before the program's: it learns of the end when the disk has it. */
  private note(transaction: IDBTransaction, change: Change): void {
    const known = this.changes.get(transaction)
    if (known !== undefined) { known.push(change); return; }
    const changes = [change]
    this.changes.set(transaction, changes)
    transaction.addEventListener("complete", () => this.append(changes))
  }

  private append(changes: readonly Change[]): void {
    appendFileSync(this.journal, framed(...changes))
  }

  private replace(path: string, content: string | Buffer): void {
    writeFileSync(`${path}.new`, content)
    renameSync(`${path}.new`, path)
  }
}

function framed(...changes: readonly Change[]): Buffer {
  const body = serialize(changes.map((change) => ("put" in change ? { ...change, put: closed(change.put) } : change)))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  return Buffer.concat([length, body])
}

// A browser keeps keys that it does not export. Node cannot write those to a file: what they are made of is remembered.

type KeptKey = { readonly isKey: true; readonly raw: Uint8Array; readonly algorithm: KeyAlgorithm; readonly usages: KeyUsage[] }
const kept = new WeakMap<CryptoKey, Uint8Array>()

function keepKeys(): void {
  const generate = crypto.subtle.generateKey.bind(crypto.subtle)
  crypto.subtle.generateKey = (async (algorithm: AesKeyGenParams, isExtractable: boolean, usages: KeyUsage[]) => {
    const made = (await generate(algorithm, true, usages)) as CryptoKey | CryptoKeyPair
    if (!("type" in made)) return made
    const raw = new Uint8Array(await crypto.subtle.exportKey("raw", made))
    const key = await crypto.subtle.importKey("raw", raw, made.algorithm, isExtractable, usages)
    kept.set(key, raw)
    return key
  }) as typeof crypto.subtle.generateKey
}

function closed(value: unknown): unknown {
  if (value instanceof CryptoKey) {
    const { algorithm, usages } = value
    return { isKey: true, raw: kept.get(value), algorithm: { ...algorithm }, usages: [...usages] }
  }
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value
  if (Array.isArray(value)) return value.map(closed)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, closed(inner)]))
}

async function opened(value: unknown): Promise<unknown> {
  if (value === null || typeof value !== "object") return value
  // Bytes that were read are a view of the whole file, and a structured clone of a view copies all that it is a view of.
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if ("isKey" in value) {
    const { raw, algorithm, usages } = value as KeptKey
    const key = await crypto.subtle.importKey("raw", new Uint8Array(raw), algorithm, false, usages)
    kept.set(key, raw)
    return key
  }
  if (Array.isArray(value)) return Promise.all(value.map(opened))
  const pairs = Object.entries(value).map(async ([name, inner]): Promise<[string, unknown]> => [name, await opened(inner)])
  return Object.fromEntries(await Promise.all(pairs))
}
