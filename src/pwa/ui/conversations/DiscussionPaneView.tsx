/** The discussion on screen, wired to the engine. */
import { useEffect, useRef, useState } from "preact/hooks"
import type { AccountId, ChannelId, Discussion } from "../../bridge/models.js"
import { prove } from "../account/proving.js"
import { openDirect } from "../directory/DirectoryPaneView.js"
import { codeOf, explainCode } from "../i18n/failures.js"
import { finePointer } from "../media.js"
import type { Page } from "../page.js"
import { goBack, goTo } from "../router.js"
import { DiscussionGoneView, DiscussionLoadingView } from "./DiscussionStatesView.js"
import { DiscussionView } from "./DiscussionView.js"
import { MessageSearchView } from "./MessageSearchView.js"
import { MediaDeskView } from "../photos/MediaDeskView.js"
import { correspondentOf, titleOf } from "./discussionModel.js"
import { patientTitle } from "./patientModel.js"
import { pointed } from "./pointed.js"
import { lastOffset } from "./timelineModel.js"

type Props = { readonly page: Page; readonly channel: ChannelId; readonly me: AccountId; readonly nowMs: number }

/** Told to nobody: the engine says the outcome in the discussion itself, or it does not matter. */
const ignore = () => undefined

export function DiscussionPaneView({ page, channel, me, nowMs }: Props) {
  const { engine } = page
  const [failure, setFailure] = useState<string | null>(null)
  const readUpTo = useRef(0)
  const isAskingMore = useRef(false)
  const watched = page.discussion.value
  const discussion = watched?.channel === channel ? watched : null

  useEffect(() => {
    readUpTo.current = 0
    isAskingMore.current = false
    setFailure(null)
  }, [channel])

  useEffect(() => {
    if (discussion !== null) meetDeparted(page, discussion)
  }, [discussion?.messages])

  const isOpen = discussion !== null
  const point = pointed.value?.channel === channel ? pointed.value.target : null
  useEffect(() => {
    if (!isOpen || point === null) return
    const forget = () => {
      pointed.value = null
    }
    engine.ask("loadAround", { channel, target: point }).then(({ isHere }) => {
      if (!isHere) forget()
    }, forget)
  }, [isOpen, point])

  const confirmRead = () => {
    if (discussion === null || document.visibilityState !== "visible") return
    const offset = lastOffset(discussion.messages)
    if (offset === null || offset <= readUpTo.current) return
    readUpTo.current = offset
    engine.ask("markRead", { channel, offset }).catch(ignore)
  }
  const confirm = useRef(confirmRead)
  confirm.current = confirmRead
  useEffect(() => {
    const look = () => confirm.current()
    document.addEventListener("visibilitychange", look)
    return () => document.removeEventListener("visibilitychange", look)
  }, [])

  if (discussion === null) {
    return page.missing.value === channel ? <DiscussionGoneView onBack={goBack} /> : <DiscussionLoadingView onBack={goBack} />
  }

  const explain = (error: unknown) => setFailure(explainCode(codeOf(error)))
  /** Answers whether it was done; the reason is shown if not. */
  const did = async (work: Promise<unknown>) => {
    setFailure(null)
    try {
      await work
      return true
    } catch (error) {
      explain(error)
      return false
    }
  }
  /** Answers whether it was asked and came: one at a time, and what fails waits for the next move. */
  const ask = (more: "loadOlder" | "loadNewer" | "loadNewest") => async () => {
    if (isAskingMore.current && more !== "loadNewest") return false
    isAskingMore.current = true
    try {
      await engine.ask(more, { channel })
      return true
    } catch {
      return false
    } finally {
      isAskingMore.current = false
    }
  }
  const showDetails = () => {
    const correspondent = correspondentOf(discussion, me)
    if (correspondent === null) goTo({ kind: "people", channel })
    else goTo({ kind: "person", channel, account: correspondent.account })
  }
  const patient = discussion.patient === null ? null : patientTitle(discussion.patient)
  return (
    <MediaDeskView key={channel} engine={engine} channel={channel} title={titleOf(discussion, me)} patient={patient} onProve={() => prove(page)}>
    <DiscussionView
      discussion={discussion}
      discussions={page.discussions.value ?? []}
      me={me}
      nowMs={nowMs}
      departed={page.people.value}
      failure={failure}
      entersSend={finePointer.value}
      onBack={goBack}
      onDetails={showDetails}
      onWriteTo={(account) => void openDirect(page, account).catch(explain)}
      onSend={(written) => did(engine.ask("sendText", { channel, ...written }))}
      onEdit={(target, text, mentions) => did(engine.ask("editMessage", { channel, target, text, mentions }))}
      onWithdraw={async (target) => {
        await engine.ask("withdrawMessage", { channel, target })
      }}
      onReact={(target, emoji) => void did(engine.ask("react", { channel, target, emoji }))}
      onTake={(target, isReleased) => void did(engine.ask("takeCharge", { channel, target, isReleased }))}
      onForward={async (target, to) => {
        await engine.ask("forward", { channel, target, to })
      }}
      onCopy={(text) => void navigator.clipboard.writeText(text).catch(ignore)}
      onInfo={(target) => engine.ask("messageInfo", { channel, target })}
      onPatient={async (patient) => {
        await engine.ask("setPatient", { channel, patient })
      }}
      onPreference={(preference) => void did(engine.ask("setPreference", { channel, preference }))}
      onFindPatients={async (query) => (await engine.ask("listPatients", { query, families: [], since: null })).patients}
      onFolder={async ({ last: { document } }) => {
        await engine.ask("talkAbout", { document, to: { channel }, confirmed: discussion.members.map(({ account }) => account), shares: false, text: "" })
      }}
      onPicture={async (picture) => {
        await engine.ask("setPicture", { channel, picture })
      }}
      onRename={async (name) => {
        await engine.ask("renameGroup", { channel, name })
      }}
      onRetention={async (days) => {
        await engine.ask("setRetention", { channel, days })
      }}
      onVanishing={async () => (await engine.ask("vanishing", { channel })).count}
      onLeave={async (handOverTo) => {
        await engine.ask("leaveGroup", { channel, handOverTo })
        await engine.ask("setPreference", { channel, preference: { isArchived: true, isPinned: false } })
        goBack()
      }}
      onDraft={(draft) => void engine.ask("saveDraft", { channel, draft }).catch(ignore)}
      onTyping={() => void engine.ask("typing", { channel }).catch(ignore)}
      onOlder={ask("loadOlder")}
      onNewer={ask("loadNewer")}
      onNewest={ask("loadNewest")}
      found={(query, onOpened) => <MessageSearchView page={page} query={query} channel={channel} me={me} nowMs={nowMs} onOpened={onOpened} />}
      onDate={async (atMs) => {
        const { target } = await engine.ask("messageAt", { channel, atMs })
        if (target !== null) pointed.value = { channel, target }
        return target !== null
      }}
      pointed={point}
      onPoint={(target) => {
        pointed.value = target === null ? null : { channel, target }
      }}
      onReachedEnd={confirmRead}
      onRetry={({ envelope }) => void engine.ask("retry", { channel, envelope }).catch(explain)}
      onDiscard={({ envelope }) => void engine.ask("discard", { channel, envelope }).catch(explain)}
    />
    </MediaDeskView>
  )
}

/** Learns the names of authors who are no member any more. Each is asked for once. */
function meetDeparted(page: Page, discussion: Discussion): void {
  const members = new Set(discussion.members.map((person) => person.account))
  const met = page.people.value
  const unknown = new Set(
    discussion.messages
      .flatMap(({ author, content }) => {
        if (content.kind === "members") return [author, ...content.added, ...content.removed]
        return content.kind === "new-device" ? [author, content.account] : [author]
      })
      .filter((account) => account !== "" && !members.has(account) && !met.has(account)),
  )
  for (const account of unknown) {
    page.engine
      .ask("person", { account })
      .then((person) => {
        page.people.value = new Map([...page.people.value, [account, person]])
      })
      .catch(ignore)
  }
}
