/** What narrows a search: one chip for each, which says what was chosen, and a sheet to choose from. */
import type { ComponentChildren } from "preact"
import { useState } from "preact/hooks"
import type { AccountId, DiscussionSummary } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { SheetView } from "../components/SheetView.js"
import { fullName } from "../directory/names.js"
import { words } from "../i18n/language.js"
import { knownPeople, titleOf } from "./discussionModel.js"
import { kinds, patientsOf, type Narrowing, type Period } from "./searchModel.js"

type Props = {
  readonly narrowing: Narrowing
  readonly summaries: readonly DiscussionSummary[]
  readonly me: AccountId
  /** In one discussion its name and its patient are no choice. */
  readonly isWithin: boolean
  readonly onNarrow: (change: Partial<Narrowing>) => void
}

type Name = keyof Narrowing
type Choice = { readonly label: string; readonly value: Partial<Narrowing>; readonly isChosen: boolean }

export function SearchFiltersView(props: Props) {
  const { narrowing, isWithin, onNarrow } = props
  const text = words().find
  const [open, setOpen] = useState<Name | null>(null)
  const names: readonly Name[] = isWithin ? ["kind", "author", "period"] : ["kind", "author", "channel", "patient", "period"]
  const close = () => setOpen(null)
  const choose = (change: Partial<Narrowing>) => {
    close()
    onNarrow(change)
  }
  return (
    <div class="chips search-filters" role="group" aria-label={text.filters}>
      {names.map((name) => (
        <button key={name} type="button" class="chip" aria-haspopup="dialog" aria-pressed={narrowing[name] !== null} onClick={() => setOpen(name)}>
          <span>
            {chosenLabel(name, props) ?? text.filter[name]}
            <IconView name="down" small />
          </span>
        </button>
      ))}
      {open !== null && (
        <SheetView title={text.filter[open]} onClose={close}>
          {open === "period" ? (
            <PeriodView period={narrowing.period} onChoose={(period) => choose({ period })} />
          ) : (
            <ChoicesView choices={choicesOf(open, props)} onChoose={choose}>
              {text.any[open]}
            </ChoicesView>
          )}
        </SheetView>
      )}
    </div>
  )
}

function choicesOf(name: Exclude<Name, "period">, { narrowing, summaries, me }: Props): readonly Choice[] {
  const text = words()
  switch (name) {
    case "kind":
      return kinds.map((kind) => ({ label: text.find.kinds[kind], value: { kind }, isChosen: narrowing.kind === kind }))
    case "author": {
      const people = knownPeople(summaries, me).map((person) => ({ label: fullName(person.professional), author: person.account }))
      return [{ label: text.discussion.you, author: me }, ...people].map(({ label, author }) => ({ label, value: { author }, isChosen: narrowing.author === author }))
    }
    case "channel":
      return summaries.map((summary) => ({ label: titleOf(summary, me), value: { channel: summary.channel }, isChosen: narrowing.channel === summary.channel }))
    case "patient":
      return patientsOf(summaries).map((patient) => ({ label: patient, value: { patient }, isChosen: narrowing.patient === patient }))
  }
}

function chosenLabel(name: Name, props: Props): string | null {
  if (name === "period") return props.narrowing.period === null ? null : words().find.periodChosen
  return choicesOf(name, props).find(({ isChosen }) => isChosen)?.label ?? null
}

function ChoicesView({ choices, onChoose, children }: { readonly choices: readonly Choice[]; readonly onChoose: (value: Partial<Narrowing>) => void; readonly children: ComponentChildren }) {
  const [first] = choices
  const nothing = Object.fromEntries(Object.keys(first?.value ?? {}).map((name) => [name, null]))
  return (
    <ul>
      <li>
        <button type="button" class="row" aria-pressed={!choices.some(({ isChosen }) => isChosen)} onClick={() => onChoose(nothing)}>
          <span class="row-title">{children}</span>
        </button>
      </li>
      {choices.map(({ label, value, isChosen }) => (
        <li key={JSON.stringify(value)}>
          <button type="button" class="row" aria-pressed={isChosen} onClick={() => onChoose(value)}>
            <span class="row-title">{label}</span>
            {isChosen && <IconView name="check" />}
          </button>
        </li>
      ))}
    </ul>
  )
}

function PeriodView({ period, onChoose }: { readonly period: Period | null; readonly onChoose: (period: Period | null) => void }) {
  const text = words().find
  const [from, setFrom] = useState(period?.from ?? "")
  const [to, setTo] = useState(period?.to ?? "")
  return (
    <form
      class="sheet-form"
      onSubmit={(event) => {
        event.preventDefault()
        onChoose(from === "" && to === "" ? null : { from, to })
      }}
    >
      <DayView id="period-from" label={text.from} value={from} onInput={setFrom} />
      <DayView id="period-to" label={text.to} value={to} onInput={setTo} />
      <button type="submit" class="button button-primary button-wide">
        {text.choose}
      </button>
      {period !== null && (
        <button type="button" class="button button-quiet button-wide" onClick={() => onChoose(null)}>
          {text.any.period}
        </button>
      )}
    </form>
  )
}

export function DayView({ id, label, value, onInput }: { readonly id: string; readonly label: string; readonly value: string; readonly onInput: (day: string) => void }) {
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <input id={id} class="input" type="date" value={value} onInput={(event) => onInput(event.currentTarget.value)} />
    </div>
  )
}
