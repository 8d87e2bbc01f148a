/** For an establishment's administrator: who of it is on Lien, and letting them out. Never what they write. */
import { useEffect, useState } from "preact/hooks"
import type { Engine } from "../../bridge/channel.js"
import type { AdministeredPerson, Administration } from "../../bridge/commands/identity.js"
import type { AccountId, Invitation } from "../../bridge/models.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { HeaderView } from "../components/HeaderView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { useTask } from "../components/useTask.js"
import { professionName } from "../directory/names.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import type { Page } from "../page.js"
import { goBack } from "../router.js"
import { GuestRowView } from "./GuestRowView.js"
import { ProlongView } from "./ProlongView.js"
import "./guests.css"

/** The name of the establishment this account administers, "" for none and while nobody can be asked. */
export function useAdministered(engine: Engine): string {
  const [structure, setStructure] = useState("")
  useEffect(() => {
    engine.ask("administration", null).then(
      (found) => setStructure(found.structure),
      () => undefined,
    )
  }, [])
  return structure
}

type Asked = { readonly title: string; readonly text: string; readonly action: string; readonly act: () => Promise<unknown> }

export function AdministrationPaneView({ page, me, nowMs }: { readonly page: Page; readonly me: AccountId; readonly nowMs: number }) {
  const { administration: text, guests, app } = words()
  const { engine } = page
  const task = useTask()
  const [known, setKnown] = useState<Administration | null>(null)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [prolonged, setProlonged] = useState<Invitation | null>(null)
  const load = async () => setKnown(await engine.ask("administration", null))
  useEffect(() => task.run(load), [])
  const open = known?.guests.filter(({ state }) => state === "waiting" || state === "accepted") ?? []
  return (
    <>
      <HeaderView title={text.title} onBack={goBack} />
      <div class="scroll card">
        {known !== null && known.structure !== "" && <h2>{known.structure}</h2>}
        <p class="quiet">{text.explain}</p>
        {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
        {known === null && task.isRunning && <SkeletonRowsView label={app.loading} />}
        {known !== null && (
          <section class="sheet" aria-label={text.people}>
            {known.people.map((person) => (
              <PersonView
                key={person.account}
                person={person}
                isMe={person.account === me}
                onSignOut={(name) =>
                  setAsked({
                    title: text.signOutTitle(name),
                    text: text.signOutExplain,
                    action: text.signOut,
                    act: () => engine.ask("signOutPerson", { account: person.account }),
                  })
                }
                onSuspend={(name) =>
                  setAsked({
                    title: text.suspendTitle(name),
                    text: text.suspendExplain,
                    action: text.suspend,
                    act: () => engine.ask("suspendPerson", { account: person.account }),
                  })
                }
              />
            ))}
          </section>
        )}
        {known !== null && (
          <>
            <h2>{text.guests}</h2>
            {open.length === 0 && <p class="card-note">{text.noGuests}</p>}
            <section class={open.length === 0 ? "" : "sheet"} aria-label={text.guests}>
              {open.map((guest) => {
                const name = `${guest.givenName} ${guest.familyName}`
                return (
                  <GuestRowView
                    key={guest.invitation}
                    guest={guest}
                    onProlong={guest.account === null ? null : () => setProlonged(guest)}
                    onEnd={() =>
                      setAsked({
                        title: guests.endTitle(name),
                        text: guests.endExplain,
                        action: guests.end,
                        act: () => engine.ask("endGuest", { invitation: guest.invitation }),
                      })
                    }
                  />
                )
              })}
            </section>
          </>
        )}
        {known !== null && prolonged !== null && (
          <ProlongView
            guest={prolonged}
            nowMs={nowMs}
            longestDays={known.longestDays}
            explain={text.prolongExplain}
            onProlong={async (endsAtMs) => {
              if (prolonged.account === null) return
              await engine.ask("prolongInvitation", { account: prolonged.account, endsAtMs, isAdministrator: true })
              await load()
            }}
            onClose={() => setProlonged(null)}
          />
        )}
        {asked !== null && (
          <ConfirmView
            title={asked.title}
            text={asked.text}
            action={asked.action}
            onConfirm={async () => {
              await asked.act()
              await load()
            }}
            onClose={() => setAsked(null)}
          />
        )}
      </div>
    </>
  )
}

type PersonProps = {
  readonly person: AdministeredPerson
  readonly isMe: boolean
  readonly onSignOut: (name: string) => void
  readonly onSuspend: (name: string) => void
}

function PersonView({ person, isMe, onSignOut, onSuspend }: PersonProps) {
  const { administration: text, directory } = words()
  const name = `${person.givenName} ${person.familyName}`
  const profession = professionName(person.professionCode)
  return (
    <div class="guest-person">
      <p class="row-title">{name}</p>
      <p class="row-line">{person.category === "E" ? `${directory.student}${words().profession.separator}${profession}` : profession}</p>
      {isMe && <p class="row-line">{directory.isYou}</p>}
      {person.isSuspended && <p class="row-line">{text.suspended}</p>}
      {!isMe && !person.isSuspended && (
        <div class="guest-actions">
          <button type="button" class="button button-quiet" aria-label={text.signOutName(name)} onClick={() => onSignOut(name)}>
            {text.signOut}
          </button>
          <button type="button" class="button button-quiet" aria-label={text.suspendName(name)} onClick={() => onSuspend(name)}>
            {text.suspend}
          </button>
        </div>
      )}
    </div>
  )
}
