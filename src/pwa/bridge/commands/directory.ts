/** What the page may ask about professionals. */
import type { AccountId, DirectoryPage, Person } from "../models.js"

export type DirectoryCommands = {
  searchDirectory: { request: { readonly query: string; readonly after: string | null }; reply: DirectoryPage }
  /** Whether my entry is left out of search by words; by my whole number I am always found. */
  visibility: { request: null; reply: { readonly hidden: boolean } }
  setVisibility: { request: { readonly hidden: boolean }; reply: null }
  person: { request: { readonly account: AccountId }; reply: Person }
}
