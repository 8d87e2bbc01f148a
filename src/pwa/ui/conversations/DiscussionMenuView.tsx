import type { ComponentChildren } from "preact"
import { IconView } from "../components/IconView.js"
import type { IconName } from "../components/icons.js"
import { SheetView } from "../components/SheetView.js"
import { words } from "../i18n/language.js"
import type { DiscussionProps } from "./DiscussionView.js"
import type { Sheet } from "./DiscussionSheetsView.js"
import { titleOf } from "./discussionModel.js"

type Props = DiscussionProps & { readonly isClosed: boolean; readonly onSheet: (sheet: Sheet | null) => void; readonly children?: ComponentChildren }

/** What can be done with the whole discussion. */
export function DiscussionMenuView({ discussion, me, isClosed, onDetails, onSheet }: Props) {
  const { discussion: text, patient } = words()
  const close = () => onSheet(null)
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
