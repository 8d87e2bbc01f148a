/** Everything behind the lock: tabs, the list of the tab, and what was opened from it. */
import type { ComponentChildren } from "preact"
import { useEffect, useRef, useState } from "preact/hooks"
import { applyUpdate, askForUpdate, updateAsked, updateReady } from "../appUpdate.js"
import type { Me, Phase } from "../../bridge/models.js"
import { useAutoLock } from "../account/useAutoLock.js"
import { answerWithPasskey } from "../account/ceremonies.js"
import { ProofView } from "../account/ProofView.js"
import { ActivityPaneView } from "../account/ActivityPaneView.js"
import { DevicesPaneView } from "../account/DevicesPaneView.js"
import { ExpressPaneView, MePaneView } from "../account/MePaneView.js"
import { RecoveryOfferView, RecoveryPaneView } from "../account/RecoveryPaneView.js"
import { SituationPaneView } from "../account/SituationPaneView.js"
import { AdministrationPaneView } from "../account/AdministrationPaneView.js"
import { GuestsPaneView } from "../account/GuestsPaneView.js"
import { useTask } from "../components/useTask.js"
import { AddPeoplePaneView, ComposePaneView } from "../conversations/ComposePaneView.js"
import { DiscussionPaneView } from "../conversations/DiscussionPaneView.js"
import { countUnread } from "../conversations/discussionModel.js"
import { DiscussionsPaneView } from "../conversations/DiscussionsPaneView.js"
import { PeoplePaneView } from "../conversations/PeoplePaneView.js"
import { isGuest } from "../directory/names.js"
import { CardPaneView, DirectoryPaneView, PersonPaneView } from "../directory/DirectoryPaneView.js"
import { ArrivedStripView } from "../documents/ArrivedStripView.js"
import { DocumentPaneView } from "../documents/DocumentPaneView.js"
import { TracesPaneView } from "../documents/TracesView.js"
import { TalkAboutPaneView } from "../documents/TalkAboutPaneView.js"
import { PatientPaneView, PatientsPaneView } from "../documents/PatientsPaneView.js"
import { startWith } from "../entry/EntryPaneView.js"
import { OfferPaneView } from "../entry/OfferPaneView.js"
import { words } from "../i18n/language.js"
import { isWide } from "../media.js"
import { forgetThumbnails } from "../photos/thumbnails.js"
import { isSending, watch, type Page } from "../page.js"
import { channelOf, formatRoute, goTo, goToTab, isMeScreen, replaceWith, route, tabOf, type Route } from "../router.js"
import { SettingsPaneView } from "../settings/SettingsPanesView.js"
import { useWaking } from "../settings/useWaking.js"
import { AnnouncerView } from "./AnnouncerView.js"
import { StripsView } from "./StripsView.js"
import { TabsView } from "./TabsView.js"
import "./shell.css"

type Open = Extract<Phase, { kind: "open" }>
const clockEveryMs = 20_000

export function HomeView({ page, phase }: { readonly page: Page; readonly phase: Open }) {
  const { me } = phase
  const nowMs = useNow()
  const here = route.value
  const list = listOf(here)
  const isDeep = here.kind !== list
  useFocusOnArrival(here)
  const watched = channelOf(here)
  useEffect(() => void watch(page, watched), [watched])
  useWaking(page, phase.signedIn)
  // Behind the lock nothing decrypted stays in the page.
  useEffect(() => forgetThumbnails, [])
  useAutoLock(page.engine, me)
  if (me.offerExpressLogin && phase.signedIn) return <OfferPaneView page={page} me={me} onSignInAgain={() => signInAgain(page, me)} />
  if (me.offerRecovery && phase.signedIn) return <RecoveryOfferView page={page} me={me} />
  const detail = <DetailView page={page} me={me} here={here} nowMs={nowMs} />
  return (
    <div class={isDeep ? "shell is-deep" : "shell"}>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById("main")?.focus()
        }}
      >
        {words().app.skipToContent}
      </a>
      <WiredStripsView page={page} phase={phase} />
      <WiredArrivedView page={page} here={here} />
      <TabsView current={tabOf(here)} unread={countUnread(page.discussions.value ?? [])} unopened={page.documents.value?.unopened ?? 0} onTab={goToTab} />
      <main id="main" class="panes" tabIndex={-1}>
        <PaneView kind="list" isCovered={isDeep}>
          <ListView key={list} list={list} page={page} me={me} here={here} nowMs={nowMs} />
        </PaneView>
        {isDeep ? (
          <PaneView kind="detail" isRoot={isRoot(here)}>
            {detail}
          </PaneView>
        ) : (
          isWide.value && (
            <PaneView kind="detail">
              <PlaceholderView here={here} />
            </PaneView>
          )
        )}
      </main>
      <ProofView />
      <AnnouncerView me={me.account} discussion={page.discussion.value} arrival={page.arrival.value} />
    </div>
  )
}

type PaneProps = { readonly kind: "list" | "detail"; readonly isCovered?: boolean; readonly isRoot?: boolean; readonly children: ComponentChildren }

/** One above the other on a phone, so that the list keeps its place while a discussion covers it; side by side when wide. */
function PaneView({ kind, isCovered = false, isRoot: root = false, children }: PaneProps) {
  const names = ["pane", `pane-${kind}`, isCovered ? "is-covered" : "", root ? "is-root" : ""]
  return <section class={names.filter((name) => name !== "").join(" ")}>{children}</section>
}

type ListKind = "discussions" | "patients" | "directory" | "me"
const listOf = (here: Route): ListKind => tabOf(here)

/** Whether Back, when both panes show, has nothing to go back to. */
const isRoot = (here: Route): boolean => here.kind === "discussion" || here.kind === "patient" || here.kind === "card" || isMeScreen(here)

type Shown = { readonly page: Page; readonly me: Me; readonly here: Route; readonly nowMs: number }

function ListView({ list, page, me, here, nowMs }: Shown & { readonly list: ListKind }) {
  switch (list) {
    case "discussions":
      return <DiscussionsPaneView page={page} me={me.account} here={here} nowMs={nowMs} />
    case "patients":
      return <PatientsPaneView page={page} nowMs={nowMs} />
    case "directory":
      return <DirectoryPaneView page={page} />
    case "me":
      return <MePaneView page={page} me={me} />
  }
}

function DetailView({ page, me, here, nowMs }: Shown) {
  const onSignInAgain = () => signInAgain(page, me)
  switch (here.kind) {
    case "discussion":
      return <DiscussionPaneView page={page} channel={here.channel} me={me.account} nowMs={nowMs} />
    case "people":
      return <PeoplePaneView page={page} channel={here.channel} me={me.account} />
    case "add-people":
      return <AddPeoplePaneView page={page} channel={here.channel} me={me.account} />
    case "person":
      return <PersonPaneView page={page} account={here.account} me={me.account} />
    case "compose":
      return <ComposePaneView page={page} me={me.account} />
    case "card":
      return <CardPaneView page={page} me={me.account} />
    case "notifications":
    case "know":
    case "help":
      return <SettingsPaneView key={here.kind} kind={here.kind} page={page} />
    case "express":
      return <ExpressPaneView page={page} me={me} nowMs={nowMs} onSignInAgain={onSignInAgain} />
    case "devices":
      return <DevicesPaneView page={page} me={me} nowMs={nowMs} onSignInAgain={onSignInAgain} />
    case "recovery":
      return <RecoveryPaneView page={page} me={me} />
    case "administration":
      return <AdministrationPaneView page={page} me={me.account} nowMs={nowMs} />
    case "guests":
      return <GuestsPaneView page={page} nowMs={nowMs} />
    case "situation":
      return <SituationPaneView page={page} me={me} onSignInAgain={onSignInAgain} />
    case "traces":
      return <TracesPaneView page={page} />
    case "activity":
      return <ActivityPaneView page={page} nowMs={nowMs} />
    case "patient":
      return <PatientPaneView page={page} patient={here.patient} nowMs={nowMs} />
    case "document":
      return <DocumentPaneView key={here.document} page={page} place={{ document: here.document }} nowMs={nowMs} />
    case "shared-document": {
      const place = { channel: here.channel, target: { device: here.device, envelope: here.envelope } }
      return <DocumentPaneView key={here.envelope} page={page} place={place} nowMs={nowMs} />
    }
    case "talk-about":
      return <TalkAboutPaneView key={here.document} page={page} me={me} document={here.document} />
    case "discussions":
    case "patients":
    case "directory":
    case "me":
      return null
  }
}

function PlaceholderView({ here }: { readonly here: Route }) {
  const text = words().discussions
  return (
    <div class="placeholder">
      <img src="/icons/mark.svg" alt="" width={64} height={64} />
      {here.kind === "discussions" && (
        <>
          <h2>{text.pick}</h2>
          <p>{text.pickExplain}</p>
        </>
      )}
    </div>
  )
}

function WiredArrivedView({ page, here }: { readonly page: Page; readonly here: Route }) {
  const arrival = page.documentArrival.value
  if (arrival === null) return null
  const close = () => {
    page.documentArrival.value = null
  }
  const open = () => {
    close()
    const next: Route = { kind: "document", document: arrival.card.document }
    if (here.kind === "document") replaceWith(next)
    else goTo(next)
  }
  return <ArrivedStripView arrival={arrival} onOpen={open} onClose={close} />
}

function WiredStripsView({ page, phase }: { readonly page: Page; readonly phase: Open }) {
  const task = useTask()
  const { me } = phase
  const isReady = updateReady.value !== null
  const isAsked = updateAsked.value
  const waits = isAsked && isSending(page)
  useEffect(() => {
    if (isReady && isAsked && !waits) applyUpdate()
  }, [isReady, isAsked, waits])
  return (
    <StripsView
      link={phase.link}
      signedIn={phase.signedIn}
      withPasskey={me.expressLogin}
      isWorking={task.isRunning}
      failure={task.failure}
      update={!isReady ? "none" : isAsked ? "asked" : "ready"}
      onUnlock={() => {
        if (me.expressLogin) task.run(() => answerWithPasskey(page.engine))
        else signInAgain(page, me)
      }}
      onUpdate={askForUpdate}
      alert={me.alert}
      onAlert={() => {
        void page.engine.ask("alertSeen", null)
        goTo({ kind: "activity" })
      }}
    />
  )
}

/** Back to the provider that verified this person, or to the lock, which offers them all; a guest has none but the lock. */
function signInAgain(page: Page, me: Me): void {
  if (isGuest(me.person.professional)) {
    void page.engine.ask("lock", null)
    return
  }
  const id = me.person.verification?.provider
  const provider = page.providers.value.find((one) => one.id === id) ?? page.providers.value.at(0)
  if (provider !== undefined) startWith(provider)
  else if (id !== undefined) startWith({ id })
  else void page.engine.ask("lock", null)
}

function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), clockEveryMs)
    return () => clearInterval(timer)
  }, [])
  return nowMs
}

/** A new screen is read from its heading, unless something in it took the focus already. */
function useFocusOnArrival(here: Route): void {
  const before = useRef(formatRoute(here))
  useEffect(() => {
    if (before.current === formatRoute(here)) return
    before.current = formatRoute(here)
    const frame = requestAnimationFrame(() => {
      const pane = document.querySelector(".pane-detail") ?? document.querySelector(".pane-list")
      if (pane?.contains(document.activeElement) === true) return
      pane?.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true })
    })
    return () => cancelAnimationFrame(frame)
  }, [formatRoute(here)])
}
