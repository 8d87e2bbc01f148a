/**
 * Everything the page may ask of the engine. Reviewed like an API: no key and no ciphertext passes here.
 * Four secrets must: the one of an invitation, because a person passes its link on; the PRF output, because browsers offer WebAuthn to pages only (the page transfers its
 * ArrayBuffer at once, never copies, stores or posts it, and strips it from the credential's JSON), and the recovery code
 * and the PIN, because a person types them.
 */
import type { AccountCommands } from "./commands/account.js"
import type { ConversationsCommands } from "./commands/conversations.js"
import type { DocumentsCommands } from "./commands/documents.js"
import type { DirectoryCommands } from "./commands/directory.js"
import type { IdentityCommands } from "./commands/identity.js"
import type { EntryCommands } from "./commands/entry.js"
import type { MediaCommands } from "./commands/media.js"
import type { NotificationsCommands } from "./commands/notifications.js"

export type { PinAnswer, PrfOutputs, PrfSalts, WebAuthnJson } from "./commands/entry.js"

export type Commands = EntryCommands & AccountCommands & IdentityCommands & DirectoryCommands & ConversationsCommands & MediaCommands & NotificationsCommands & DocumentsCommands

export type CommandName = keyof Commands
export type RequestOf<Name extends CommandName> = Commands[Name]["request"]
export type ReplyOf<Name extends CommandName> = Commands[Name]["reply"]

/** A refusal the page can explain: `code` is a code of docs/protocol.md, or one of the engine's own below. */
export type Failure = { readonly code: FailureCode }
export type EngineCode =
  | "offline"
  | "locked"
  | "storage_failed"
  | "no_vault"
  | "prf_missing"
  | "bad_recovery_code"
  | "no_recovery_code"
  | "weak_pin"
  | "safety_differs"
  | "safety_other"
  | "bad_transfer_code"
  | "pin_destroyed"
  | "identity_refused"
  | "attestor_refused"
  | "too_long"
  | "too_late"
  | "last_admin"
  | "departed"
  | "media_lost"
  | "document_withdrawn"
  | "fresh_unlock_needed"
  | "too_large"
  | "unexpected"
export type FailureCode = EngineCode | (string & {})
