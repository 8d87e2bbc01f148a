/** What the page may ask about who somebody is: the own situation, and the guests one vouches for. */
import type { AccountId, Invitation, Situation, SponsoredPerson } from "../models.js"

/** Somebody of the establishment one administers, as far as their standing goes. */
export type AdministeredPerson = {
  readonly account: AccountId
  readonly familyName: string
  readonly givenName: string
  readonly professionCode: string
  readonly category: string
  readonly isSuspended: boolean
}
/** Empty `structure`: this account administers nothing. */
export type Administration = {
  readonly structure: string
  readonly people: readonly AdministeredPerson[]
  readonly guests: readonly Invitation[]
  /** In days, from today. */
  readonly longestDays: number
}

/** For the guest of this account; an administrator takes over from who vouched. */
export type Prolonging = { readonly account: AccountId; readonly endsAtMs: number; readonly isAdministrator: boolean }

export type IdentityCommands = {
  /** What I may choose from; empty unless I signed in with the provider in the last ten minutes. */
  listSituations: { request: null; reply: { readonly situations: readonly Situation[] } }
  /** Say anew in which one I practise, by its place in the list. */
  /** Everyone I vouch or vouched for, newest first, and whether I may. */
  listInvitations: {
    request: null
    reply: { readonly mayInvite: boolean; readonly longestDays: number; readonly invitations: readonly Invitation[] }
  }
  /** Vouch for somebody. `secret` is what the link carries, behind `#`; it is kept nowhere. */
  invite: { request: SponsoredPerson; reply: { readonly secret: string } }
  /** Vouch for a guest until a later date. Refuses with `may_not_invite` beyond the longest stay. */
  prolongInvitation: { request: Prolonging; reply: null }
  /** Vouch no longer: the guest is out at once. */
  endInvitation: { request: { readonly invitation: string }; reply: null }
  /** The establishment I administer: its people on Lien, and their guests. Never what they write. */
  administration: { request: null; reply: Administration }
  suspendPerson: { request: { readonly account: AccountId }; reply: null }
  signOutPerson: { request: { readonly account: AccountId }; reply: null }
  endGuest: { request: { readonly invitation: string }; reply: null }
  /** Somebody opened a link on this device. */
  openInvitation: { request: { readonly secret: string }; reply: null }
  chooseSituation: { request: { readonly situation: number }; reply: null }
}
