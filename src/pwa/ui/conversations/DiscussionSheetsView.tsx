/** What rises over a discussion: the menu of a message, and what follows from it. */
import { useEffect, useState } from "preact/hooks"
import type { AccountId, ChannelId, Message, MessageInfo, Person } from "../../bridge/models.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { words } from "../i18n/language.js"
import type { DiscussionProps } from "./DiscussionView.js"
import { ExportView } from "./ExportView.js"
import { FindView, GoToDateView } from "./FindViews.js"
import { ForwardView } from "./ForwardView.js"
import { GroupPictureView } from "./GroupPictureView.js"
import { LeaveView, RenameView, RetentionView } from "./GroupSheetsView.js"
import { MessageInfoView } from "./MessageInfoView.js"
import { MessageMenuView } from "./MessageMenuView.js"
import { targetOf } from "./messageModel.js"
import { PatientSheetView } from "./PatientView.js"

export type Sheet =
  | { readonly kind: "discussion" | "patient" | "rename" | "leave" | "retention" | "find" | "date" | "picture" }
  | { readonly kind: "message" | "info"; readonly message: Message }
  | { readonly kind: "forward" | "remove"; readonly messages: readonly Message[] }
  /** Those that were chosen, or null where a period is asked for first. */
  | { readonly kind: "export"; readonly messages: readonly Message[] | null }

type Props = DiscussionProps & {
  readonly sheet: Sheet
  readonly isClosed: boolean
  readonly personOf: (account: AccountId) => Person | null
  readonly onSheet: (sheet: Sheet | null) => void
  readonly onReply: (message: Message) => void
  readonly onEditing: (message: Message) => void
  readonly onSelect: (message: Message) => void
  /** What was asked for the chosen messages is done. */
  readonly onSelected: () => void
}

export function DiscussionSheetsView(props: Props) {
  const { sheet, discussion, me, nowMs, isClosed, onSheet } = props
  const text = words().message
  const close = () => onSheet(null)
  switch (sheet.kind) {
    case "discussion":
      return null
    case "patient":
      return <PatientSheetView patient={discussion.patient} onFind={props.onFindPatients} onFolder={props.onFolder} onSave={props.onPatient} onClose={close} />
    case "picture":
      return <GroupPictureView hasPicture={discussion.picture !== null} onPicture={props.onPicture} onClose={close} />
    case "rename":
      return <RenameView name={discussion.name} onRename={props.onRename} onClose={close} />
    case "retention":
      return <RetentionView days={discussion.retentionDays} least={discussion.leastDays} longest={discussion.longestDays} onChoose={props.onRetention} onClose={close} />
    case "find":
      return <FindView found={props.found} onClose={close} />
    case "date":
      return <GoToDateView onDate={props.onDate} onClose={close} />
    case "export":
      return <ExportView discussion={discussion} chosen={sheet.messages} onVanishing={props.onVanishing} me={me} nowMs={nowMs} personOf={props.personOf} onClose={close} />
    case "leave":
      return <LeaveView discussion={discussion} me={me} onLeave={props.onLeave} onClose={close} />
    case "message":
      return (
        <MessageMenuView
          message={discussion.messages.find(({ envelope }) => envelope === sheet.message.envelope) ?? sheet.message}
          me={me}
          nowMs={nowMs}
          isClosed={isClosed}
          onClose={close}
          onReply={props.onReply}
          onReact={(message, emoji) => props.onReact(targetOf(message), emoji)}
          onTake={(message, isReleased) => props.onTake(targetOf(message), isReleased)}
          onCopy={({ content }) => props.onCopy(content.kind === "text" ? content.text : "")}
          onForward={(message) => onSheet({ kind: "forward", messages: [message] })}
          onSelect={props.onSelect}
          onEdit={props.onEditing}
          onRemove={(message) => onSheet({ kind: "remove", messages: [message] })}
          onInfo={(message) => onSheet({ kind: "info", message })}
        />
      )
    case "forward": {
      const { messages } = sheet
      const forward = async (to: ChannelId) => {
        for (const message of messages) await props.onForward(targetOf(message), to)
        props.onSelected()
      }
      return <ForwardView count={messages.length} discussions={props.discussions} from={discussion.channel} me={me} onForward={forward} onClose={close} />
    }
    case "remove": {
      const { messages } = sheet
      const remove = async () => {
        for (const message of messages) await props.onWithdraw(targetOf(message))
        props.onSelected()
      }
      return <ConfirmView title={text.removeTitle(messages.length)} text={text.removeExplain(messages.length)} action={text.remove} onConfirm={remove} onClose={close} />
    }
    case "info":
      return <InfoView {...props} message={sheet.message} onClose={close} />
  }
}

function InfoView({ message, personOf, onInfo, onClose }: Props & { readonly message: Message; readonly onClose: () => void }) {
  const [info, setInfo] = useState<MessageInfo | null>(null)
  useEffect(() => {
    onInfo(targetOf(message)).then(setInfo, onClose)
  }, [message.envelope])
  return <MessageInfoView info={info} personOf={personOf} onClose={onClose} />
}
