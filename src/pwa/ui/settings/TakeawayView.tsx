import { useState } from "preact/hooks"
import type { Engine } from "../../bridge/channel.js"
import type { TakeawayPlan } from "../../bridge/commands/account.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { useTask } from "../components/useTask.js"
import { offerFile } from "../files/readyFile.js"
import { explainCode } from "../i18n/failures.js"
import { locale, words } from "../i18n/language.js"
import { sizeText } from "../photos/durations.js"
import { archiveOf } from "./takeaway.js"
import "./settings.css"

/** All of it as an archive, for who wants to take it away: how much is said first, then who they are is confirmed. */
export function TakeawayView({ engine, onProve }: { readonly engine: Engine; readonly onProve: () => Promise<void> }) {
  const text = words().know
  const task = useTask()
  const [plan, setPlan] = useState<TakeawayPlan | null>(null)
  const [doneBytes, setDoneBytes] = useState<number | null>(null)
  const [isTaken, setTaken] = useState(false)
  const look = async () => setPlan(await engine.ask("takeawayPlan", null))
  const take = async () => {
    setTaken(false)
    await onProve()
    setDoneBytes(0)
    try {
      const pieces = await archiveOf(engine, { language: locale(), ...text.archive }, setDoneBytes)
      setTaken(await offerFile(pieces, "application/zip", "lien.zip"))
    } finally {
      setDoneBytes(null)
    }
  }
  return (
    <section class="sheet sheet-padded" aria-labelledby="take-title">
      <h2 id="take-title">{text.takeTitle}</h2>
      <p>{text.take}</p>
      {plan !== null && <p role="status">{text.takePlan(plan, sizeText(plan.bytes))}</p>}
      {task.failure !== null && <NoticeView tone="attention" text={explainCode(task.failure)} />}
      {isTaken && <NoticeView tone="good" text={text.taken} />}
      {plan !== null && doneBytes !== null && (
        <div class="takeaway-progress">
          <progress max={Math.max(1, plan.bytes)} value={doneBytes} aria-label={text.taking} />
          <p class="quiet">{text.takingSize(sizeText(doneBytes))}</p>
        </div>
      )}
      {plan === null ? (
        <button type="button" class="button button-outline" disabled={task.isRunning} onClick={() => task.run(look)}>
          {task.isRunning ? text.taking : text.takeLook}
        </button>
      ) : (
        <button type="button" class="button button-outline" disabled={task.isRunning} onClick={() => task.run(take)}>
          <IconView name="save" />
          {task.isRunning ? text.taking : text.takeAction}
        </button>
      )}
    </section>
  )
}
