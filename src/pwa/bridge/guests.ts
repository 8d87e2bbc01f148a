/** People outside the national directory, for whom somebody vouches. */
import type { AccountId } from "./models.js"

/** Somebody who opened an invitation: by whom, null for the deployment, and until when. */
export type Guest = { readonly sponsor: string | null; readonly endsAtMs: number }

/** Whom one vouches for: a role code of the ANS or `student`, and an end. */
export type SponsoredPerson = { readonly familyName: string; readonly givenName: string; readonly role: string; readonly endsAtMs: number }
export type InvitationState = "waiting" | "accepted" | "expired" | "ended"
export type Invitation = SponsoredPerson & {
  readonly invitation: string
  readonly givenAtMs: number
  readonly state: InvitationState
  readonly account: AccountId | null
}
