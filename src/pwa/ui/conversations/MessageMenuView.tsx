import type { AccountId, Message } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import type { IconName } from "../components/icons.js"
import { SheetView } from "../components/SheetView.js"
import { words } from "../i18n/language.js"
import { canChange, canEdit, quickReactions } from "./messageModel.js"

export type MenuActions = {
  readonly onReply: (message: Message) => void
  readonly onReact: (message: Message, emoji: string) => void
  readonly onCopy: (message: Message) => void
  readonly onForward: (message: Message) => void
  readonly onSelect: (message: Message) => void
  readonly onEdit: (message: Message) => void
  readonly onRemove: (message: Message) => void
  readonly onInfo: (message: Message) => void
  readonly onTake: (message: Message, isReleased: boolean) => void
}

type Props = MenuActions & {
  readonly message: Message
  readonly me: AccountId
  readonly nowMs: number
  /** Nothing can be sent here: only what stays on this device is offered. */
  readonly isClosed: boolean
  readonly onClose: () => void
}

/** Everything that can be done with a message; what cannot be done is not there. */
export function MessageMenuView(props: Props) {
  const { message, me, nowMs, isClosed, onClose } = props
  const { message: text, intent, selection } = words()
  const isText = message.content.kind === "text"
  const isMedia = message.content.kind === "media"
  const isTaken = message.taken.some(({ account }) => account === me)
  const own = message.reactions.find(({ accounts }) => accounts.includes(me))?.emoji
  const then = (act: (message: Message) => void) => () => {
    onClose()
    act(message)
  }
  return (
    <SheetView title={text.title} isTitleHidden onClose={onClose}>
      {!isClosed && (
        <div class="quick-reactions" role="group" aria-label={text.react}>
          {quickReactions.map((emoji) => (
            <button key={emoji} type="button" aria-pressed={emoji === own} aria-label={emoji === own ? text.takeBack(emoji) : text.reactWith(emoji)} onClick={then(() => props.onReact(message, emoji === own ? "" : emoji))}>
              {emoji}
            </button>
          ))}
        </div>
      )}
      <ul>
        {!isClosed && <ActView icon="reply" label={text.reply} onAct={then(props.onReply)} />}
        {!isClosed && isTaken && <ActView icon="take" label={intent.giveBack} onAct={then(() => props.onTake(message, true))} />}
        {isText && <ActView icon="copy" label={text.copy} onAct={then(props.onCopy)} />}
        {(isText || isMedia) && <ActView icon="forward" label={text.forward} onAct={then(props.onForward)} />}
        <ActView icon="select" label={selection.select} onAct={then(props.onSelect)} />
        {!isClosed && canEdit(message, nowMs) && <ActView icon="edit" label={text.edit} onAct={then(props.onEdit)} />}
        {message.mine && <ActView icon="info" label={text.info} onAct={then(props.onInfo)} />}
        {!isClosed && canChange(message, nowMs) && <ActView icon="forget" label={text.remove} isDanger onAct={then(props.onRemove)} />}
      </ul>
    </SheetView>
  )
}

function ActView({ icon, label, isDanger = false, onAct }: { readonly icon: IconName; readonly label: string; readonly isDanger?: boolean; readonly onAct: () => void }) {
  return (
    <li>
      <button type="button" class={isDanger ? "row is-danger" : "row"} onClick={onAct}>
        <IconView name={icon} />
        <span class="row-title">{label}</span>
      </button>
    </li>
  )
}
