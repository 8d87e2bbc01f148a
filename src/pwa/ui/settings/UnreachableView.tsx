import { useEffect, useState } from "preact/hooks"
import type { AccountId, Discussion } from "../../bridge/models.js"
import { NoticeView } from "../components/NoticeView.js"
import { words } from "../i18n/language.js"
import { listTime } from "../i18n/times.js"
import { useMediaDesk } from "../photos/mediaDesk.js"

/** Long enough for a phone that is on to have taken it. */
const patienceMs = 60_000

type Props = { readonly discussion: Discussion; readonly nowMs: number; readonly nameOf: (account: AccountId) => string }
type Unreachable = { readonly account: AccountId; readonly sinceMs: number }

/** Something urgent was sent and reached no device: whoever sent it hears so, and what to do instead. */
export function UnreachableView({ discussion, nowMs, nameOf }: Props) {
  const text = words().notifications
  const desk = useMediaDesk()
  const [accounts, setAccounts] = useState<readonly Unreachable[]>([])
  const waiting = discussion.messages.findLast(
    ({ mine, intent, delivery, sentAtMs, taken }) =>
      mine && intent.kind === "urgent" && delivery === "sent" && taken.length === 0 && nowMs - sentAtMs > patienceMs,
  )
  const asked = waiting?.envelope
  useEffect(() => {
    if (asked === undefined || desk === null) {
      setAccounts([])
      return
    }
    desk.engine.ask("unreachable", { channel: desk.channel }).then(
      (answer) => setAccounts(answer.accounts),
      () => undefined,
    )
  }, [asked, Math.floor(nowMs / patienceMs)])
  const [first] = accounts
  if (asked === undefined || first === undefined) return null
  const names = accounts.map(({ account }) => nameOf(account)).join(", ")
  return (
    <div class="discussion-notice">
      <NoticeView tone="urgent" text={first.sinceMs > 0 ? text.unreachableSince(names, listTime(first.sinceMs, nowMs)) : text.unreachable(names)} />
    </div>
  )
}
