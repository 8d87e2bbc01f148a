/** This device shows a code; an old one reads it and lets it in. */
import { useEffect, useState } from "preact/hooks"
import type { Engine } from "../../bridge/channel.js"
import { deviceLabel } from "../account/deviceLabel.js"
import { NoticeView } from "../components/NoticeView.js"
import { QrView } from "../components/QrView.js"
import { useTask } from "../components/useTask.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { EntryView } from "./EntryView.js"

const LIVES_MS = 115_000

export function ArrivalView({ engine, onBack }: { readonly engine: Engine; readonly onBack: () => void }) {
  const { arrival, app } = words()
  const task = useTask()
  const [shown, setShown] = useState<{ readonly code: string; readonly qr: string } | null>(null)
  const begin = () =>
    task.run(async () => {
      setShown(await engine.ask("transferBegin", { label: deviceLabel(navigator.userAgent) }))
    })
  useEffect(() => {
    begin()
    return () => void engine.ask("transferEnd", null).catch(() => undefined)
  }, [])
  useEffect(() => {
    if (shown === null) return
    const timer = setTimeout(() => setShown(null), LIVES_MS)
    return () => clearTimeout(timer)
  }, [shown])
  return (
    <EntryView
      top={
        <>
          <h1 tabIndex={-1}>{arrival.title}</h1>
          <p>{arrival.explain}</p>
          {shown !== null && <QrView text={shown.qr} label={arrival.picture} />}
          {shown !== null && (
            <p>
              {arrival.orType} <strong class="transfer-code">{shown.code}</strong>
            </p>
          )}
        </>
      }
    >
      <div class="entry-actions">
        {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
        {shown !== null && <p class="entry-aside" role="status">{arrival.waiting}</p>}
        {shown === null && !task.isRunning && (
          <button type="button" class="button button-primary" onClick={begin}>
            {arrival.again}
          </button>
        )}
        <button type="button" class="button button-quiet" onClick={onBack}>
          {app.back}
        </button>
      </div>
    </EntryView>
  )
}
