/** Renaming a group, leaving it, handing it over. */
import { useState } from "preact/hooks"
import type { AccountId, Discussion } from "../../bridge/models.js"
import { AvatarView } from "../components/AvatarView.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SheetView } from "../components/SheetView.js"
import { useTask } from "../components/useTask.js"
import { fullName, placedProfession } from "../directory/names.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { othersOf } from "./discussionModel.js"

export function RenameView({ name, onRename, onClose }: { readonly name: string; readonly onRename: (name: string) => Promise<void>; readonly onClose: () => void }) {
  const { group, compose } = words()
  const task = useTask()
  const [typed, setTyped] = useState(name)
  const submit = (event: Event) => {
    event.preventDefault()
    if (typed.trim() === "") return
    task.run(async () => {
      await onRename(typed.trim())
      onClose()
    })
  }
  return (
    <SheetView title={group.rename} onClose={onClose}>
      <form class="sheet-form" onSubmit={submit}>
        <div class="field">
          <label class="field-label" for="rename-group">
            {compose.nameLabel}
          </label>
          <input id="rename-group" class="input" value={typed} maxLength={80} autoComplete="off" aria-describedby="rename-hint" onInput={(event) => setTyped(event.currentTarget.value)} />
          <p id="rename-hint" class="field-hint">
            {compose.nameHint}
          </p>
        </div>
        {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
        <button type="submit" class="button button-primary button-wide" disabled={task.isRunning || typed.trim() === ""}>
          {group.renameSave}
        </button>
      </form>
    </SheetView>
  )
}

type LeaveProps = {
  readonly discussion: Discussion
  readonly me: AccountId
  readonly onLeave: (handOverTo: AccountId | null) => Promise<void>
  readonly onClose: () => void
}

/** Asks once; the last person in charge first chooses who follows. */
export function LeaveView({ discussion, me, onLeave, onClose }: LeaveProps) {
  const { group } = words()
  const isLast = discussion.admins.length === 1 && discussion.admins[0] === me
  const [follower, setFollower] = useState<AccountId | null>(null)
  if (!isLast || follower !== null) {
    return <ConfirmView title={group.leaveTitle} text={group.leaveExplain} action={group.leave} working={group.leaving} onConfirm={() => onLeave(follower)} onClose={onClose} />
  }
  return (
    <SheetView title={group.handOver} onClose={onClose}>
      <p>{group.handOverExplain}</p>
      <ul>
        {othersOf(discussion, me).map((person) => (
          <li key={person.account}>
            <button type="button" class="row" onClick={() => setFollower(person.account)}>
              <AvatarView professional={person.professional} size="small" />
              <span class="row-body">
                <span class="row-title">{fullName(person.professional)}</span>
                <span class="row-line">{placedProfession(person.professional)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </SheetView>
  )
}

const choices = [1, 7, 30, 90, 180, 365] as const

type RetentionProps = {
  readonly days: number
  readonly least: number
  readonly longest: number
  readonly onChoose: (days: number) => Promise<void>
  readonly onClose: () => void
}

/** How long messages stay, in one sentence for each choice; within what the deployment allows. */
export function RetentionView({ days, least, longest, onChoose, onClose }: RetentionProps) {
  const { group, discussion } = words()
  const task = useTask()
  const offered = [...choices.filter((one) => one >= least && one < longest), longest]
  const choose = (chosen: number) =>
    task.run(async () => {
      await onChoose(chosen)
      onClose()
    })
  return (
    <SheetView title={group.retention} onClose={onClose}>
      <p>{group.retentionExplain}</p>
      {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
      <ul>
        {offered.map((one) => (
          <li key={one}>
            <button type="button" class="row" aria-pressed={one === days} disabled={task.isRunning} onClick={() => choose(one)}>
              <span class="row-title">{discussion.retention(one)}</span>
              {one === days && <IconView name="check" />}
            </button>
          </li>
        ))}
      </ul>
    </SheetView>
  )
}
