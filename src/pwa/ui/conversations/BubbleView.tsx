import type { Message, Person } from "../../bridge/models.js"
import { fullName, professionOf } from "../directory/names.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { clockTime } from "../i18n/times.js"
import { DeliveryView } from "./DeliveryView.js"

type Props = {
  readonly message: Message
  /** The author, where the discussion must say who speaks: first bubble of a group, not mine, not direct. */
  readonly author: Person | "unknown" | null
  readonly isFirst: boolean
  readonly isLast: boolean
  /** The last message of mine says its state in a word as well. */
  readonly saysDelivery: boolean
  readonly onRetry: () => void
  readonly onDiscard: () => void
}

export function BubbleView({ message, author, isFirst, isLast, saysDelivery, onRetry, onDiscard }: Props) {
  const { discussion, delivery } = words()
  if (message.content.kind !== "text") return null
  const classes = ["bubble-line", message.mine ? "is-mine" : "is-theirs", isFirst ? "is-first" : "", isLast ? "is-last" : ""]
  const isFailed = message.delivery === "failed"
  return (
    <li class={classes.filter((name) => name !== "").join(" ")} data-key={message.envelope}>
      {author !== null && <AuthorView author={author} />}
      <div class="bubble">
        {message.mine && <span class="visually-hidden">{`${discussion.you} `}</span>}
        <p class="bubble-text" dir="auto">
          {message.content.text}
        </p>
        {(isLast || isFailed) && (
          <span class="bubble-foot">
            <time class="time" dateTime={new Date(message.sentAtMs).toISOString()}>
              {clockTime(message.sentAtMs)}
            </time>
            {message.mine && <DeliveryView delivery={message.delivery} />}
          </span>
        )}
      </div>
      {isFailed ? (
        <div class="bubble-failed">
          <p>
            <strong>{delivery.failed}</strong> {message.failure !== null && explainCode(message.failure)}
          </p>
          <div class="bubble-actions">
            <button type="button" class="button button-quiet" onClick={onDiscard}>
              {discussion.discard}
            </button>
            <button type="button" class="button button-quiet" onClick={onRetry}>
              {discussion.retry}
            </button>
          </div>
        </div>
      ) : (
        saysDelivery && (
          <p class="bubble-state" aria-hidden="true">
            {delivery[message.delivery]}
          </p>
        )
      )}
    </li>
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
