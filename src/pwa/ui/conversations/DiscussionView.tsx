import type { ComponentChildren } from "preact"
import { useCallback, useMemo, useState } from "preact/hooks"
import type { AccountId, ChannelId, Discussion, DiscussionSummary, Draft, Message, MessageInfo, Patient, Person, Preference, Target } from "../../bridge/models.js"
import type { PatientSummary } from "../../bridge/documents.js"
import type { Written } from "../../bridge/commands/conversations.js"
import { AbsentView, AvailabilityView } from "../availability/AvailabilityView.js"
import { AvatarView, GroupAvatarView } from "../components/AvatarView.js"
import { BackView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { fullName } from "../directory/names.js"
import { words } from "../i18n/language.js"
import { AttachView } from "../photos/AttachView.js"
import { UnreachableView } from "../settings/UnreachableView.js"
import { ComposerView } from "./ComposerView.js"
import { DiscussionMenuView } from "./DiscussionMenuView.js"
import { DiscussionSheetsView, type Sheet } from "./DiscussionSheetsView.js"
import { closedReason, correspondentOf, headerLine, othersOf, proofLine, titleOf, typingLine } from "./discussionModel.js"
import { pictureOf } from "./groupPictures.js"
import { copiedText, excerptOf, isSameTarget, mentionsIn, targetOf, waitsForSomeone } from "./messageModel.js"
import { PatientStripView } from "./PatientView.js"
import { SelectionBarView, SelectionHeaderView } from "./SelectionView.js"
import { TimelineView } from "./TimelineView.js"
import { UnsentView } from "./UnsentView.js"
import { useSelection } from "./useSelection.js"
import "./bands.css"
import "./discussion.css"
import "./messages.css"

export type DiscussionProps = {
  readonly discussion: Discussion
  readonly discussions: readonly DiscussionSummary[]
  readonly me: AccountId
  readonly nowMs: number
  readonly departed: ReadonlyMap<AccountId, Person>
  readonly failure: string | null
  readonly entersSend: boolean
  readonly onBack: () => void
  readonly onDetails: () => void
  readonly onWriteTo: (account: AccountId) => void
  readonly onSend: (written: Written) => Promise<boolean>
  readonly onEdit: (target: Target, text: string, mentions: readonly AccountId[]) => Promise<boolean>
  readonly onWithdraw: (target: Target) => Promise<void>
  readonly onReact: (target: Target, emoji: string) => void
  readonly onTake: (target: Target, isReleased: boolean) => void
  readonly onForward: (target: Target, to: ChannelId) => Promise<void>
  readonly onCopy: (text: string) => void
  readonly onInfo: (target: Target) => Promise<MessageInfo>
  readonly onPatient: (patient: Patient | null) => Promise<void>
  readonly onPreference: (preference: Partial<Preference>) => void
  /** The patients whose documents are here, by the beginnings of their names. */
  readonly onFindPatients: (query: string) => Promise<readonly PatientSummary[]>
  readonly onFolder: (patient: PatientSummary) => Promise<void>
  readonly onRename: (name: string) => Promise<void>
  readonly onPicture: (picture: ArrayBuffer) => Promise<void>
  readonly onRetention: (days: number) => Promise<void>
  /** How many messages are erased within three days. */
  readonly onVanishing: () => Promise<number>
  readonly onLeave: (handOverTo: AccountId | null) => Promise<void>
  readonly onDraft: (draft: Draft) => void
  readonly onTyping: () => void
  readonly onOlder: () => Promise<boolean>
  readonly onNewer: () => Promise<boolean>
  readonly onNewest: () => Promise<boolean>
  /** What is found in this discussion. */
  readonly found: (query: string, onOpened: () => void) => ComponentChildren
  /** Goes to the first message of this moment or later. Answers whether there is one. */
  readonly onDate: (atMs: number) => Promise<boolean>
  /** The message to bring into sight; nobody is asked again once it was. */
  readonly pointed: Target | null
  readonly onPoint: (target: Target | null) => void
  readonly onReachedEnd: () => void
  readonly onRetry: (message: Message) => void
  readonly onDiscard: (message: Message) => void
}

export function DiscussionView(props: DiscussionProps) {
  const { discussion, me, nowMs, departed } = props
  const members = useMemo(() => new Map(discussion.members.map((person) => [person.account, person])), [discussion.members])
  const personOf = useCallback((account: AccountId) => members.get(account) ?? departed.get(account) ?? null, [members, departed])
  const nameOf = useCallback(
    (account: AccountId) => {
      const person = personOf(account)
      return person === null ? words().discussion.someone : fullName(person.professional)
    },
    [personOf],
  )
  const [draft, setDraft] = useState(discussion.draft)
  const [editing, setEditing] = useState<Message | null>(null)
  const [sheet, setSheet] = useState<Sheet | null>(null)
  const { chosen, envelopes, turn, end } = useSelection()
  const closed = closedReason(discussion, me)
  const isUrgent = draft.intent.kind === "urgent" || discussion.messages.some(waitsForSomeone)
  const keepDraft = (change: Partial<Draft>) => {
    const next = { ...draft, ...change }
    setDraft(next)
    props.onDraft(next)
  }
  const reply = (message: Message) => {
    if (closed !== null) return
    setEditing(null)
    keepDraft({ replyTo: targetOf(message) })
  }
  return (
    <>
      {chosen === null ? <DiscussionHeaderView {...props} onMenu={() => setSheet({ kind: "discussion" })} /> : <SelectionHeaderView count={chosen.length} onClose={end} />}
      {discussion.patient !== null && <PatientStripView patient={discussion.patient} onOpen={closed === null ? () => setSheet({ kind: "patient" }) : null} />}
      {correspondentOf(discussion, me)?.hasRestarted === true && (
        <div class="discussion-notice">
          <NoticeView tone="attention" text={words().fresh.seen(titleOf(discussion, me))} />
        </div>
      )}
      <TimelineView
        {...props}
        personOf={personOf}
        nameOf={nameOf}
        chosen={envelopes}
        onTurn={turn}
        onMenu={(message) => setSheet({ kind: "message", message })}
        onReply={reply}
        onReact={(message, emoji) => props.onReact(targetOf(message), emoji)}
        onTake={(message, isReleased) => props.onTake(targetOf(message), isReleased)}
      />
      <p class="typing" aria-hidden="true">
        {typingLine(discussion, nameOf)}
      </p>
      {chosen !== null ? (
        <SelectionBarView
          chosen={chosen}
          nowMs={nowMs}
          isClosed={closed !== null}
          onCopy={() => {
            props.onCopy(copiedText(chosen, nameOf))
            end()
          }}
          onForward={() => setSheet({ kind: "forward", messages: chosen })}
          onExport={() => setSheet({ kind: "export", messages: chosen })}
          onRemove={() => setSheet({ kind: "remove", messages: chosen })}
        />
      ) : closed !== null ? (
        <div class="composer">
          <NoticeView tone="urgent" text={closed} />
        </div>
      ) : (
        <>
          <UnsentView messages={discussion.messages} nowMs={nowMs} />
          <UnreachableView discussion={discussion} nowMs={nowMs} nameOf={nameOf} />
          {isUrgent && <AbsentView people={othersOf(discussion, me)} me={me} nowMs={nowMs} onWrite={props.onWriteTo} />}
          <WritingView {...props} draft={draft} editing={editing} nameOf={nameOf} onEditing={setEditing} onKeep={keepDraft} />
        </>
      )}
      {sheet?.kind === "discussion" && <DiscussionMenuView {...props} isClosed={closed !== null} onSheet={setSheet} />}
      {sheet !== null && (
        <DiscussionSheetsView {...props} sheet={sheet} isClosed={closed !== null} personOf={personOf} onSheet={setSheet} onReply={reply} onEditing={setEditing} onSelect={turn} onSelected={end} />
      )}
    </>
  )
}

type WritingProps = DiscussionProps & {
  readonly draft: Draft
  readonly editing: Message | null
  readonly nameOf: (account: AccountId) => string
  readonly onEditing: (message: Message | null) => void
  readonly onKeep: (change: Partial<Draft>) => void
}

/** The composer, for something new, an answer, or a change of what was written. */
function WritingView(props: WritingProps) {
  const { discussion, me, nowMs, draft, editing, failure, entersSend, nameOf, onEditing, onKeep, onTyping } = props
  const text = words().message
  const people = discussion.isDirect ? [] : discussion.members.filter(({ account }) => account !== me)
  const shared = { failure, entersSend, nowMs, people, onTyping }
  if (editing !== null) {
    const before = editing.content.kind === "text" ? editing.content.text : ""
    const cancel = () => onEditing(null)
    const save = async (written: string) => {
      const isDone = written === before || (await props.onEdit(targetOf(editing), written, mentionsIn(written, people)))
      if (isDone) onEditing(null)
      return isDone
    }
    const about = { label: text.editing, line: excerptOf(editing.content), cancel: text.cancelEdit, onCancel: cancel }
    return <ComposerView {...shared} key={editing.envelope} draft={before} isEdit about={about} intent={{ kind: "info" }} onIntent={ignored} onSend={save} onDraft={ignored} />
  }
  const { replyTo, intent } = draft
  const answered = replyTo === null ? null : (discussion.messages.find((message) => isSameTarget(targetOf(message), replyTo)) ?? null)
  const about =
    answered === null
      ? null
      : {
          label: text.replyingTo(answered.mine ? words().discussion.you : nameOf(answered.author)),
          line: excerptOf(answered.content),
          cancel: text.cancelReply,
          onCancel: () => onKeep({ replyTo: null }),
        }
  const send = async (written: string) => {
    const isSent = await props.onSend({ text: written, replyTo, intent, mentions: mentionsIn(written, people) })
    if (isSent) onKeep({ text: "", replyTo: null, intent: { kind: "info" } })
    return isSent
  }
  return (
    <ComposerView
      {...shared}
      key="new"
      draft={draft.text}
      isEdit={false}
      about={about}
      intent={intent}
      onIntent={(chosen) => onKeep({ intent: chosen })}
      tools={<AttachView around={{ replyTo, intent, mentions: [], onSent: () => onKeep({ replyTo: null, intent: { kind: "info" } }) }} />}
      onSend={send}
      onDraft={(written) => onKeep({ text: written })}
    />
  )
}

const ignored = () => undefined

function DiscussionHeaderView({ discussion, me, nowMs, onBack, onDetails, onMenu }: DiscussionProps & { readonly onMenu: () => void }) {
  const correspondent = correspondentOf(discussion, me)
  const title = titleOf(discussion, me)
  const proof = proofLine(discussion, me)
  const { discussion: text } = words()
  return (
    <header class="header discussion-header">
      <BackView onBack={onBack} />
      <div class="discussion-who">
        {correspondent === null ? <GroupAvatarView size="small" picture={pictureOf(discussion)} /> : <AvatarView professional={correspondent.professional} size="small" />}
        <div class="row-body">
          <h1 tabIndex={-1}>
            <button type="button" class="clamp-2" aria-describedby="discussion-line" onClick={onDetails}>
              {title}
              <span class="visually-hidden">{`, ${correspondent === null ? text.seePeople : text.seeCard(title)}`}</span>
            </button>
          </h1>
          <div id="discussion-line" class="discussion-line">
            <p class="clamp-2">{headerLine(discussion, me)}</p>
            {proof !== "" && (
              <p class="discussion-proof">
                <IconView name="verified" small />
                <span>{proof}</span>
              </p>
            )}
            {correspondent !== null && <AvailabilityView person={correspondent} nowMs={nowMs} />}
          </div>
        </div>
      </div>
      <button type="button" class="icon-button" aria-label={text.menu} aria-haspopup="dialog" onClick={onMenu}>
        <IconView name="more" />
      </button>
    </header>
  )
}
