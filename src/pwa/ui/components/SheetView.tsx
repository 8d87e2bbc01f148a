import type { ComponentChildren } from "preact"
import { useEffect, useId, useRef } from "preact/hooks"
import { words } from "../i18n/language.js"
import { IconView } from "./IconView.js"
import "./sheet.css"

type Props = { readonly title: string; readonly isTitleHidden?: boolean; readonly onClose: () => void; readonly children: ComponentChildren }

/** Rises from the bottom under the thumb; Escape, its button or a tap beside it close it. */
export function SheetView({ title, isTitleHidden = false, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const isGone = useRef(false)
  useEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    return () => {
      // Closing gives the focus back; what is told of it belongs to the next sheet no more.
      isGone.current = true
      shown?.close()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      class="dialog sheet"
      aria-labelledby={titleId}
      onClose={() => {
        if (!isGone.current) onClose()
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <div class="sheet-top">
        <h2 id={titleId} class={isTitleHidden ? "visually-hidden" : undefined}>
          {title}
        </h2>
        <button type="button" class="icon-button" aria-label={words().app.close} onClick={onClose}>
          <IconView name="close" />
        </button>
      </div>
      <div class="sheet-body">{children}</div>
    </dialog>
  )
}
