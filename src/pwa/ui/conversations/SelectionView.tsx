/** Several messages chosen at once: how many, and what can be done with all of them. */
import type { Message } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import type { IconName } from "../components/icons.js"
import { words } from "../i18n/language.js"
import { canChange } from "./messageModel.js"
import "./selection.css"

export function SelectionHeaderView({ count, onClose }: { readonly count: number; readonly onClose: () => void }) {
  const text = words().selection
  return (
    <header class="header selection-header">
      <button type="button" class="icon-button" aria-label={text.end} onClick={onClose}>
        <IconView name="close" />
      </button>
      <h1 tabIndex={-1} aria-live="polite">
        {text.count(count)}
      </h1>
    </header>
  )
}

type BarProps = {
  readonly chosen: readonly Message[]
  readonly nowMs: number
  /** Nothing can be sent here any more. */
  readonly isClosed: boolean
  readonly onCopy: () => void
  readonly onForward: () => void
  readonly onExport: () => void
  readonly onRemove: () => void
}

/** Where the composer was. What cannot be done with every one of them is not offered. */
export function SelectionBarView({ chosen, nowMs, isClosed, onCopy, onForward, onExport, onRemove }: BarProps) {
  const { message, selection } = words()
  const isSome = chosen.length > 0
  const areTexts = chosen.every(({ content }) => content.kind === "text")
  const areSendable = chosen.every(({ content }) => content.kind === "text" || content.kind === "media")
  const areMine = !isClosed && chosen.every((one) => canChange(one, nowMs))
  return (
    <div class="selection-bar" role="toolbar" aria-label={selection.actions}>
      <ActView icon="copy" label={message.copy} isOff={!isSome || !areTexts} onAct={onCopy} />
      <ActView icon="forward" label={message.forward} isOff={!isSome || !areSendable} onAct={onForward} />
      <ActView icon="download" label={selection.export} isOff={!isSome} onAct={onExport} />
      <ActView icon="forget" label={selection.remove} isOff={!isSome || !areMine} onAct={onRemove} />
    </div>
  )
}

type ActProps = { readonly icon: IconName; readonly label: string; readonly isOff: boolean; readonly onAct: () => void }

function ActView({ icon, label, isOff, onAct }: ActProps) {
  return (
    <button type="button" class="selection-act" disabled={isOff} onClick={onAct}>
      <IconView name={icon} />
      <span>{label}</span>
    </button>
  )
}
