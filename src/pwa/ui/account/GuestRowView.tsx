import type { ComponentChildren } from "preact"
import type { Invitation } from "../../bridge/models.js"
import { professionName } from "../directory/names.js"
import { words } from "../i18n/language.js"
import { longDate } from "../i18n/times.js"
import "./guests.css"

type Props = {
  readonly guest: Invitation
  readonly onProlong: (() => void) | null
  readonly onEnd: (() => void) | null
  readonly children?: ComponentChildren
}

/** Somebody who is vouched for: who, in which role, how far they are, until when; and what can be done about it. */
export function GuestRowView({ guest, onProlong, onEnd, children }: Props) {
  const { guests: text } = words()
  const name = `${guest.givenName} ${guest.familyName}`
  return (
    <div class="guest-person">
      <p class="row-title">{name}</p>
      <p class="row-line">{professionName(guest.role)}</p>
      <p class="row-line">{text.states[guest.state]}</p>
      <p class="row-line">{text.until(longDate(guest.endsAtMs))}</p>
      <div class="guest-actions">
        {children}
        {onProlong !== null && (
          <button type="button" class="button button-quiet" aria-label={text.prolongName(name)} onClick={onProlong}>
            {text.prolong}
          </button>
        )}
        {onEnd !== null && (
          <button type="button" class="button button-quiet" aria-label={text.endName(name)} onClick={onEnd}>
            {text.end}
          </button>
        )}
      </div>
    </div>
  )
}
