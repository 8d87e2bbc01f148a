/**
 * The tables of this device, as a list of migrations that only grows: a published step is never edited.
 * Only `door` is readable without the local key, and it names nobody.
 */
import type { IDBPDatabase } from "idb"

export const DATABASE = "lien"

export type StoreName =
  | ("door" | "self" | "accounts" | "channels" | "epochs" | "messages" | "outbox" | "drafts")
  | ("documents" | "contents" | "gateways" | "decisions" | "traces" | "openings")
  | ("blobs" | "parts" | "departures" | "withdrawals")
  | "search"

/** A sealed record: `id` says nothing to whoever has not the local key. */
export type SealedRow = { readonly id: string; readonly box: Uint8Array }

/** A message is also found by its place: `channel` is as opaque as `id`, `place` is its order in the discussion. */
export type MessageRow = SealedRow & { readonly channel: string; readonly place: number }

/** An epoch is found by its channel. */
export type EpochRow = SealedRow & { readonly channel: string; readonly epoch: number }

export const MIGRATIONS: readonly ((database: IDBPDatabase) => void)[] = [
  (database) => {
    for (const name of ["door", "self", "accounts", "channels", "outbox", "drafts"]) {
      database.createObjectStore(name, { keyPath: "id" })
    }
    database.createObjectStore("epochs", { keyPath: "id" }).createIndex("place", ["channel", "epoch"])
    database.createObjectStore("messages", { keyPath: "id" }).createIndex("place", ["channel", "place"])
  },
  (database) => {
    for (const name of ["documents", "contents", "gateways", "decisions", "traces"]) {
      database.createObjectStore(name, { keyPath: "id" })
    }
  },
  (database) => {
    for (const name of ["blobs", "parts", "departures"]) database.createObjectStore(name, { keyPath: "id" })
  },
  (database) => {
    database.createObjectStore("search", { keyPath: "id" })
  },
  (database) => {
    database.createObjectStore("openings", { keyPath: "id" })
  },
  (database) => {
    database.createObjectStore("withdrawals", { keyPath: "id" })
  },
]

/** Run the steps between what is on the device and what this program knows. */
export function migrate(database: IDBPDatabase, from: number): void {
  for (const step of MIGRATIONS.slice(from)) step(database)
}
