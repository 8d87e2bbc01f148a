/** One line of a discussion, drawn again only when something of it changed. */
import { Component } from "preact"
import type { AccountId, Person } from "../../bridge/models.js"
import { words } from "../i18n/language.js"
import { dayTitle } from "../i18n/times.js"
import { BubbleView, FailedView, type BubbleActions } from "./BubbleView.js"
import { noticeText } from "./discussionModel.js"
import type { TimelineItem } from "./timelineModel.js"

type Props = {
  readonly item: TimelineItem
  readonly me: AccountId
  readonly nowMs: number
  readonly isDirect: boolean
  readonly isLastMine: boolean
  readonly isChosen: boolean | null
  readonly personOf: (account: AccountId) => Person | null
  readonly nameOf: (account: AccountId) => string
  readonly actions: BubbleActions
}

export class LineView extends Component<Props> {
  override shouldComponentUpdate({ item, ...next }: Props): boolean {
    const { item: before, ...now } = this.props
    return !isSame(before, item) || !isSame(now, next)
  }

  override render({ item, me, nowMs, isDirect, isLastMine, isChosen, personOf, nameOf, actions }: Props) {
    switch (item.kind) {
      case "day":
        return (
          <li class="timeline-day" data-key={item.key}>
            <h2>{dayTitle(item.atMs, nowMs)}</h2>
          </li>
        )
      case "new":
        return (
          <li class="timeline-new" data-key={item.key}>
            <span>{words().discussion.newMessages}</span>
          </li>
        )
      case "notice":
        return (
          <li class="timeline-notice" data-key={item.key}>
            <p>{noticeText(item.message, me, nameOf)}</p>
            {item.message.delivery === "failed" && <FailedView {...actions} message={item.message} />}
          </li>
        )
      case "bubble": {
        const { message, isFirst, isLast } = item
        const showsAuthor = isFirst && !message.mine && !isDirect
        return (
          <BubbleView
            {...actions}
            {...{ message, me, nowMs, isFirst, isLast, isChosen, personOf, nameOf }}
            author={showsAuthor ? (personOf(message.author) ?? "unknown") : null}
            saysDelivery={isLastMine && message.delivery !== "failed"}
          />
        )
      }
    }
  }
}

function isSame(before: object, now: object): boolean {
  return Object.entries(now).every(([name, value]) => Object.is(value, (before as Record<string, unknown>)[name]))
}
