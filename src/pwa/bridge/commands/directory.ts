/** What the page may ask about professionals. */
import type { AccountId, DirectoryPage, Person, Safety } from "../models.js"

export type DirectoryCommands = {
  searchDirectory: { request: { readonly query: string; readonly after: string | null }; reply: DirectoryPage }
  /** Whether my entry is left out of search by words; by my whole number I am always found. */
  visibility: { request: null; reply: { readonly hidden: boolean } }
  setVisibility: { request: { readonly hidden: boolean }; reply: null }
  /** What to compare in person with someone, and what came of it. */
  safety: { request: { readonly account: AccountId }; reply: Safety }
  /** What the camera read on their screen. Refused with `safety_differs` or `safety_other`. */
  safetyScan: { request: { readonly account: AccountId; readonly text: string }; reply: null }
  /** The digits were compared by voice and are the same. */
  safetyConfirm: { request: { readonly account: AccountId }; reply: null }
  person: { request: { readonly account: AccountId }; reply: Person }
}
