import type { AccountId, Message, Person, Target } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { fullName, professionOf } from "../directory/names.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { clockTime } from "../i18n/times.js"
import { BubbleMediaView } from "../photos/BubbleMediaView.js"
import { BubbleDocumentView } from "./BubbleDocumentView.js"
import { BandView, QuoteView, ReactionsView, TakenView, WordsView } from "./BubblePartsView.js"
import { DeliveryView } from "./DeliveryView.js"
import { canActOn, excerptOf } from "./messageModel.js"

export type BubbleActions = {
  readonly onMenu: (message: Message) => void
  /** Choose it, or no longer. */
  readonly onTurn: (message: Message) => void
  readonly onReply: (message: Message) => void
  readonly onReact: (message: Message, emoji: string) => void
  readonly onTake: (message: Message, isReleased: boolean) => void
  readonly onQuoted: (target: Target) => void
  readonly onRetry: (message: Message) => void
  readonly onDiscard: (message: Message) => void
}

type Props = BubbleActions & {
  readonly message: Message
  readonly me: AccountId
  readonly nowMs: number
  /** The author, where the discussion must say who speaks: first bubble of a group, not mine, not direct. */
  readonly author: Person | "unknown" | null
  readonly isFirst: boolean
  readonly isLast: boolean
  /** The last message of mine says its state in a word as well. */
  readonly saysDelivery: boolean
  /** While several are being chosen, whether this is one of them. */
  readonly isChosen: boolean | null
  readonly personOf: (account: AccountId) => Person | null
  readonly nameOf: (account: AccountId) => string
}

export function BubbleView(props: Props) {
  const { message, author, isFirst, isLast, saysDelivery, isChosen, onMenu, onTurn } = props
  const text = words()
  const canChoose = isChosen !== null && canActOn(message)
  const canAct = isChosen === null && canActOn(message)
  const { kind } = message.content
  const isUrgent = message.intent.kind === "urgent"
  const classes = ["bubble-line", message.mine ? "is-mine" : "is-theirs", isFirst ? "is-first" : "", isLast ? "is-last" : "", isUrgent ? "is-urgent" : "", canChoose ? "is-choosing" : "", isChosen === true ? "is-chosen" : ""]
  const isFailed = message.delivery === "failed"
  return (
    <li class={classes.filter((name) => name !== "").join(" ")} data-key={message.envelope}>
      {canChoose && (
        <label class="bubble-choice">
          <input type="checkbox" checked={isChosen} aria-label={text.selection.choose(excerptOf(message.content))} onChange={() => onTurn(message)} />
        </label>
      )}
      {author !== null && <AuthorView author={author} />}
      <div class="bubble-beside">
        <div class="bubble">
          {message.mine && <span class="visually-hidden">{`${text.discussion.you} `}</span>}
          {message.intent.kind !== "info" && <BandView message={message} nowMs={props.nowMs} />}
          {message.reply !== null && <QuoteView {...props} />}
          {message.isForwarded && (
            <p class="bubble-forwarded">
              <IconView name="forward" small />
              {text.message.forwarded}
            </p>
          )}
          {kind === "media" && <BubbleMediaView message={message} />}
          {kind === "document" && <BubbleDocumentView message={message} />}
          <WordsView message={message} personOf={props.personOf} />
          {(isLast || isFailed || message.editedAtMs !== null) && (
            <span class="bubble-foot">
              {message.editedAtMs !== null && <span>{text.message.edited}</span>}
              <time class="time" dateTime={new Date(message.sentAtMs).toISOString()}>
                {clockTime(message.sentAtMs)}
              </time>
              {message.mine && <DeliveryView delivery={message.delivery} />}
            </span>
          )}
          {message.intent.kind !== "info" && <TakenView {...props} />}
        </div>
        {canAct && (
          <button type="button" class="icon-button bubble-more" aria-label={text.message.more(excerptOf(message.content))} onClick={() => onMenu(message)} />
        )}
      </div>
      {message.reactions.length > 0 && <ReactionsView {...props} />}
      {isFailed ? <FailedView {...props} /> : saysDelivery && <p class="bubble-state">{stateOf(message)}</p>}
    </li>
  )
}

/** In a group, how many of how many; the shape beside the time says the weakest. */
function stateOf({ reach, delivery }: Message): string {
  const text = words()
  if (reach === null || reach.of <= 1 || delivery === "waiting" || delivery === "failed") return text.delivery[delivery]
  if (reach.read > 0) return text.message.readBy(reach.read, reach.of)
  return reach.delivered > 0 ? text.message.deliveredTo(reach.delivered, reach.of) : text.delivery.sent
}

export function FailedView({ message, onRetry, onDiscard }: Pick<Props, "message" | "onRetry" | "onDiscard">) {
  const { discussion, delivery } = words()
  return (
    <div class="bubble-failed">
      <p>
        <strong>{delivery.failed}</strong> {message.failure !== null && explainCode(message.failure)}
      </p>
      <div class="bubble-actions">
        <button type="button" class="button button-quiet" onClick={() => onDiscard(message)}>
          {discussion.discard}
        </button>
        <button type="button" class="button button-quiet" onClick={() => onRetry(message)}>
          {discussion.retry}
        </button>
      </div>
    </div>
  )
}

function AuthorView({ author }: { readonly author: Person | "unknown" }) {
  if (author === "unknown") return <p class="bubble-author">{words().discussion.someone}</p>
  return (
    <p class="bubble-author">
      <strong>{fullName(author.professional)}</strong>
      <span>{professionOf(author.professional)}</span>
    </p>
  )
}
