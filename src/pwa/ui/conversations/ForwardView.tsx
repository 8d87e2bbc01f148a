import { useState } from "preact/hooks"
import type { AccountId, ChannelId, DiscussionSummary } from "../../bridge/models.js"
import { AvatarView, GroupAvatarView } from "../components/AvatarView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SheetView } from "../components/SheetView.js"
import { useTask } from "../components/useTask.js"
import { fullName, placedProfession } from "../directory/names.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { closedReason, correspondentOf, kindLine, othersOf, titleOf } from "./discussionModel.js"
import { pictureOf } from "./groupPictures.js"

type Props = {
  readonly count: number
  readonly discussions: readonly DiscussionSummary[]
  readonly from: ChannelId
  readonly me: AccountId
  readonly onForward: (to: ChannelId) => Promise<void>
  readonly onClose: () => void
}

/** First where to, then who will read it: nothing leaves before the people were named. */
export function ForwardView({ count, discussions, from, me, onForward, onClose }: Props) {
  const text = words().message
  const [to, setTo] = useState<DiscussionSummary | null>(null)
  const task = useTask()
  const open = discussions.filter((one) => one.channel !== from && closedReason(one, me) === null)
  if (to === null) {
    return (
      <SheetView title={text.forwardTitle} onClose={onClose}>
        {open.length === 0 && <p>{text.forwardNone}</p>}
        <ul>
          {open.map((summary) => {
            const correspondent = correspondentOf(summary, me)
            return (
              <li key={summary.channel}>
                <button type="button" class="row" onClick={() => setTo(summary)}>
                  {correspondent === null ? <GroupAvatarView size="small" picture={pictureOf(summary)} /> : <AvatarView professional={correspondent.professional} size="small" />}
                  <span class="row-body">
                    <span class="row-title">{titleOf(summary, me)}</span>
                    <span class="row-line">{kindLine(summary, me)}</span>
                  </span>
                </button>
              </li>
            )
          })}
        </ul>
      </SheetView>
    )
  }
  const readers = othersOf(to, me)
  return (
    <SheetView title={text.forwardConfirm} onClose={onClose}>
      <p>{text.forwardExplain(readers.length, count)}</p>
      <ul>
        {readers.map((person) => (
          <li key={person.account} class="row">
            <AvatarView professional={person.professional} size="small" />
            <span class="row-body">
              <span class="row-title">{fullName(person.professional)}</span>
              <span class="row-line">{placedProfession(person.professional)}</span>
            </span>
          </li>
        ))}
      </ul>
      <div class="sheet-form">
        {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
        <button
          type="button"
          class="button button-primary button-wide"
          disabled={task.isRunning}
          onClick={() =>
            task.run(async () => {
              await onForward(to.channel)
              onClose()
            })
          }
        >
          {text.forwardSend(count)}
        </button>
      </div>
    </SheetView>
  )
}
