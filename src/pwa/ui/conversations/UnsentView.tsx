import { useEffect, useState } from "preact/hooks"
import type { Message } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { words } from "../i18n/language.js"

/** What leaves within this time is not worth a word: the clock beside it says it. */
const silentMs = 8_000

/** Says plainly what has not left yet, and what to do about it. */
export function UnsentView({ messages, nowMs }: { readonly messages: readonly Message[]; readonly nowMs: number }) {
  const text = words().message
  const waiting = messages.filter(({ mine, delivery }) => mine && delivery === "waiting")
  const oldest = Math.min(...waiting.map(({ sentAtMs }) => sentAtMs))
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    if (waiting.length === 0) {
      setLate(false)
      return
    }
    const timer = setTimeout(() => setLate(true), Math.max(0, oldest + silentMs - Date.now()))
    return () => clearTimeout(timer)
  }, [waiting.length === 0, oldest, nowMs])
  if (!isLate || waiting.length === 0) return null
  return (
    <div class="composer">
      <div class="unsent" role="status">
        <IconView name="waiting" small />
        <p>
          <strong>{text.pending(waiting.length)}</strong>
          {text.pendingExplain} {waiting.some(({ intent }) => intent.kind === "urgent") && text.pendingUrgent}
        </p>
      </div>
    </div>
  )
}
