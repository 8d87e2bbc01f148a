import type { AccountId, DiscussionSummary, Preference } from "../../bridge/models.js"
import { SheetView } from "../components/SheetView.js"
import { words } from "../i18n/language.js"
import { DoView } from "./DiscussionMenuView.js"
import { isUnread, titleOf } from "./discussionModel.js"

type Props = {
  readonly summary: DiscussionSummary
  readonly me: AccountId
  readonly onRead: () => void
  readonly onPreference: (preference: Partial<Preference>) => void
  readonly onClose: () => void
}

/** What can be done with a discussion without opening it. */
export function RowMenuView({ summary, me, onRead, onPreference, onClose }: Props) {
  const { group, list } = words()
  const { isPinned, isMuted, isArchived } = summary.preference
  const then = (act: () => void) => () => {
    onClose()
    act()
  }
  const prefer = (preference: Partial<Preference>) => then(() => onPreference(preference))
  return (
    <SheetView title={titleOf(summary, me)} onClose={onClose}>
      <ul>
        {isUnread(summary) ? <DoView icon="check" label={list.markRead} onDo={then(onRead)} /> : <DoView icon="unread" label={list.markUnread} onDo={prefer({ isUnread: true })} />}
        <DoView icon="pin" label={isPinned ? group.unpin : group.pin} onDo={prefer({ isPinned: !isPinned })} />
        <DoView icon="mute" label={isMuted ? group.unmute : group.mute} onDo={prefer({ isMuted: !isMuted })} />
        <DoView icon="archive" label={isArchived ? group.unarchive : group.archive} onDo={prefer({ isArchived: !isArchived })} />
      </ul>
    </SheetView>
  )
}
