import { useState } from "preact/hooks"
import type { AccountId, Availability, Person } from "../../bridge/models.js"
import { AvatarView } from "../components/AvatarView.js"
import { IconView } from "../components/IconView.js"
import { SheetView } from "../components/SheetView.js"
import { fullName, placedProfession } from "../directory/names.js"
import { words } from "../i18n/language.js"
import { endsOf, typedEnd } from "./availabilityModel.js"
import "./availability.css"

type EndProps = {
  readonly nowMs: number
  readonly current: Availability | null
  readonly onChoose: (state: Availability["state"], untilMs: number) => void
  readonly onUsual: () => void
  readonly onClose: () => void
}

const states = ["duty", "absent"] as const

/** One tap chooses: what, and until when. */
export function EndSheetView({ nowMs, current, onChoose, onUsual, onClose }: EndProps) {
  const text = words().availability
  const titles = { duty: text.dutyUntil, absent: text.absentUntil }
  return (
    <SheetView title={text.title} onClose={onClose}>
      <div class="availability-choices">
        <p class="quiet">{text.explain}</p>
        {current !== null && (
          <button type="button" class="button button-outline button-wide" onClick={onUsual}>
            {text.backToUsual}
          </button>
        )}
        {states.map((state) => (
          <div key={state} role="group" aria-labelledby={`${state}-title`}>
            <h3 id={`${state}-title`}>
              <IconView name={state} />
              {titles[state]}
            </h3>
            <div class="chips">
              {endsOf(state, nowMs).map(({ label, untilMs }) => (
                <button key={label} type="button" class="chip" aria-pressed={current?.state === state && current.untilMs === untilMs} onClick={() => onChoose(state, untilMs)}>
                  <span>{label}</span>
                </button>
              ))}
            </div>
          </div>
        ))}
        <OtherEndView nowMs={nowMs} onChoose={onChoose} />
      </div>
    </SheetView>
  )
}

function OtherEndView({ nowMs, onChoose }: Pick<EndProps, "nowMs" | "onChoose">) {
  const text = words().availability
  const [typed, setTyped] = useState("")
  const [isRefused, setRefused] = useState(false)
  const choose = (state: Availability["state"]) => {
    const untilMs = typedEnd(typed, nowMs)
    if (untilMs === null) setRefused(true)
    else onChoose(state, untilMs)
  }
  return (
    <div>
      <label class="field-label" for="availability-until">
        {text.other}
      </label>
      <input
        id="availability-until"
        class="input"
        type="datetime-local"
        value={typed}
        aria-invalid={isRefused}
        aria-describedby={isRefused ? "availability-refused" : undefined}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      {isRefused && (
        <p id="availability-refused" class="field-error" role="alert">
          {text.past}
        </p>
      )}
      <div class="availability-both">
        <button type="button" class="button button-outline" disabled={typed === ""} onClick={() => choose("duty")}>
          {text.onDuty}
        </button>
        <button type="button" class="button button-outline" disabled={typed === ""} onClick={() => choose("absent")}>
          {text.away}
        </button>
      </div>
    </div>
  )
}

type CoverProps = {
  readonly people: readonly Person[]
  readonly cover: AccountId | null
  readonly onChoose: (cover: AccountId | null) => void
  readonly onClose: () => void
}

/** Who to turn to meanwhile: one of those this person has written to. */
export function CoverSheetView({ people, cover, onChoose, onClose }: CoverProps) {
  const text = words().availability
  return (
    <SheetView title={text.cover} onClose={onClose}>
      <ul>
        <li>
          <button type="button" class="row" aria-pressed={cover === null} onClick={() => onChoose(null)}>
            <span class="row-title">{text.coverNone}</span>
            {cover === null && <IconView name="check" />}
          </button>
        </li>
        {people.map(({ account, professional }) => (
          <li key={account}>
            <button type="button" class="row" aria-pressed={cover === account} onClick={() => onChoose(account)}>
              <AvatarView professional={professional} />
              <span class="row-body">
                <span class="row-title">{fullName(professional)}</span>
                <span class="row-line">{placedProfession(professional)}</span>
              </span>
              {cover === account && <IconView name="check" />}
            </button>
          </li>
        ))}
      </ul>
      {people.length === 0 && <p class="source">{text.coverEmpty}</p>}
    </SheetView>
  )
}
