import { useMemo } from "preact/hooks"
import type { AccountId, Discussion, EnvelopeId, Person } from "../../bridge/models.js"
import { AvatarView, GroupAvatarView } from "../components/AvatarView.js"
import { EmptyView } from "../components/EmptyView.js"
import { BackView, HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { fullName } from "../directory/names.js"
import { words } from "../i18n/language.js"
import { ComposerView } from "./ComposerView.js"
import { closedReason, correspondentOf, headerLine, proofLine, titleOf, typingLine } from "./discussionModel.js"
import { TimelineView } from "./TimelineView.js"
import "./discussion.css"

type Props = {
  readonly discussion: Discussion
  readonly me: AccountId
  readonly nowMs: number
  readonly departed: ReadonlyMap<AccountId, Person>
  readonly failure: string | null
  readonly entersSend: boolean
  readonly onBack: () => void
  readonly onDetails: () => void
  readonly onSend: (text: string) => Promise<boolean>
  readonly onDraft: (text: string) => void
  readonly onTyping: () => void
  readonly onOlder: () => void
  readonly onReachedEnd: () => void
  readonly onRetry: (envelope: EnvelopeId) => void
  readonly onDiscard: (envelope: EnvelopeId) => void
}

export function DiscussionView(props: Props) {
  const { discussion, me, departed, failure, entersSend, onSend, onDraft, onTyping } = props
  const members = useMemo(() => new Map(discussion.members.map((person) => [person.account, person])), [discussion.members])
  const personOf = (account: AccountId) => members.get(account) ?? departed.get(account) ?? null
  const nameOf = (account: AccountId) => {
    const person = personOf(account)
    return person === null ? words().discussion.someone : fullName(person.professional)
  }
  const typing = typingLine(discussion, nameOf)
  const closed = closedReason(discussion, me)
  return (
    <>
      <DiscussionHeaderView {...props} />
      {correspondentOf(discussion, me)?.hasRestarted === true && (
        <div class="discussion-notice">
          <NoticeView tone="attention" text={words().fresh.seen(titleOf(discussion, me))} />
        </div>
      )}
      <TimelineView {...props} personOf={personOf} nameOf={nameOf} />
      <p class="typing" aria-hidden="true">
        {typing}
      </p>
      {closed !== null ? (
        <div class="composer">
          <NoticeView tone="urgent" text={closed} />
        </div>
      ) : (
        <ComposerView draft={discussion.draft.text} failure={failure} entersSend={entersSend} onSend={onSend} onDraft={onDraft} onTyping={onTyping} />
      )}
    </>
  )
}

function DiscussionHeaderView({ discussion, me, onBack, onDetails }: Props) {
  const correspondent = correspondentOf(discussion, me)
  const title = titleOf(discussion, me)
  const proof = proofLine(discussion, me)
  const { discussion: text } = words()
  return (
    <header class="header discussion-header">
      <BackView onBack={onBack} />
      <div class="discussion-who">
        {correspondent === null ? <GroupAvatarView size="small" /> : <AvatarView professional={correspondent.professional} size="small" />}
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
                {proof}
              </p>
            )}
          </div>
        </div>
      </div>
    </header>
  )
}

/** While the engine opens the discussion: the shape of what comes. */
export function DiscussionLoadingView({ onBack }: { readonly onBack: () => void }) {
  return (
    <>
      <header class="header discussion-header">
        <BackView onBack={onBack} />
        <span class="avatar avatar-small skeleton" aria-hidden="true" />
        <div class="row-body" role="status">
          <h1 class="visually-hidden" tabIndex={-1}>
            {words().discussion.loading}
          </h1>
          <span class="skeleton skeleton-title" />
          <span class="skeleton skeleton-line" />
        </div>
      </header>
      <div class="timeline" />
      <div class="composer">
        <div class="composer-line">
          <span class="composer-text skeleton" />
        </div>
      </div>
    </>
  )
}

/** The channel of the address is none of ours (any more). */
export function DiscussionGoneView({ onBack }: { readonly onBack: () => void }) {
  const { discussion, discussions } = words()
  return (
    <>
      <HeaderView title={discussions.title} onBack={onBack} />
      <EmptyView icon="discussions" title={discussion.notFound} text={discussion.notFoundExplain} />
    </>
  )
}
