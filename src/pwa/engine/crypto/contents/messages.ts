/**
 * What one person says, and what is said about a message: changed, withdrawn, taken in charge.
 *
 * A content about another message names it by its author's device and its envelope: ids are chosen by devices, and
 * two devices may choose the same.
 */
import type { AccountId, Intent, Target } from "../../../bridge/models.js"
import { Malformed } from "../errors.js"
import type { ValueMap } from "../msgpack.js"
import { Fields } from "../structure.js"
import type { Body } from "./body.js"

export const MAX_TEXT_CHARACTERS = 16_000
export const MAX_MENTIONS = 50
const MAX_REACTION_CHARACTERS = 16
/** An edit or a withdrawal counts within this time of the message, by the log's own times. */
export const EDITABLE_MS = 24 * 3_600_000
/** A picture of a feeling, never words: nothing of ASCII, no control character. */
 
const REACTION = /^[^\u0000-\u00a0]+$/u

export const INFO: Intent = { kind: "info" }

export type Text = {
  readonly type: "text"
  readonly text: string
  readonly replyTo: Target | null
  readonly mentions: readonly AccountId[]
  readonly intent: Intent
  readonly isForwarded: boolean
}
export type Edit = { readonly type: "edit"; readonly target: Target; readonly text: string; readonly mentions: readonly AccountId[] }
export type Delete = { readonly type: "delete"; readonly target: Target }
/** One emoji of a person on a message, in place of the one before; empty takes it back. */
export type Reaction = { readonly type: "reaction"; readonly target: Target; readonly emoji: string }
/** A person takes charge of what a message asks for, or gives it back. */
export type Taken = { readonly type: "taken"; readonly target: Target; readonly isReleased: boolean }

export const plainText = (text: string): Text => ({ type: "text", text, replyTo: null, mentions: [], intent: INFO, isForwarded: false })

export const textBody = ({ text, replyTo, mentions, intent, isForwarded }: Text): ValueMap => ({
  text,
  ...(replyTo === null ? {} : { reply_to: wireTarget(replyTo) }),
  ...mentionsBody(mentions),
  ...intentBody(intent),
  ...(isForwarded ? { forwarded: true } : {}),
})

export const parseText = (body: Body): Text => ({
  type: "text",
  text: body.text("text", MAX_TEXT_CHARACTERS),
  replyTo: body.has("reply_to") ? parseTarget(body, "reply_to") : null,
  mentions: body.accounts("mentions", MAX_MENTIONS),
  intent: parseIntent(body),
  isForwarded: body.mark("forwarded"),
})

export const editBody = ({ target, text, mentions }: Edit): ValueMap => ({ target: wireTarget(target), text, ...mentionsBody(mentions) })

export const parseEdit = (body: Body): Edit => ({
  type: "edit",
  target: parseTarget(body, "target"),
  text: body.text("text", MAX_TEXT_CHARACTERS, 1),
  mentions: body.accounts("mentions", MAX_MENTIONS),
})

export const deleteBody = ({ target }: Delete): ValueMap => ({ target: wireTarget(target) })

export const parseDelete = (body: Body): Delete => ({ type: "delete", target: parseTarget(body, "target") })

export const reactionBody = ({ target, emoji }: Reaction): ValueMap => ({ target: wireTarget(target), emoji })

export function parseReaction(body: Body): Reaction {
  const emoji = body.text("emoji", MAX_REACTION_CHARACTERS)
  if (emoji !== "" && !REACTION.test(emoji)) throw new Malformed()
  return { type: "reaction", target: parseTarget(body, "target"), emoji }
}

export const takenBody = ({ target, isReleased }: Taken): ValueMap => ({
  target: wireTarget(target),
  ...(isReleased ? { released: true } : {}),
})

export const parseTaken = (body: Body): Taken => ({
  type: "taken",
  target: parseTarget(body, "target"),
  isReleased: body.mark("released"),
})

/** The optional field `intent` of whatever a person sends. */
export function parseIntent(body: Body): Intent {
  if (!body.has("intent")) return INFO
  const items = body.items("intent", 1, 2)
  if (items.length === 1 && items[0] === "urgent") return { kind: "urgent" }
  const fields = Fields.ofList(items, 2)
  if (fields.text(16) !== "answer") throw new Malformed()
  return { kind: "answer", byMs: fields.integer(1) }
}

export function intentBody(intent: Intent): ValueMap {
  switch (intent.kind) {
    case "info":
      return {}
    case "answer":
      return { intent: ["answer", intent.byMs] }
    case "urgent":
      return { intent: ["urgent"] }
  }
}

export const mentionsBody = (mentions: readonly AccountId[]): ValueMap => (mentions.length === 0 ? {} : { mentions: [...mentions] })

export const wireTarget = ({ device, envelope }: Target): readonly string[] => [device, envelope]

export function parseTarget(body: Body, name: string): Target {
  const fields = body.list(name, 2)
  return { device: fields.device(), envelope: fields.envelope() }
}
