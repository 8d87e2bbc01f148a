import { useState } from "preact/hooks"
import type { SponsoredPerson } from "../../bridge/models.js"
import { NoticeView } from "../components/NoticeView.js"
import { professionName } from "../directory/names.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { DurationView, durationsWithin, endAfter } from "./DurationView.js"
import "./guests.css"

const roles = ["331", "332", "330", "353", "student"] as const

type Props = {
  readonly longestDays: number
  readonly nowMs: number
  readonly isWorking: boolean
  readonly failure: string | null
  readonly onInvite: (person: SponsoredPerson) => void
}

/** Whom one vouches for: name, role, how long; and that one knows them. */
export function InviteView({ longestDays, nowMs, isWorking, failure, onInvite }: Props) {
  const { guests: text } = words()
  const [givenName, setGivenName] = useState("")
  const [familyName, setFamilyName] = useState("")
  const [role, setRole] = useState<string>(roles[0])
  const [duration, setDuration] = useState(3)
  const [isSure, setSure] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const offered = durationsWithin(longestDays)
  const submit = (event: Event) => {
    event.preventDefault()
    const person = { givenName: givenName.trim(), familyName: familyName.trim(), role }
    const isNamed = person.givenName !== "" && person.familyName !== ""
    setProblem(!isNamed ? text.missing : isSure ? null : text.confirmMissing)
    if (isNamed && isSure) onInvite({ ...person, endsAtMs: endAfter(duration, nowMs, longestDays) })
  }
  return (
    <form class="guest-form" onSubmit={submit} noValidate>
      <NameView id="guest-given" label={text.givenName} value={givenName} onInput={setGivenName} />
      <NameView id="guest-family" label={text.familyName} value={familyName} onInput={setFamilyName} />
      <fieldset class="guest-options">
        <legend>{text.role}</legend>
        {roles.map((code) => (
          <label class="guest-option" key={code}>
            <input type="radio" name="guest-role" checked={code === role} onChange={() => setRole(code)} />
            {professionName(code)}
          </label>
        ))}
      </fieldset>
      <DurationView legend={text.duration} offered={offered} chosen={duration} onChoose={setDuration} />
      <label class="guest-option">
        <input type="checkbox" checked={isSure} onChange={(event) => setSure(event.currentTarget.checked)} />
        {text.confirm}
      </label>
      {problem !== null && <NoticeView tone="urgent" text={problem} />}
      {failure !== null && <NoticeView tone="urgent" text={explainCode(failure)} />}
      <button type="submit" class="button button-primary button-wide" disabled={isWorking}>
        {isWorking ? text.making : text.make}
      </button>
    </form>
  )
}

type NameProps = { readonly id: string; readonly label: string; readonly value: string; readonly onInput: (value: string) => void }

function NameView({ id, label, value, onInput }: NameProps) {
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <input id={id} class="input" value={value} maxLength={64} autoComplete="off" autoCapitalize="words" onInput={(event) => onInput(event.currentTarget.value)} />
    </div>
  )
}
