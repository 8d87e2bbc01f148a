import { useEffect, useId, useRef, useState } from "preact/hooks"
import type { Invitation } from "../../bridge/models.js"
import { NoticeView } from "../components/NoticeView.js"
import { useTask } from "../components/useTask.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { longDate } from "../i18n/times.js"
import { DurationView, durationsWithin, endAfter } from "./DurationView.js"

type Props = {
  readonly guest: Invitation
  readonly nowMs: number
  readonly longestDays: number
  /** What it means for whoever signs. */
  readonly explain: string
  readonly onProlong: (endsAtMs: number) => Promise<void>
  readonly onClose: () => void
}

/** For how long from today, with the day it comes to; only a later one than now is offered. */
export function ProlongView({ guest, nowMs, longestDays, explain, onProlong, onClose }: Props) {
  const { app, guests: text } = words()
  const dialog = useRef<HTMLDialogElement>(null)
  const task = useTask()
  const offered = durationsWithin(longestDays).filter((count) => endAfter(count, nowMs, longestDays) > guest.endsAtMs)
  const [chosen, setChosen] = useState(offered.at(0) ?? 0)
  const titleId = useId()
  useEffect(() => dialog.current?.showModal(), [])
  const endsAtMs = endAfter(chosen, nowMs, longestDays)
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={titleId} onClose={onClose}>
      <h2 id={titleId}>{text.prolongTitle(`${guest.givenName} ${guest.familyName}`)}</h2>
      {offered.length === 0 ? (
        <p>{text.prolongLongest(longDate(guest.endsAtMs))}</p>
      ) : (
        <>
          <p>{explain}</p>
          <DurationView legend={text.prolongFor} offered={offered} chosen={chosen} onChoose={setChosen} />
          <p class="quiet">{text.prolongUntil(longDate(guest.endsAtMs), longDate(endsAtMs))}</p>
        </>
      )}
      {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
      <div class="dialog-actions">
        <button type="button" class="button button-outline" disabled={task.isRunning} onClick={onClose}>
          {app.cancel}
        </button>
        {offered.length > 0 && (
          <button
            type="button"
            class="button button-primary"
            disabled={task.isRunning}
            onClick={() =>
              task.run(async () => {
                await onProlong(endsAtMs)
                onClose()
              })
            }
          >
            {text.prolong}
          </button>
        )}
      </div>
    </dialog>
  )
}
