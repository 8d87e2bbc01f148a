/** What the page may know: plain values for showing. No key, no ciphertext, no secret is ever in here. */
import type { Guest } from "./guests.js"

import type { SharedContent } from "./documents.js"

export type AccountId = string & { readonly brand: "account" }
export type DeviceId = string & { readonly brand: "device" }
export type ChannelId = string & { readonly brand: "channel" }
export type EnvelopeId = string & { readonly brand: "envelope" }
export type BlobId = string & { readonly brand: "blob" }
export type PasskeyId = string & { readonly brand: "passkey" }

/** Where the device is in its life. The page shows one screen family per phase. */
export type Phase =
  | { readonly kind: "loading" }
  /** No account on this device and no sign-in under way. */
  | { readonly kind: "signed-out"; readonly providers: readonly Provider[]; readonly error: string | null }
  /** The provider (or a passkey of a new phone) has answered; `enrol` finishes. */
  | { readonly kind: "welcome"; readonly professional: Professional; readonly isNewAccount: boolean; readonly canEnrol: boolean; readonly situations: readonly Situation[]; readonly guest: Guest | null }
  /** An account is here and its store is closed. Nothing about it may be shown. */
  | { readonly kind: "locked"; readonly withPasskey: boolean; readonly withPin: boolean; readonly providers: readonly Provider[]; readonly error: string | null }
  /** The store is open. `signedIn` is false offline, or when the session is over and a gesture is needed. */
  | { readonly kind: "open"; readonly me: Me; readonly link: LinkState; readonly signedIn: boolean }
  /** This device was revoked; its store has been wiped. */
  | { readonly kind: "revoked" }
  /** Another tab owns the engine and cannot be reached, or this client is too old. */
  | { readonly kind: "stopped"; readonly reason: "upgrade" | "storage" | "browser" }

export type LinkState = "online" | "connecting" | "offline"

export type Provider = { readonly id: string; readonly label: string }

export type Activity = {
  readonly structure: string
  readonly commune: string
  readonly postcode: string
  readonly mode: string
}

export type Professional = {
  readonly rpps: string
  readonly familyName: string
  readonly givenName: string
  readonly civility: string
  readonly professionCode: string
  readonly profession: string
  readonly specialities: readonly string[]
  /** C civil, M military, E student: a student is shown as one. */
  readonly category: string
  readonly activities: readonly Activity[]
  readonly account: AccountId | null
  /** Somebody of no directory, found by a search: who vouches, and until when. */
  readonly guest?: Guest
}

/** A profession and a place in which somebody practises; when there are several, they say which one. */
export type Situation = Activity & { readonly professionCode: string; readonly profession: string; readonly category: string }

/** How a person was verified, from the identity link of their chain. */
export type Verification = {
  readonly provider: string
  readonly verifiedAtMs: number
  /** Of a guest: who vouches, null for the deployment, and until when. Checked against that person's own signature. */
  readonly sponsorship?: { readonly sponsor: string | null; readonly endsAtMs: number }
}

export type { Guest, Invitation, InvitationState, SponsoredPerson } from "./guests.js"

/** What somebody tells those they talk with; `cover` is who to turn to meanwhile. It ends by itself. */
export type Availability = { readonly state: "duty" | "absent"; readonly untilMs: number; readonly cover: Person | null }

export type Person = {
  readonly account: AccountId
  readonly professional: Professional
  readonly verification: Verification | null
  readonly availability?: Availability
  /** This device knew them by another account: they began again, with nothing of before. */
  readonly hasRestarted?: true
}

export type Me = {
  readonly account: AccountId
  readonly device: DeviceId
  readonly person: Person
  readonly expressLogin: boolean
  /** The PIN of this device; `offlineUntilMs`: until then it opens without network too. */
  readonly pin: { readonly offlineUntilMs: number | null } | null
  /** How long, at most, the deployment lets the application stay open in the background. */
  readonly lockSeconds: number
  /** What happened to the account elsewhere and was not looked at yet. */
  readonly alert: AccountEvent | null
  /** True until the offer of express login was answered once on this device. */
  readonly offerExpressLogin: boolean
  /** True until the offer of a recovery code was answered once. */
  readonly offerRecovery: boolean
}

/** A message, named by its author's device and the id that device chose. */
export type Target = { readonly device: DeviceId; readonly envelope: EnvelopeId }

/** What the author expects: nothing, an answer by a time, or everything now. */
export type Intent = { readonly kind: "info" } | { readonly kind: "answer"; readonly byMs: number } | { readonly kind: "urgent" }

/** The traits that say who a patient is. What is not known is empty; `oid` and `matricule` come from a document. */
export type Patient = {
  readonly birthName: string
  readonly firstName: string
  /** Year, month, day with hyphens; an unknown month or day is 00. */
  readonly birthDate: string
  readonly sex: "F" | "M" | "U"
  readonly usedName: string
  readonly oid: string
  readonly matricule: string
}

/** The four states and only four; `failed` needs the person, with a reason that says what to do. */
export type Delivery = "waiting" | "sent" | "delivered" | "read" | "failed"

export type MediaConsent = "" | "given" | "oral" | "impossible" | "refused"

/** One photograph, file or voice of a message; its content is asked for by `openMedia`. Sides in pixels, 0 for what is no picture. */
export type MediaItem = {
  readonly index: number
  readonly blob: BlobId
  readonly mediaType: string
  readonly name: string
  readonly bytes: number
  readonly width: number
  readonly height: number
  readonly durationMs: number
  readonly hasThumbnail: boolean
  /** Loudness of a voice, 0 to 255 each. */
  readonly waveform: readonly number[]
}

export type MessageContent =
  | { readonly kind: "text"; readonly text: string }
  /** `progress` from 0 to 1 while it is being sent from here, else null. */
  | {
      readonly kind: "media"
      readonly items: readonly MediaItem[]
      readonly text: string
      readonly site: string
      readonly consent: MediaConsent
      readonly progress: number | null
    }
  | SharedContent
  /** Its author withdrew it. */
  | { readonly kind: "deleted" }
  /** People joined or left, a new device of a contact: told once in the discussion. */
  | { readonly kind: "members"; readonly added: readonly AccountId[]; readonly removed: readonly AccountId[] }
  | { readonly kind: "new-device"; readonly account: AccountId }
  /** The discussion was tied to a patient, or is about nobody any more. */
  | { readonly kind: "patient"; readonly patient: Patient | null }
  | { readonly kind: "retention"; readonly days: number }
  | { readonly kind: "picture"; readonly isRemoved: boolean }
  /** An edit, a withdrawal, a reaction that the server refused. */
  | { readonly kind: "change" }
  | { readonly kind: "unsupported" }

export type Reactions = readonly { readonly emoji: string; readonly accounts: readonly AccountId[] }[]
export type TakenBy = { readonly account: AccountId; readonly atMs: number }

/** What a reply answers: its words now; null when it is not on this device. */
export type Quote = { readonly target: Target; readonly quoted: { readonly author: AccountId; readonly content: MessageContent } | null }

export type Message = {
  readonly envelope: EnvelopeId
  readonly device: DeviceId
  readonly offset: number | null
  readonly author: AccountId
  readonly mine: boolean
  readonly sentAtMs: number
  readonly content: MessageContent
  readonly reply: Quote | null
  readonly mentions: readonly AccountId[]
  readonly intent: Intent
  readonly isForwarded: boolean
  readonly editedAtMs: number | null
  readonly reactions: Reactions
  readonly taken: readonly TakenBy[]
  /** Until when its author, this person, may change or withdraw it; 0 for never. */
  readonly changeableUntilMs: number
  readonly delivery: Delivery
  /** How many of the others have it and have read it, of how many; null when it is not mine or not sent. */
  readonly reach: { readonly delivered: number; readonly read: number; readonly of: number } | null
  readonly failure: string | null
}

/** How far each of the others has come with one message. */
export type MessageInfo = { readonly people: readonly { readonly account: AccountId; readonly delivery: "sent" | "delivered" | "read" }[] }

/** How this device treats a discussion; nobody else knows. `isUnread`: kept for later by hand, until it is opened. */
export type Preference = { readonly isPinned: boolean; readonly isArchived: boolean; readonly isMuted: boolean; readonly isUnread: boolean }

export type DiscussionSummary = {
  readonly channel: ChannelId
  readonly isDirect: boolean
  /** Group name, or empty for a direct discussion. */
  readonly name: string
  readonly members: readonly Person[]
  /** `content` is the kind of the last message, for what has no words. */
  readonly last: {
    readonly author: AccountId
    readonly mine: boolean
    readonly text: string
    readonly content: MessageContent["kind"]
    readonly delivery: Delivery
  } | null
  readonly lastAtMs: number
  readonly unread: number
  /** Something urgent that nobody took charge of, or an answer that others expect. */
  readonly waiting: "urgent" | "answer" | null
  readonly preference: Preference
  readonly admins: readonly AccountId[]
  readonly patient: Patient | null
  /** Changes with the group's picture, which `groupPicture` gives; null when there is none. */
  readonly picture: number | null
  /** Sending is suspended and why: `identity` when a contact's chain was refused. */
  readonly suspended: "identity" | null
}

/** What was written and not sent yet. */
export type Draft = { readonly text: string; readonly replyTo: Target | null; readonly intent: Intent }

export type Discussion = DiscussionSummary & {
  readonly messages: readonly Message[]
  /** Whether this device has more before and after these: never the whole of a long discussion is told. */
  readonly hasOlder: boolean
  readonly hasNewer: boolean
  readonly typing: readonly AccountId[]
  /** Offset of the first unread entry when the discussion was opened, for the line "new messages". */
  readonly unreadFrom: number | null
  /** Something was erased, or said without this account, before this device came back; and when what followed was said. */
  readonly missed: { readonly nextAtMs: number | null } | null
  readonly draft: Draft
  readonly retentionDays: number
  /** What the deployment keeps at most, and the least that may be chosen. */
  readonly longestDays: number
  readonly leastDays: number
  readonly isAdmin: boolean
}

export type DeviceInfo = {
  readonly device: DeviceId
  readonly label: string
  readonly addedAtMs: number
  readonly seenAtMs: number
  readonly isThis: boolean
  readonly revoked: boolean
}

/** Where the account is signed in now. */
export type SessionInfo = {
  readonly session: string
  readonly device: DeviceId
  readonly startedAtMs: number
  readonly isThis: boolean
}

/** What two people compare, and whether this was done with the chain of now. */
export type Safety = {
  readonly groups: readonly string[]
  readonly qr: string
  readonly verifiedAtMs: number | null
  /** They were verified before they began again with a new account. */
  readonly isLost: boolean
}

export type PasskeyInfo = {
  readonly passkey: PasskeyId
  readonly label: string
  readonly createdAtMs: number
  readonly usedAtMs: number
}

/** `outdated`: the account's secret was replaced by a device that does not know the code; a new one is made. */
export type RecoveryState = "none" | "current" | "outdated"

/** One entry of the server's trail about the own account; `device` is its label when it concerns one. */
export type AccountEvent = {
  readonly number: number
  readonly atMs: number
  readonly kind: string
  readonly by: string
  readonly note: string
  /** The id it is about, and its label when it is a device of the account. */
  readonly subject: string
  readonly device: string | null
  /** It is about this device. */
  readonly isHere: boolean
}

export type DirectoryPage = {
  readonly professionals: readonly Professional[]
  readonly next: string | null
  readonly extractDate: string
}
