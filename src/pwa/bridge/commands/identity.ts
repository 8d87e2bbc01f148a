/** What the page may ask about who somebody is: the own situation. */
import type { Situation } from "../models.js"

export type IdentityCommands = {
  /** What I may choose from; empty unless I signed in with the provider in the last ten minutes. */
  listSituations: { request: null; reply: { readonly situations: readonly Situation[] } }
  /** Say anew in which one I practise, by its place in the list. */
  chooseSituation: { request: { readonly situation: number }; reply: null }
}
