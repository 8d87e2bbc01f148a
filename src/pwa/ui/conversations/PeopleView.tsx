import { useState } from "preact/hooks"
import type { AccountId, Person } from "../../bridge/models.js"
import { AvatarView } from "../components/AvatarView.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { fullName, placedProfession, verifiedBy } from "../directory/names.js"
import { words } from "../i18n/language.js"
import "./compose.css"

type Props = {
  readonly title: string
  readonly people: readonly Person[]
  readonly me: AccountId
  readonly canChange: boolean
  readonly onBack: () => void
  readonly onCard: (account: AccountId) => void
  readonly onAdd: () => void
  readonly onRemove: (account: AccountId) => Promise<void>
}

/** Who is in a discussion. */
export function PeopleView({ title, people, me, canChange, onBack, onCard, onAdd, onRemove }: Props) {
  const { people: text } = words()
  const [leaving, setLeaving] = useState<Person | null>(null)
  return (
    <>
      <HeaderView title={title} onBack={onBack} />
      <div class="scroll">
        <h2 class="list-title">{text.count(people.length)}</h2>
        {canChange && (
          <button type="button" class="row" onClick={onAdd}>
            <span class="avatar tint-0" aria-hidden="true">
              <IconView name="add" />
            </span>
            <span class="row-title">{text.add}</span>
          </button>
        )}
        <ul class="members">
          {people.map((person) => (
            <li key={person.account}>
              <MemberView person={person} isMe={person.account === me} onCard={() => onCard(person.account)} />
              {canChange && person.account !== me && (
                <button type="button" class="icon-button" aria-label={text.removeName(fullName(person.professional))} onClick={() => setLeaving(person)}>
                  <IconView name="remove" />
                </button>
              )}
            </li>
          ))}
        </ul>
        {!canChange && <p class="source">{text.onlyAdmins}</p>}
      </div>
      {leaving !== null && (
        <ConfirmView
          title={text.removeTitle(fullName(leaving.professional))}
          text={text.removeExplain}
          action={text.remove}
          working={text.removing}
          onConfirm={() => onRemove(leaving.account)}
          onClose={() => setLeaving(null)}
        />
      )}
    </>
  )
}

function MemberView({ person, isMe, onCard }: { readonly person: Person; readonly isMe: boolean; readonly onCard: () => void }) {
  const verified = verifiedBy(person)
  return (
    <button type="button" class="row" onClick={onCard}>
      <AvatarView professional={person.professional} />
      <span class="row-body">
        <span class="row-title">{isMe ? `${fullName(person.professional)} (${words().people.you})` : fullName(person.professional)}</span>
        <span class="row-line">{placedProfession(person.professional)}</span>
        {verified !== "" && (
          <span class="tag tag-good">
            <IconView name="verified" small />
            {verified}
          </span>
        )}
      </span>
    </button>
  )
}
