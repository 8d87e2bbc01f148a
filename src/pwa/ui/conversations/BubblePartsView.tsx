/** The parts of a bubble: what it asks for, what it answers, its words, who took charge, the reactions. */
import type { AccountId, Message, Person, Target } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { words } from "../i18n/language.js"
import { spokenTime } from "../i18n/times.js"
import { untilTime } from "./intentModel.js"
import { excerptOf, partsOf } from "./messageModel.js"

type Of = { readonly message: Message; readonly me: AccountId; readonly nowMs: number; readonly nameOf: (account: AccountId) => string }

/** Urgent is a filled band with the word and an icon; an expected answer says by when. */
export function BandView({ message, nowMs }: Pick<Of, "message" | "nowMs">) {
  const text = words().intent
  const { intent, content } = message
  if (intent.kind === "info" || content.kind === "deleted") return null
  if (intent.kind === "urgent") {
    return (
      <p class="band band-urgent">
        <IconView name="urgent" small />
        {text.urgent}
      </p>
    )
  }
  const time = untilTime(intent.byMs, nowMs)
  return (
    <p class="band band-answer">
      <IconView name="clock" small />
      {intent.byMs < nowMs ? text.late(time) : text.answerBy(time)}
    </p>
  )
}

export function QuoteView({ message: { reply }, nameOf, onQuoted }: Of & { readonly onQuoted: (target: Target) => void }) {
  const text = words().message
  if (reply === null) return null
  const { quoted, target } = reply
  if (quoted === null) return <p class="quote">{text.quoteMissing}</p>
  const name = nameOf(quoted.author)
  return (
    <button type="button" class="quote" aria-label={`${text.quotes(name)}, ${excerptOf(quoted.content)}. ${text.goToQuoted(name)}`} onClick={() => onQuoted(target)}>
      <strong>{name}</strong>
      <span class="clamp-2">{excerptOf(quoted.content)}</span>
    </button>
  )
}

export function WordsView({ message, personOf }: { readonly message: Message; readonly personOf: (account: AccountId) => Person | null }) {
  const { content, mentions } = message
  if (content.kind === "deleted") {
    return (
      <p class="bubble-deleted">
        <IconView name="forget" small />
        {words().discussion.deleted}
      </p>
    )
  }
  if ((content.kind !== "text" && content.kind !== "media") || content.text === "") return null
  const mentioned = mentions.flatMap((account) => personOf(account) ?? [])
  return (
    <p class="bubble-text" dir="auto">
      {partsOf(content.text, mentioned).map((part, index) => (part.isMention ? <strong key={index}>{part.text}</strong> : part.text))}
    </p>
  )
}

/** Who sees to it, and the button to be the one. */
export function TakenView({ message, me, nowMs, nameOf, onTake }: Of & { readonly onTake: (message: Message, isReleased: boolean) => void }) {
  const text = words().intent
  const { intent, taken, mine, offset, content } = message
  if (intent.kind === "info" || content.kind === "deleted") return null
  const canTake = offset !== null && !mine && taken.length === 0
  return (
    <div class="taken">
      {taken.map(({ account, atMs }) => (
        <p key={account}>
          <IconView name="take" small />
          {account === me ? text.takenByYou(spokenTime(atMs, nowMs)) : text.takenBy(nameOf(account), spokenTime(atMs, nowMs))}
        </p>
      ))}
      {canTake && (
        <button type="button" class="button button-take" onClick={() => onTake(message, false)}>
          <IconView name="take" />
          {text.take}
        </button>
      )}
    </div>
  )
}

export function ReactionsView({ message, me, nameOf, onReact }: Of & { readonly onReact: (message: Message, emoji: string) => void }) {
  const text = words()
  return (
    <ul class="reactions" aria-label={text.message.reactions}>
      {message.reactions.map(({ emoji, accounts }) => {
        const isMine = accounts.includes(me)
        const names = accounts.map((account) => (account === me ? text.discussion.you : nameOf(account))).join(", ")
        return (
          <li key={emoji}>
            <button type="button" class="reaction" aria-pressed={isMine} aria-label={text.message.reactedBy(emoji, names)} title={names} onClick={() => onReact(message, isMine ? "" : emoji)}>
              <span>
                {emoji}
                {accounts.length > 1 && <span class="time">{accounts.length}</span>}
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
