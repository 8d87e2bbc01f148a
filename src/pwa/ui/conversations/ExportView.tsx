/** Choosing messages that leave as a signed PDF: a period, then which of them. */
import { useState } from "preact/hooks"
import type { AccountId, Discussion, Message, Person } from "../../bridge/models.js"
import { NoticeView } from "../components/NoticeView.js"
import { SheetView } from "../components/SheetView.js"
import { useTask } from "../components/useTask.js"
import { offerFile } from "../files/readyFile.js"
import { fullName } from "../directory/names.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { spokenTime } from "../i18n/times.js"
import { useMediaDesk } from "../photos/mediaDesk.js"
import { excerptOf, isBubble } from "./messageModel.js"
import { DayView } from "./SearchFiltersView.js"
import { dayOf, dayStartMs } from "./searchModel.js"
import { useVanishing } from "./useVanishing.js"

type Props = {
  readonly discussion: Discussion
  /** Chosen already; null where a period is asked for first. */
  readonly chosen: readonly Message[] | null
  readonly me: AccountId
  readonly nowMs: number
  readonly personOf: (account: AccountId) => Person | null
  readonly onVanishing: () => Promise<number>
  readonly onClose: () => void
}

const weekMs = 7 * 86_400_000

export function ExportView(props: Props) {
  const { discussion, nowMs, onClose } = props
  const engine = useMediaDesk()?.engine
  const text = words().exporting
  const task = useTask()
  const [from, setFrom] = useState(dayOf(nowMs - weekMs))
  const [to, setTo] = useState(dayOf(nowMs))
  const [messages, setMessages] = useState(props.chosen)
  const vanishing = useVanishing(props.onVanishing, discussion.retentionDays, props.chosen === null)
  const [fromMs, toMs] = [dayStartMs(from), dayStartMs(to, 1)]
  const look = (event: Event) => {
    event.preventDefault()
    if (engine === undefined || fromMs === null || toMs === null) return
    task.run(async () => {
      const found = await engine.ask("messagesBetween", { channel: discussion.channel, fromMs, toMs })
      setMessages(found.messages.filter((message) => isBubble(message)))
    })
  }
  if (messages !== null) return <ChoiceView {...props} messages={messages} onBack={props.chosen === null ? () => setMessages(null) : null} />
  return (
    <SheetView title={text.title} onClose={onClose}>
      <form class="sheet-form" onSubmit={look}>
        <p>{text.explain}</p>
        <p>{words().discussion.retention(discussion.retentionDays)}</p>
        {vanishing > 0 && <NoticeView tone="attention" text={words().discussion.vanishSoon(vanishing)} />}
        <DayView id="export-from" label={words().find.from} value={from} onInput={setFrom} />
        <DayView id="export-to" label={words().find.to} value={to} onInput={setTo} />
        {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
        <button type="submit" class="button button-primary button-wide" disabled={task.isRunning || fromMs === null || toMs === null}>
          {text.choose}
        </button>
      </form>
    </SheetView>
  )
}

function ChoiceView(props: Props & { readonly messages: readonly Message[]; readonly onBack: (() => void) | null }) {
  const { messages, discussion, me, nowMs, personOf, onBack, onClose } = props
  const desk = useMediaDesk()
  const text = words().exporting
  const task = useTask()
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [isDone, setDone] = useState(false)
  const chosen = messages.filter(({ envelope }) => !left.has(envelope))
  const turn = (envelope: string) => {
    const next = new Set(left)
    if (!next.delete(envelope)) next.add(envelope)
    setLeft(next)
  }
  const save = () =>
    task.run(async () => {
      if (desk === null) return
      await desk.prove()
      const { makeExport } = await import("../export/makeExport.js")
      const file = await makeExport(desk.engine, { discussion, me, messages: chosen, personOf, nowMs })
      setDone(await offerFile([file], "application/pdf", text.fileName(dayOf(nowMs))))
    })
  if (isDone) {
    return (
      <SheetView title={text.title} onClose={onClose}>
        <div class="sheet-form">
          <NoticeView tone="good" text={text.done} />
        </div>
      </SheetView>
    )
  }
  return (
    <SheetView title={text.chooseTitle} onClose={onClose}>
      {messages.length === 0 && <p class="sheet-form">{text.none}</p>}
      <ul>
        {messages.map((message) => {
          const person = personOf(message.author)
          return (
            <li key={message.envelope}>
              <label class="row export-choice">
                <input type="checkbox" checked={!left.has(message.envelope)} onChange={() => turn(message.envelope)} />
                <span class="row-body">
                  <span class="row-line">
                    {`${person === null ? words().discussion.someone : fullName(person.professional)}, `}
                    <time class="time">{spokenTime(message.sentAtMs, nowMs)}</time>
                  </span>
                  <span class="clamp-2">{excerptOf(message.content)}</span>
                </span>
              </label>
            </li>
          )
        })}
      </ul>
      <div class="sheet-form export-end">
        <p>{text.leaves}</p>
        {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
        <button type="button" class="button button-primary button-wide" disabled={task.isRunning || chosen.length === 0} onClick={save}>
          {task.isRunning ? text.working : text.save(chosen.length)}
        </button>
        {onBack !== null && (
          <button type="button" class="button button-quiet button-wide" disabled={task.isRunning} onClick={onBack}>
            {text.back}
          </button>
        )}
      </div>
    </SheetView>
  )
}
