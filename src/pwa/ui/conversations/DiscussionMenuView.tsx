import type { ComponentChildren } from "preact"
import type { Preference } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import type { IconName } from "../components/icons.js"
import { SheetView } from "../components/SheetView.js"
import { words } from "../i18n/language.js"
import type { DiscussionProps } from "./DiscussionView.js"
import type { Sheet } from "./DiscussionSheetsView.js"
import { titleOf } from "./discussionModel.js"

type Props = DiscussionProps & { readonly isClosed: boolean; readonly onSheet: (sheet: Sheet | null) => void; readonly children?: ComponentChildren }

/** What can be done with the whole discussion. */
export function DiscussionMenuView({ discussion, me, isClosed, onBack, onDetails, onSheet, onPreference }: Props) {
  const { discussion: text, patient, group, find, exporting, groupPicture, list } = words()
  const { isPinned, isMuted, isArchived } = discussion.preference
  const close = () => onSheet(null)
  const prefer = (preference: Partial<Preference>) => () => {
    close()
    onPreference(preference)
  }
  return (
    <SheetView title={titleOf(discussion, me)} onClose={close}>
      <ul>
        {!isClosed && <DoView icon="patient" label={discussion.patient === null ? patient.tie : patient.change} onDo={() => onSheet({ kind: "patient" })} />}
        <DoView
          icon={discussion.isDirect ? "me" : "group"}
          label={discussion.isDirect ? text.seeCard(titleOf(discussion, me)) : text.seePeople}
          onDo={() => {
            close()
            onDetails()
          }}
        />
        <DoView icon="search" label={find.within} onDo={() => onSheet({ kind: "find" })} />
        <DoView icon="clock" label={find.goToDate} onDo={() => onSheet({ kind: "date" })} />
        <DoView icon="download" label={exporting.title} onDo={() => onSheet({ kind: "export", messages: null })} />
        <DoView
          icon="unread"
          label={list.markUnread}
          onDo={() => {
            close()
            onPreference({ isUnread: true })
            onBack()
          }}
        />
        <DoView icon="pin" label={isPinned ? group.unpin : group.pin} onDo={prefer({ isPinned: !isPinned })} />
        <DoView icon="mute" label={isMuted ? group.unmute : group.mute} onDo={prefer({ isMuted: !isMuted })} />
        <DoView icon="archive" label={isArchived ? group.unarchive : group.archive} onDo={prefer({ isArchived: !isArchived })} />
        {!isClosed && discussion.isAdmin && <DoView icon="retention" label={group.retention} onDo={() => onSheet({ kind: "retention" })} />}
        {!isClosed && !discussion.isDirect && discussion.isAdmin && <DoView icon="edit" label={group.rename} onDo={() => onSheet({ kind: "rename" })} />}
        {!isClosed && !discussion.isDirect && discussion.isAdmin && <DoView icon="camera" label={groupPicture.title} onDo={() => onSheet({ kind: "picture" })} />}
        {!isClosed && !discussion.isDirect && discussion.members.length > 1 && <DoView icon="leave" label={group.leave} isDanger onDo={() => onSheet({ kind: "leave" })} />}
      </ul>
    </SheetView>
  )
}

export function DoView({ icon, label, isDanger = false, onDo }: { readonly icon: IconName; readonly label: string; readonly isDanger?: boolean; readonly onDo: () => void }) {
  return (
    <li>
      <button type="button" class={isDanger ? "row is-danger" : "row"} onClick={onDo}>
        <IconView name={icon} />
        <span class="row-title">{label}</span>
      </button>
    </li>
  )
}
