import { useLayoutEffect, useMemo, useRef } from "preact/hooks"
import type { AccountId, Discussion, Message, Person, Target } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { words } from "../i18n/language.js"
import type { BubbleActions } from "./BubbleView.js"
import { LineView } from "./LineView.js"
import { canActOn } from "./messageModel.js"
import { buildTimeline, isToldMissed, type TimelineItem } from "./timelineModel.js"
import { useLines } from "./useLines.js"
import { usePress, type Gestures } from "./usePress.js"
import { useVanishing } from "./useVanishing.js"

/** How near the end of the window the reader comes before more is asked for, and what the engine need not hold. */
const nearPx = 2_500
const mostHeld = 300

type Props = Omit<BubbleActions, "onQuoted"> & {
  readonly discussion: Discussion
  readonly me: AccountId
  readonly nowMs: number
  readonly personOf: (account: AccountId) => Person | null
  readonly nameOf: (account: AccountId) => string
  /** The envelopes that are chosen; null while nothing is being chosen. */
  readonly chosen: ReadonlySet<string> | null
  readonly onOlder: () => Promise<boolean>
  readonly onNewer: () => Promise<boolean>
  readonly onNewest: () => Promise<boolean>
  readonly pointed: Target | null
  readonly onPoint: (target: Target | null) => void
  readonly onReachedEnd: () => void
  readonly onVanishing: () => Promise<number>
}

export function TimelineView(props: Props) {
  const { discussion, me, nowMs, personOf, nameOf, chosen, pointed, onPoint } = props
  const { messages, hasOlder, hasNewer, unreadFrom, isDirect } = discussion
  const items = useMemo(() => buildTimeline(messages, unreadFrom), [messages, unreadFrom])
  const lines = useLines(items, "new", ({ top, bottom }) => {
    if (pointed !== null) return
    if (hasNewer && bottom < nearPx) askFor(props.onNewer)
    else if (hasOlder && top < nearPx) askFor(props.onOlder)
  })
  /** Who is at the very end moves no more: it is looked again once more has come and is drawn. */
  const askFor = (more: () => Promise<boolean>) => void more().then((hasCome) => hasCome && requestAnimationFrame(lines.look))
  const { isAtBottom, span, toBottom } = lines
  const actions = useActions({
    ...props,
    onQuoted: (target) => {
      if (!lines.show(target.envelope)) onPoint(target)
    },
  })

  const gestures = useGestures(items, chosen !== null, actions)

  const newest = messages.at(-1)
  const lastSeen = useRef(newest?.envelope)
  useLayoutEffect(() => {
    if (pointed !== null) return
    if (newest?.mine === true && newest.delivery === "waiting" && newest.envelope !== lastSeen.current) toBottom()
    if (!isAtBottom || hasNewer) return
    lastSeen.current = newest?.envelope
    if (messages.length > mostHeld) void props.onNewest()
    props.onReachedEnd()
  }, [items, isAtBottom])

  useLayoutEffect(() => {
    if (pointed !== null && lines.show(pointed.envelope)) onPoint(null)
  }, [pointed, items, span.first, span.last])

  const jump = () => {
    toBottom()
    if (hasNewer) void props.onNewest()
  }
  const lastMine = messages.findLast(({ mine }) => mine)
  return (
    <div class="timeline">
      <div ref={lines.scroller} class="scroll timeline-scroll" tabIndex={0} role="region" aria-label={words().discussion.messages}>
        <div ref={lines.content} class="timeline-content">
          <TopView discussion={discussion} nowMs={nowMs} onVanishing={props.onVanishing} isLoading={hasOlder} />
          <ol ref={lines.list} class="timeline-lines" {...gestures}>
            {items.slice(span.first, span.last).map((item) => (
              <LineView key={item.key} item={item} isLastMine={item.key === lastMine?.envelope} isChosen={chosen === null ? null : chosen.has(item.key)} {...{ me, nowMs, personOf, nameOf, isDirect, actions }} />
            ))}
          </ol>
        </div>
      </div>
      {(!isAtBottom || hasNewer) && <JumpView count={discussion.unread} onJump={jump} />}
    </div>
  )
}

/** The same functions as long as the screen is there: a line is not drawn again because the discussion was. */
function useActions(actions: BubbleActions): BubbleActions {
  const now = useRef(actions)
  now.current = actions
  return useMemo(
    () => ({
      onMenu: (message) => now.current.onMenu(message),
      onTurn: (message) => now.current.onTurn(message),
      onReply: (message) => now.current.onReply(message),
      onReact: (message, emoji) => now.current.onReact(message, emoji),
      onTake: (message, isReleased) => now.current.onTake(message, isReleased),
      onQuoted: (target) => now.current.onQuoted(target),
      onRetry: (message) => now.current.onRetry(message),
      onDiscard: (message) => now.current.onDiscard(message),
    }),
    [],
  )
}

/** Of the lines that something can be done with, one listener for all: lines come and go with every frame. */
function useGestures(items: readonly TimelineItem[], isChoosing: boolean, { onMenu, onReply }: BubbleActions): Gestures {
  const messageOf = (line: HTMLElement | null) => {
    const item = line === null ? undefined : items.find(({ key }) => key === line.dataset["key"])
    return item?.kind === "bubble" && canActOn(item.message) && !isChoosing ? item.message : null
  }
  const onHeld = (act: (message: Message) => void) => (line: HTMLElement) => {
    const message = messageOf(line)
    if (message !== null) act(message)
  }
  return usePress(onHeld(onMenu), onHeld(onReply), ({ target }) => {
    const line = target instanceof Element ? target.closest<HTMLElement>("[data-key]") : null
    return messageOf(line) === null ? null : line
  })
}

function TopView({ discussion, nowMs, onVanishing, isLoading }: Pick<Props, "discussion" | "nowMs" | "onVanishing"> & { readonly isLoading: boolean }) {
  const text = words().discussion
  const vanishing = useVanishing(onVanishing, discussion.retentionDays, !isLoading)
  const isMissed = isToldMissed(discussion, nowMs)
  if (isLoading) return <p class="timeline-top">{text.loadingOlder}</p>
  return (
    <div class="timeline-top">
      <p class="timeline-retention">
        <IconView name="retention" small />
        {text.retention(discussion.retentionDays)}
      </p>
      {vanishing > 0 && <p>{text.vanishSoon(vanishing)}</p>}
      {isMissed && <p class="timeline-missed">{text.missed}</p>}
      {discussion.messages.length === 0 && !isMissed && <p>{text.empty}</p>}
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
