import type { ComponentChildren } from "preact"
import { useEffect, useId, useRef, useState } from "preact/hooks"
import { codeOf, explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { NoticeView } from "./NoticeView.js"

type Props = {
  readonly title: string
  readonly text: string
  readonly action: string
  readonly working?: string
  /** Asked for care, not for fear: nothing is lost by it. */
  readonly isHarmless?: boolean
  /** What else is to be decided with it. */
  readonly children?: ComponentChildren
  readonly onConfirm: () => Promise<void>
  readonly onClose: () => void
}

/** Asks before something of consequence, and says what will happen. Stays open, with the reason, if it fails. */
export function ConfirmView({ title, text, action, working, isHarmless = false, children, onConfirm, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [isWorking, setWorking] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const titleId = useId()
  useEffect(() => dialog.current?.showModal(), [])
  const confirm = async () => {
    setWorking(true)
    try {
      await onConfirm()
      onClose()
    } catch (error) {
      setFailure(codeOf(error))
      setWorking(false)
    }
  }
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={titleId} onClose={onClose}>
      <h2 id={titleId}>{title}</h2>
      <p>{text}</p>
      {children}
      {failure !== null && <NoticeView tone="urgent" text={explainCode(failure)} />}
      <div class="dialog-actions">
        <button type="button" class="button button-outline" disabled={isWorking} onClick={onClose}>
          {words().app.cancel}
        </button>
        <button type="button" class={isHarmless ? "button button-primary" : "button button-danger"} disabled={isWorking} onClick={() => void confirm()}>
          {isWorking ? (working ?? action) : action}
        </button>
      </div>
    </dialog>
  )
}
