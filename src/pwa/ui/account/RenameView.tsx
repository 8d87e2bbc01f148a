import { useEffect, useId, useRef, useState } from "preact/hooks"
import { NoticeView } from "../components/NoticeView.js"
import { useTask } from "../components/useTask.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"

type Props = {
  readonly title: string
  readonly label: string
  readonly onRename: (label: string) => Promise<void>
  readonly onClose: () => void
}

/** A device's name, as its owner says it. */
export function RenameView({ title, label, onRename, onClose }: Props) {
  const { app, devices } = words()
  const dialog = useRef<HTMLDialogElement>(null)
  const task = useTask()
  const [name, setName] = useState(label)
  const titleId = useId()
  useEffect(() => dialog.current?.showModal(), [])
  const isEmpty = name.trim() === ""
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={titleId} onClose={onClose}>
      <form
        class="entry-actions"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (isEmpty) return
          task.run(async () => {
            await onRename(name.trim())
            onClose()
          })
        }}
      >
        <h2 id={titleId}>{title}</h2>
        <div class="field">
          <label class="field-label" for="device-name">
            {devices.name}
          </label>
          <input id="device-name" class="input" maxLength={64} autoComplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </div>
        {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
        <div class="dialog-actions">
          <button type="button" class="button button-outline" disabled={task.isRunning} onClick={onClose}>
            {app.cancel}
          </button>
          <button type="submit" class="button button-primary" disabled={task.isRunning || isEmpty}>
            {devices.keepName}
          </button>
        </div>
      </form>
    </dialog>
  )
}
