import { useState } from "preact/hooks"
import type { AccountId, Person } from "../../bridge/models.js"
import { AvailabilityView } from "../availability/AvailabilityView.js"
import { AvatarView } from "../components/AvatarView.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SheetView } from "../components/SheetView.js"
import { useTask } from "../components/useTask.js"
import { fullName, placedProfession, verifiedBy } from "../directory/names.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { DoView } from "./DiscussionMenuView.js"
import "./compose.css"

type Props = {
  readonly title: string
  readonly people: readonly Person[]
  readonly me: AccountId
  readonly canChange: boolean
  readonly onBack: () => void
  readonly onCard: (account: AccountId) => void
  readonly onAdd: () => void
  readonly admins: readonly AccountId[]
  readonly onRemove: (account: AccountId) => Promise<void>
  readonly onAdmin: (account: AccountId, isAdmin: boolean) => Promise<void>
}

/** Who is in a discussion. */
export function PeopleView({ title, people, admins, me, canChange, onBack, onCard, onAdd, onRemove, onAdmin }: Props) {
  const { people: text, group } = words()
  const task = useTask()
  const [chosen, setChosen] = useState<Person | null>(null)
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
              <MemberView person={person} isMe={person.account === me} isAdmin={admins.includes(person.account)} onCard={() => onCard(person.account)} />
              {canChange && person.account !== me && (
                <button type="button" class="icon-button" aria-label={group.memberActions(fullName(person.professional))} aria-haspopup="dialog" onClick={() => setChosen(person)}>
                  <IconView name="more" />
                </button>
              )}
            </li>
          ))}
        </ul>
        {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
        {!canChange && <p class="source">{text.onlyAdmins}</p>}
      </div>
      {chosen !== null && (
        <SheetView title={fullName(chosen.professional)} onClose={() => setChosen(null)}>
          <ul>
            <DoView icon="me" label={group.card} onDo={() => onCard(chosen.account)} />
            <DoView
              icon="admin"
              label={admins.includes(chosen.account) ? group.dropAdmin : group.makeAdmin}
              onDo={() => {
                setChosen(null)
                task.run(() => onAdmin(chosen.account, !admins.includes(chosen.account)))
              }}
            />
            <DoView
              icon="remove"
              label={text.remove}
              isDanger
              onDo={() => {
                setChosen(null)
                setLeaving(chosen)
              }}
            />
          </ul>
        </SheetView>
      )}
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

function MemberView({ person, isMe, isAdmin, onCard }: { readonly person: Person; readonly isMe: boolean; readonly isAdmin: boolean; readonly onCard: () => void }) {
  const verified = verifiedBy(person)
  return (
    <button type="button" class="row" onClick={onCard}>
      <AvatarView professional={person.professional} />
      <span class="row-body">
        <span class="row-title">{isMe ? `${fullName(person.professional)} (${words().people.you})` : fullName(person.professional)}</span>
        <span class="row-line">{placedProfession(person.professional)}</span>
        <AvailabilityView person={person} nowMs={Date.now()} />
        {isAdmin && <span class="tag">{words().group.admin}</span>}
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
