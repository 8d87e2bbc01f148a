import { useState } from "preact/hooks"
import type { Guest, Professional } from "../../bridge/models.js"
import { AvatarView } from "../components/AvatarView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { fullName, professionOf, structureOf, townOf } from "../directory/names.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { longDate } from "../i18n/times.js"
import { EntryView, MarkView } from "./EntryView.js"

type Props = {
  readonly professional: Professional
  readonly isNewAccount: boolean
  readonly guest: Guest | null
  readonly label: string
  readonly isWorking: boolean
  readonly failure: string | null
  readonly onEnrol: (label: string) => void
  readonly onNotMe: () => void
}

/** Who the directory says this is, and a name for the device. */
export function WelcomeView({ professional, isNewAccount, guest, label, isWorking, failure, onEnrol, onNotMe }: Props) {
  const { welcome, guests } = words()
  const [typed, setTyped] = useState(label)
  const [isMissing, setMissing] = useState(false)
  const submit = (event: Event) => {
    event.preventDefault()
    setMissing(typed.trim() === "")
    if (typed.trim() !== "") onEnrol(typed.trim())
  }
  return (
    <EntryView
      top={
        <>
          <MarkView />
          <h1 tabIndex={-1}>{guest !== null ? guests.welcomeTitle(professional.givenName) : isNewAccount ? welcome.title : welcome.knownTitle}</h1>
          <p>{guest !== null ? guests.welcomeExplain(guest.sponsor, longDate(guest.endsAtMs)) : isNewAccount ? welcome.explain : welcome.knownExplain}</p>
          <IdentityView professional={professional} />
        </>
      }
    >
      <form class="entry-actions" onSubmit={submit} noValidate>
        <div class="field">
          <label class="field-label" for="device-label">
            {welcome.deviceLabel}
          </label>
          <input
            id="device-label"
            class="input"
            value={typed}
            maxLength={64}
            autoComplete="off"
            aria-describedby="device-hint"
            aria-invalid={isMissing}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
          <p id="device-hint" class={isMissing ? "field-error" : "field-hint"}>
            {isMissing && <IconView name="alert" small />}
            {isMissing ? welcome.deviceMissing : welcome.deviceHint}
          </p>
        </div>
        {failure !== null && <NoticeView tone="urgent" text={explainCode(failure)} />}
        <button type="submit" class="button button-primary" disabled={isWorking}>
          {isWorking && <span class="spinner" aria-hidden="true" />}
          {isWorking ? welcome.enrolling : welcome.enrol}
        </button>
        <button type="button" class="button button-quiet" disabled={isWorking} onClick={onNotMe}>
          {welcome.notMe}
        </button>
      </form>
    </EntryView>
  )
}

function IdentityView({ professional }: { readonly professional: Professional }) {
  const place = [structureOf(professional), townOf(professional)].filter((part) => part !== "").join(words().profession.separator)
  return (
    <div class="identity">
      <AvatarView professional={professional} />
      <div>
        <p class="identity-name">{fullName(professional)}</p>
        <p class="quiet">{professionOf(professional)}</p>
        {place !== "" && <p class="quiet">{place}</p>}
      </div>
    </div>
  )
}
