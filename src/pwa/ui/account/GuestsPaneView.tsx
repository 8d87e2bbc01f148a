/** Whom I vouch for, and inviting somebody, wired to the engine. */
import { useEffect, useState } from "preact/hooks"
import type { AccountId, Invitation, SponsoredPerson } from "../../bridge/models.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { PassOnView } from "../components/PassOnView.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { useTask } from "../components/useTask.js"
import { openDirect } from "../directory/DirectoryPaneView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import type { Page } from "../page.js"
import { goBack } from "../router.js"
import { GuestRowView } from "./GuestRowView.js"
import { InviteView } from "./InviteView.js"
import { ProlongView } from "./ProlongView.js"
import "./guests.css"

type Known = { readonly mayInvite: boolean; readonly longestDays: number; readonly invitations: readonly Invitation[] }
type Ready = { readonly name: string; readonly link: string }
type Step = { readonly kind: "list" } | { readonly kind: "form" } | { readonly kind: "ready"; readonly ready: Ready }

export function GuestsPaneView({ page, nowMs }: { readonly page: Page; readonly nowMs: number }) {
  const { guests: text, app } = words()
  const task = useTask()
  const [known, setKnown] = useState<Known | null>(null)
  const [step, setStep] = useState<Step>({ kind: "list" })
  const load = async () => setKnown(await page.engine.ask("listInvitations", null))
  useEffect(() => task.run(load), [])
  const back = () => (step.kind === "list" ? goBack() : setStep({ kind: "list" }))
  const inviteNow = async (person: SponsoredPerson) => {
    const { secret } = await page.engine.ask("invite", person)
    const name = `${person.givenName} ${person.familyName}`
    setStep({ kind: "ready", ready: { name, link: `${location.origin}/#/invitation/${secret}` } })
  }
  const title = step.kind === "form" ? text.start : step.kind === "ready" ? text.ready(step.ready.name) : text.title
  return (
    <>
      <HeaderView title={title} onBack={back} />
      <div class="scroll card">
        {step.kind === "list" && (
          <>
            <p class="quiet">{text.explain}</p>
            {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
            {known === null && task.isRunning && <SkeletonRowsView label={app.loading} />}
            {known?.mayInvite === true && (
              <button type="button" class="button button-primary button-wide" onClick={() => setStep({ kind: "form" })}>
                <IconView name="add" />
                {text.start}
              </button>
            )}
            {known?.mayInvite === false && <p class="card-note">{text.mayNot}</p>}
            {known !== null && (
              <GuestListView
                known={known}
                nowMs={nowMs}
                onWrite={(account) => task.run(() => openDirect(page, account))}
                onProlong={async (account, endsAtMs) => {
                  await page.engine.ask("prolongInvitation", { account, endsAtMs, isAdministrator: false })
                  await load()
                }}
                onEnd={async (invitation) => {
                  await page.engine.ask("endInvitation", { invitation })
                  await load()
                }}
                onRenew={async ({ invitation, givenName, familyName, role, endsAtMs }) => {
                  // The link first: nobody is let out for nothing.
                  await inviteNow({ givenName, familyName, role, endsAtMs })
                  await page.engine.ask("endInvitation", { invitation })
                }}
              />
            )}
          </>
        )}
        {step.kind === "form" && (
          <InviteView
            longestDays={known?.longestDays ?? 0}
            nowMs={nowMs}
            isWorking={task.isRunning}
            failure={task.failure}
            onInvite={(person) =>
              task.run(async () => {
                await inviteNow(person)
                await load()
              })
            }
          />
        )}
        {step.kind === "ready" && <ReadyView ready={step.ready} onDone={() => {
              setStep({ kind: "list" })
              task.run(load)
            }} />}
      </div>
    </>
  )
}

function ReadyView({ ready: { name, link }, onDone }: { readonly ready: Ready; readonly onDone: () => void }) {
  const { guests: text } = words()
  return (
    <>
      <p>{text.readyExplain}</p>
      <PassOnView link={link} message={text.shareText(name)} label={text.qr(name)} />
      <button type="button" class="button button-primary button-wide" onClick={onDone}>
        {text.done}
      </button>
    </>
  )
}

type ListProps = {
  readonly known: Known
  readonly nowMs: number
  readonly onWrite: (account: AccountId) => void
  readonly onProlong: (account: AccountId, endsAtMs: number) => Promise<void>
  readonly onEnd: (invitation: string) => Promise<void>
  readonly onRenew: (guest: Invitation) => Promise<void>
}

type Asked = { readonly kind: "end" | "renew"; readonly guest: Invitation } | { readonly kind: "prolong"; readonly guest: Invitation; readonly account: AccountId }

function GuestListView({ known: { invitations, longestDays }, nowMs, onWrite, onProlong, onEnd, onRenew }: ListProps) {
  const { guests: text } = words()
  const [asked, setAsked] = useState<Asked | null>(null)
  if (invitations.length === 0) return <p class="card-note">{text.none}</p>
  return (
    <div class="sheet">
      {invitations.map((guest) => {
        const isOpen = guest.state === "waiting" || guest.state === "accepted"
        const account = guest.state === "accepted" ? guest.account : null
        return (
          <GuestRowView
            key={guest.invitation}
            guest={guest}
            onProlong={account === null ? null : () => setAsked({ kind: "prolong", guest, account })}
            onEnd={isOpen ? () => setAsked({ kind: "end", guest }) : null}
          >
            {account !== null && (
              <>
                <button type="button" class="button button-quiet" onClick={() => onWrite(account)}>
                  {text.write}
                </button>
                <button type="button" class="button button-quiet" aria-label={text.renewName(`${guest.givenName} ${guest.familyName}`)} onClick={() => setAsked({ kind: "renew", guest })}>
                  {text.renew}
                </button>
              </>
            )}
          </GuestRowView>
        )
      })}
      {asked?.kind === "end" && (
        <ConfirmView
          title={text.endTitle(`${asked.guest.givenName} ${asked.guest.familyName}`)}
          text={text.endExplain}
          action={text.end}
          onConfirm={() => onEnd(asked.guest.invitation)}
          onClose={() => setAsked(null)}
        />
      )}
      {asked?.kind === "renew" && (
        <ConfirmView
          title={text.renewTitle(`${asked.guest.givenName} ${asked.guest.familyName}`)}
          text={text.renewExplain}
          action={text.make}
          onConfirm={() => onRenew(asked.guest)}
          onClose={() => setAsked(null)}
        />
      )}
      {asked?.kind === "prolong" && (
        <ProlongView
          guest={asked.guest}
          nowMs={nowMs}
          longestDays={longestDays}
          explain={text.prolongExplain}
          onProlong={(endsAtMs) => onProlong(asked.account, endsAtMs)}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  )
}
