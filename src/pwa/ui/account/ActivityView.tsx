import type { AccountEvent } from "../../bridge/models.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import type { IconName } from "../components/icons.js"
import { NoticeView } from "../components/NoticeView.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { clockTime, spokenTime } from "../i18n/times.js"
import "./me.css"

type Props = {
  /** Null while they load. */
  readonly events: readonly AccountEvent[] | null
  readonly hasOlder: boolean
  readonly isWorking: boolean
  readonly failure: string | null
  readonly nowMs: number
  readonly onBack: () => void
  readonly onOlder: () => void
  readonly onDevices: () => void
  readonly onTraces: () => void
}

/** What happened to the account, so that its owner notices what was not them. */
export function ActivityView({ events, hasOlder, isWorking, failure, nowMs, onBack, onOlder, onDevices, onTraces }: Props) {
  const text = words().activity
  return (
    <>
      <HeaderView title={text.title} onBack={onBack} />
      <div class="scroll card">
        <p class="quiet">{text.explain}</p>
        <button type="button" class="button button-outline button-wide" onClick={onDevices}>
          {words().alerts.notMe}
        </button>
        <button type="button" class="button button-outline button-wide" onClick={onTraces}>
          {words().traces.title}
        </button>
        {failure !== null && <NoticeView tone="attention" text={explainCode(failure)} />}
        {events === null && failure === null && <SkeletonRowsView label={text.title} />}
        {events !== null && (
          <ul class="sheet">
            {events.map((event) => (
              <EventView key={event.number} event={event} nowMs={nowMs} />
            ))}
          </ul>
        )}
        {hasOlder && (
          <button type="button" class="button button-outline button-wide" disabled={isWorking} onClick={onOlder}>
            {text.older}
          </button>
        )}
      </div>
    </>
  )
}

function EventView({ event, nowMs }: { readonly event: AccountEvent; readonly nowMs: number }) {
  const text = words().activity
  const kinds: Readonly<Record<string, string>> = text.kinds
  const notes: Readonly<Record<string, string>> = text.notes
  const authors: Readonly<Record<string, string>> = text.by
  const details = [whenIt(event.atMs, nowMs), event.device, notes[event.note], authors[event.by]]
  return (
    <li class="device">
      <IconView name={iconOf(event.kind)} />
      <div class="row-body">
        <p class="row-title">{kinds[event.kind] ?? text.other}</p>
        <p class="row-line">{details.filter((detail) => detail !== undefined && detail !== null).join(words().profession.separator)}</p>
      </div>
    </li>
  )
}

function whenIt(atMs: number, nowMs: number): string {
  const day = spokenTime(atMs, nowMs)
  const time = clockTime(atMs)
  return day.includes(time) || nowMs - atMs < 60_000 ? day : `${day} ${time}`
}

function iconOf(kind: string): IconName {
  if (kind.startsWith("device") || kind.startsWith("session")) return "phone"
  if (kind.startsWith("passkey") || kind === "vault_changed" || kind === "secret_rotated") return "express"
  if (kind === "sign_in_refused" || kind === "account_suspended" || kind === "account_closed") return "warning"
  return kind === "signed_in" ? "lock" : "me"
}
