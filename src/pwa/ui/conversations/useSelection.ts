/** Which messages are chosen, to do something with all of them at once. */
import { useEffect, useMemo, useState } from "preact/hooks"
import type { Message } from "../../bridge/models.js"

export type Selection = {
  /** In the order of the discussion; null while nothing is being chosen. */
  readonly chosen: readonly Message[] | null
  readonly envelopes: ReadonlySet<string> | null
  readonly turn: (message: Message) => void
  readonly end: () => void
}

/** What was chosen stays so when the window of messages moves on. */
export function useSelection(): Selection {
  const [kept, setKept] = useState<ReadonlyMap<string, Message> | null>(null)
  const isOn = kept !== null
  useEffect(() => {
    if (!isOn) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && document.querySelector("dialog[open]") === null) setKept(null)
    }
    document.addEventListener("keydown", onKey)
    return () => document.removeEventListener("keydown", onKey)
  }, [isOn])
  const turn = (message: Message) =>
    setKept((before) => {
      const next = new Map(before)
      if (!next.delete(message.envelope)) next.set(message.envelope, message)
      return next
    })
  const envelopes = useMemo(() => (kept === null ? null : new Set(kept.keys())), [kept])
  const chosen = useMemo(() => (kept === null ? null : [...kept.values()].toSorted((one, other) => (one.offset ?? Infinity) - (other.offset ?? Infinity))), [kept])
  return { chosen, envelopes, turn, end: () => setKept(null) }
}
