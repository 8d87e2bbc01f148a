import type { AccountId, Person } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { fullName } from "../directory/names.js"
import { words } from "../i18n/language.js"
import { availabilityAt, availabilityLine, coverName } from "./availabilityModel.js"
import "./availability.css"

/** With a person, wherever they are shown; nothing while all is as usual. */
export function AvailabilityView({ person, nowMs }: { readonly person: Person; readonly nowMs: number }) {
  const availability = availabilityAt(person, nowMs)
  if (availability === null) return null
  const cover = coverName(availability)
  return (
    <span class={`availability availability-${availability.state}`}>
      <IconView name={availability.state} small />
      <span>
        {availabilityLine(availability, nowMs)}
        {cover !== "" && <span class="availability-cover">{words().availability.coveredBy(cover)}</span>}
      </span>
    </span>
  )
}

type CoverProps = { readonly people: readonly Person[]; readonly me: AccountId; readonly nowMs: number; readonly onWrite: (account: AccountId) => void }

/** Before and after something urgent: who of these people is absent, and who to turn to. */
export function AbsentView({ people, me, nowMs, onWrite }: CoverProps) {
  const text = words().availability
  const absent = people.flatMap((person) => {
    const availability = availabilityAt(person, nowMs)
    return availability?.state === "absent" ? [{ person, availability }] : []
  })
  if (absent.length === 0) return null
  return (
    <div class="discussion-notice" role="status">
      {absent.map(({ person, availability }) => (
        <div key={person.account} class="notice notice-attention absent">
          <IconView name="absent" />
          <div>
            <p>{text.urgentTo(availabilityLine(availability, nowMs), fullName(person.professional))}</p>
            {availability.cover === null ? <p>{text.noCover}</p> : <CoverView cover={availability.cover} isMe={availability.cover.account === me} onWrite={onWrite} />}
          </div>
        </div>
      ))}
    </div>
  )
}

function CoverView({ cover, isMe, onWrite }: { readonly cover: Person; readonly isMe: boolean; readonly onWrite: CoverProps["onWrite"] }) {
  const text = words().availability
  const name = fullName(cover.professional)
  if (isMe) return <p>{text.coveredBy(words().discussion.you)}</p>
  return (
    <>
      <p>{text.coveredBy(name)}</p>
      <button type="button" class="button button-outline" onClick={() => onWrite(cover.account)}>
        {text.writeTo(name)}
      </button>
    </>
  )
}
