/** The directory and its cards, wired to the engine. */
import { useEffect, useState } from "preact/hooks"
import type { AccountId, Person, Professional, Verification } from "../../bridge/models.js"
import { AvailabilityView } from "../availability/AvailabilityView.js"
import { useTask } from "../components/useTask.js"
import type { Page } from "../page.js"
import { goBack, goTo, replaceWith, route } from "../router.js"
import { CardView } from "./CardView.js"
import { useDirectorySearch } from "./directorySearch.js"
import { DirectoryView } from "./DirectoryView.js"
import { InviteToLienView } from "./InviteToLienView.js"
import { keyOf } from "./names.js"
import { InPersonView } from "./InPersonView.js"

export function DirectoryPaneView({ page }: { readonly page: Page }) {
  const search = useDirectorySearch(page)
  const isOpen = route.value.kind === "card"
  const open = (professional: Professional) => {
    page.card.value = professional
    if (isOpen) replaceWith({ kind: "card" })
    else goTo({ kind: "card" })
  }
  return (
    <DirectoryView
      search={search}
      extractDate={page.extractDate.value}
      selected={isOpen ? (page.card.value === null ? null : keyOf(page.card.value)) : null}
      onOpen={open}
    />
  )
}

/** Opens the direct discussion with this account, in the place of the screen it was asked from. */
export async function openDirect(page: Page, account: AccountId): Promise<void> {
  const { channel } = await page.engine.ask("openDirect", { account })
  replaceWith({ kind: "discussion", channel })
}

/** The card opened from the directory. */
export function CardPaneView({ page, me }: { readonly page: Page; readonly me: AccountId }) {
  const professional = page.card.value
  const account = professional?.account ?? null
  const person = usePerson(page, account)
  useEffect(() => {
    if (professional === null) replaceWith({ kind: "directory" })
  }, [professional])
  if (professional === null) return null
  const verification = person === null ? undefined : person.verification
  return <WiredCardView key={keyOf(professional)} page={page} me={me} professional={professional} verification={verification} person={person} onBack={goBack} />
}

/** The card of a member of a discussion. */
export function PersonPaneView({ page, me, account }: { readonly page: Page; readonly me: AccountId; readonly account: AccountId }) {
  const person = usePerson(page, account)
  if (person === null) return null
  return (
    <WiredCardView key={account} page={page} me={me} professional={{ ...person.professional, account }} verification={person.verification} person={person} onBack={goBack} />
  )
}

type CardProps = {
  readonly page: Page
  readonly me: AccountId
  readonly professional: Professional
  readonly verification: Verification | null | undefined
  /** Null until the engine has answered. */
  readonly person: Person | null
  readonly onBack: () => void
}

function WiredCardView({ page, me, professional, verification, person, onBack }: CardProps) {
  const task = useTask()
  const [isInviting, setInviting] = useState(false)
  const { account } = professional
  if (isInviting) return <InviteToLienView professional={professional} link={`${location.origin}/`} onBack={() => setInviting(false)} />
  return (
    <CardView
      professional={professional}
      verification={verification}
      isMe={account === me}
      isWorking={task.isRunning}
      failure={task.failure}
      onBack={onBack}
      onWrite={() => {
        if (account !== null) task.run(() => openDirect(page, account))
      }}
      onInvite={() => setInviting(true)}
    >
      {person !== null && <AvailabilityView person={person} nowMs={Date.now()} />}
      {account !== null && account !== me && <InPersonView engine={page.engine} account={account} />}
    </CardView>
  )
}

/** What is known of a person: at once when a discussion already says it, else from the engine. */
function usePerson(page: Page, account: AccountId | null): Person | null {
  const [asked, setAsked] = useState<Person | null>(null)
  const known = (page.discussions.value ?? []).flatMap(({ members }) => members).find((person) => person.account === account)
  useEffect(() => {
    if (account === null || known !== undefined) return
    page.engine.ask("person", { account }).then(setAsked, () => setAsked(null))
  }, [account, known === undefined])
  return known ?? (asked?.account === account ? asked : null)
}
