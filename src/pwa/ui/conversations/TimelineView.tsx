import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks"
import type { AccountId, Discussion, EnvelopeId, Message, Person, Target } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { words } from "../i18n/language.js"
import { dayTitle } from "../i18n/times.js"
import { AnchoredScroll } from "./anchoredScroll.js"
import { BubbleView, FailedView, type BubbleActions } from "./BubbleView.js"
import { noticeText } from "./discussionModel.js"
import { buildTimeline, countAfter, countVanishing, type TimelineItem } from "./timelineModel.js"

/** How many messages are in the document at first, and how many more each time the reader comes near the oldest. */
const firstWindow = 200
const nextWindow = 100
const nearTopPx = 600

type Props = Omit<BubbleActions, "onQuoted"> & {
  readonly discussion: Discussion
  readonly me: AccountId
  readonly nowMs: number
  readonly personOf: (account: AccountId) => Person | null
  readonly nameOf: (account: AccountId) => string
  readonly onOlder: () => void
  readonly pointed: Target | null
  readonly onPoint: (target: Target | null) => void
  readonly onReachedEnd: () => void
}

export function TimelineView(props: Props) {
  const { discussion, pointed, onOlder, onPoint, onReachedEnd } = props
  const { messages, hasOlder, unreadFrom } = discussion
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const scroll = useRef<AnchoredScroll | null>(null)
  const lastSeen = useRef<string | null>(messages.at(-1)?.envelope ?? null)
  const [windowSize, setWindowSize] = useState(firstWindow)
  const [isAtBottom, setAtBottom] = useState(true)
  const shown = messages.length > windowSize ? messages.slice(-windowSize) : messages
  const hasHidden = shown.length < messages.length
  const items = useMemo(() => buildTimeline(shown, unreadFrom), [shown.length, messages, unreadFrom])

  const moved = useRef<() => void>(() => undefined)
  moved.current = () => {
    const current = scroll.current
    if (current === null) return
    setAtBottom(current.isAtBottom)
    if (current.fromTop > nearTopPx) return
    if (hasHidden) setWindowSize((size) => size + nextWindow)
    else if (hasOlder) onOlder()
  }

  useLayoutEffect(() => {
    if (scroller.current === null || content.current === null) return
    const anchored = new AnchoredScroll(scroller.current, content.current, () => moved.current())
    scroll.current = anchored
    anchored.toBottom()
    const line = content.current.querySelector<HTMLElement>("[data-new]")
    if (line !== null) anchored.startAt(line)
    return () => anchored.close()
  }, [])

  const newest = messages.at(-1)
  useLayoutEffect(() => {
    if (newest?.mine === true && newest.delivery === "waiting" && newest.envelope !== lastSeen.current) scroll.current?.toBottom()
    else scroll.current?.settle()
    if (scroll.current?.isAtBottom === true) {
      lastSeen.current = newest?.envelope ?? null
      onReachedEnd()
    }
  }, [items, isAtBottom])

  const show = ({ envelope }: Target): boolean => {
    const line = content.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(envelope)}"]`)
    if (line == null) return false
    scroll.current?.show(line)
    return true
  }
  const goToQuoted = (target: Target) => {
    if (!show(target)) onPoint(target)
  }
  useLayoutEffect(() => {
    const at = pointed === null ? -1 : messages.findIndex(({ envelope }) => envelope === pointed.envelope)
    if (pointed === null || at === -1) return
    if (messages.length - at > windowSize) setWindowSize(messages.length - at + nextWindow)
    else if (show(pointed)) onPoint(null)
  }, [pointed, messages, windowSize])

  return (
    <div class="timeline">
      <div ref={scroller} class="scroll timeline-scroll" tabIndex={0} role="region" aria-label={words().discussion.messages}>
        <div ref={content} class="timeline-content">
          <TopView discussion={discussion} nowMs={props.nowMs} isLoading={hasOlder || hasHidden} />
          <ol class="timeline-lines">
            {items.map((item) => (
              <ItemView key={item.key} item={item} {...props} lastMine={lastMineOf(messages)} onQuoted={goToQuoted} />
            ))}
          </ol>
        </div>
      </div>
      {!isAtBottom && <JumpView count={countAfter(messages, lastSeen.current)} onJump={() => scroll.current?.toBottom()} />}
    </div>
  )
}

const lastMineOf = (messages: readonly Message[]): EnvelopeId | null => messages.findLast((message) => message.mine)?.envelope ?? null

function TopView({ discussion, nowMs, isLoading }: { readonly discussion: Discussion; readonly nowMs: number; readonly isLoading: boolean }) {
  const text = words().discussion
  const vanishing = countVanishing(discussion.messages, discussion.retentionDays, nowMs)
  if (isLoading) return <p class="timeline-top">{text.loadingOlder}</p>
  return (
    <div class="timeline-top">
      <p class="timeline-retention">
        <IconView name="retention" small />
        {text.retention(discussion.retentionDays)}
      </p>
      {vanishing > 0 && <p>{text.vanishSoon(vanishing)}</p>}
      {discussion.messages.length === 0 && <p>{text.empty}</p>}
    </div>
  )
}

function JumpView({ count, onJump }: { readonly count: number; readonly onJump: () => void }) {
  const text = words().discussion
  return (
    <button type="button" class="jump" aria-label={count > 0 ? `${text.jump}, ${text.jumpCount(count)}` : text.jump} onClick={onJump}>
      <IconView name="down" />
      {count > 0 && <span class="badge">{count}</span>}
    </button>
  )
}

function ItemView(props: Props & BubbleActions & { readonly item: TimelineItem; readonly lastMine: EnvelopeId | null }) {
  const { item, discussion, me, nowMs, personOf, nameOf, lastMine } = props
  switch (item.kind) {
    case "day":
      return (
        <li class="timeline-day" data-key={item.key}>
          <h2>{dayTitle(item.atMs, nowMs)}</h2>
        </li>
      )
    case "new":
      return (
        <li class="timeline-new" data-key={item.key} data-new="">
          <span>{words().discussion.newMessages}</span>
        </li>
      )
    case "notice":
      return (
        <li class="timeline-notice" data-key={item.key}>
          <p>{noticeText(item.message, me, nameOf)}</p>
          {item.message.delivery === "failed" && <FailedView {...props} message={item.message} />}
        </li>
      )
    case "bubble": {
      const { message, isFirst, isLast } = item
      const showsAuthor = isFirst && !message.mine && !discussion.isDirect
      return (
        <BubbleView
          {...props}
          message={message}
          author={showsAuthor ? (personOf(message.author) ?? "unknown") : null}
          isFirst={isFirst}
          isLast={isLast}
          saysDelivery={message.envelope === lastMine && message.delivery !== "failed"}
        />
      )
    }
  }
}
