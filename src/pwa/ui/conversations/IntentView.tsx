import { useState } from "preact/hooks"
import type { Intent } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { SheetView } from "../components/SheetView.js"
import { words } from "../i18n/language.js"
import { answerChoices, intentName } from "./intentModel.js"

type Props = { readonly intent: Intent; readonly nowMs: number; readonly onIntent: (intent: Intent) => void }

const iconOf = { info: "about", answer: "clock", urgent: "urgent" } as const

/** One tap to see the choices, one to choose. */
export function IntentChipView({ intent, nowMs, onIntent }: Props) {
  const text = words().intent
  const [isOpen, setOpen] = useState(false)
  const name = intentName(intent, nowMs)
  return (
    <>
      <button type="button" class={`chip intent-chip intent-${intent.kind}`} aria-label={text.label(name)} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <span>
          <IconView name={iconOf[intent.kind]} small />
          {name}
          <IconView name="chevron" small />
        </span>
      </button>
      {isOpen && (
        <IntentSheetView
          intent={intent}
          nowMs={nowMs}
          onIntent={(chosen) => {
            setOpen(false)
            onIntent(chosen)
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}

function IntentSheetView({ intent, nowMs, onIntent, onClose }: Props & { readonly onClose: () => void }) {
  const text = words().intent
  const [other, setOther] = useState("")
  const [isPast, setPast] = useState(false)
  const choose = (event: Event) => {
    event.preventDefault()
    const byMs = new Date(other).getTime()
    if (!(byMs > Date.now())) setPast(true)
    else onIntent({ kind: "answer", byMs })
  }
  return (
    <SheetView title={text.title} onClose={onClose}>
      <ChoiceView icon="info" title={text.info} line={text.infoExplain} isChosen={intent.kind === "info"} onChoose={() => onIntent({ kind: "info" })} />
      <ChoiceView icon="urgent" title={text.urgent} line={text.urgentExplain} isChosen={intent.kind === "urgent"} onChoose={() => onIntent({ kind: "urgent" })} />
      <div class="intent-answer" role="group" aria-label={`${text.answer}, ${text.answerExplain}`}>
        <p class="row-title">
          <IconView name="clock" />
          {`${text.answer} — ${text.answerExplain}`}
        </p>
        <div class="chips">
          {answerChoices(nowMs).map(({ label, byMs }) => (
            <button key={label} type="button" class="chip" aria-pressed={intent.kind === "answer" && intent.byMs === byMs} onClick={() => onIntent({ kind: "answer", byMs })}>
              <span>{label}</span>
            </button>
          ))}
        </div>
        <form class="intent-other" onSubmit={choose} noValidate>
          <label class="field-label" for="intent-time">
            {text.other}
          </label>
          <div class="intent-line">
            <input
              id="intent-time"
              class="input"
              type="datetime-local"
              value={other}
              aria-invalid={isPast}
              aria-describedby={isPast ? "intent-past" : undefined}
              onInput={(event) => setOther(event.currentTarget.value)}
            />
            <button type="submit" class="button button-outline" disabled={other === ""}>
              {text.choose}
            </button>
          </div>
          {isPast && (
            <p id="intent-past" class="field-error" role="alert">
              {text.past}
            </p>
          )}
        </form>
      </div>
    </SheetView>
  )
}

type ChoiceProps = { readonly icon: "info" | "urgent"; readonly title: string; readonly line: string; readonly isChosen: boolean; readonly onChoose: () => void }

function ChoiceView({ icon, title, line, isChosen, onChoose }: ChoiceProps) {
  return (
    <button type="button" class="row" aria-pressed={isChosen} onClick={onChoose}>
      <IconView name={icon} />
      <span class="row-body">
        <span class="row-title">{title}</span>
        <span class="row-line">{line}</span>
      </span>
      {isChosen && <IconView name="check" />}
    </button>
  )
}
