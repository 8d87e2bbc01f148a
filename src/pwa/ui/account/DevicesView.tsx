import { useState } from "preact/hooks"
import type { DeviceId, DeviceInfo, SessionInfo } from "../../bridge/models.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { spokenTime } from "../i18n/times.js"
import { looksLikePhone } from "./deviceLabel.js"
import { RenameView } from "./RenameView.js"
import "./me.css"

type Props = {
  /** Null while they load. */
  readonly devices: readonly DeviceInfo[] | null
  readonly sessions: readonly SessionInfo[]
  readonly failure: string | null
  readonly nowMs: number
  readonly onBack: () => void
  readonly onAdd: () => void
  readonly onRevoke: (device: DeviceId) => Promise<void>
  readonly onRename: (device: DeviceId, label: string) => Promise<void>
  readonly onEnd: (sessions: readonly SessionInfo[]) => Promise<void>
  readonly onEndOthers: () => Promise<void>
}

type Asked = { readonly kind: "revoke" | "rename" | "end"; readonly device: DeviceInfo } | { readonly kind: "end-others" }

/** Every device of the account: which it is, whether it is signed in now, and what to do when it is not one's own. */
export function DevicesView(props: Props) {
  const { devices, sessions, failure, nowMs, onBack } = props
  const text = words().me
  const { devices: more } = words()
  const [asked, setAsked] = useState<Asked | null>(null)
  const living = devices?.filter(({ revoked }) => !revoked) ?? []
  const gone = devices?.filter(({ revoked }) => revoked) ?? []
  const hasOthers = sessions.some(({ isThis }) => !isThis)
  const row = (device: DeviceInfo) => (
    <DeviceView
      key={device.device}
      device={device}
      session={sessions.find((session) => session.device === device.device) ?? null}
      nowMs={nowMs}
      onAsk={(kind) => setAsked({ kind, device })}
    />
  )
  return (
    <>
      <HeaderView title={text.devices} onBack={onBack} />
      <div class="scroll card">
        <p class="quiet">{text.devicesHint}</p>
        {failure !== null && <NoticeView tone="attention" text={explainCode(failure)} />}
        {devices === null && failure === null && <SkeletonRowsView label={text.devices} />}
        {living.length > 0 && <ul class="sheet" aria-label={text.devices}>{living.map(row)}</ul>}
        {devices !== null && (
          <button type="button" class="button button-primary button-wide" onClick={props.onAdd}>
            <IconView name="scan" />
            {more.add}
          </button>
        )}
        {hasOthers && (
          <button type="button" class="button button-outline button-wide" onClick={() => setAsked({ kind: "end-others" })}>
            {more.endOthers}
          </button>
        )}
        {gone.length > 0 && (
          <>
            <h2 class="list-title">{more.gone}</h2>
            <ul class="sheet">{gone.map(row)}</ul>
          </>
        )}
      </div>
      {asked !== null && <AskedView {...props} asked={asked} onClose={() => setAsked(null)} />}
    </>
  )
}

function AskedView({ asked, sessions, onRevoke, onRename, onEnd, onEndOthers, onClose }: Props & { readonly asked: Asked; readonly onClose: () => void }) {
  const text = words().me
  const { devices: more } = words()
  switch (asked.kind) {
    case "rename":
      return <RenameView title={more.rename} label={asked.device.label} onRename={(label) => onRename(asked.device.device, label)} onClose={onClose} />
    case "revoke":
      return (
        <ConfirmView
          title={text.revokeTitle(asked.device.label)}
          text={text.revokeExplain}
          action={text.revoke}
          working={text.revoking}
          onConfirm={() => onRevoke(asked.device.device)}
          onClose={onClose}
        />
      )
    case "end":
      return (
        <ConfirmView
          title={more.endTitle(asked.device.label)}
          text={more.endExplain}
          action={more.end}
          onConfirm={() => onEnd(sessions.filter(({ device }) => device === asked.device.device))}
          onClose={onClose}
        />
      )
    case "end-others":
      return <ConfirmView title={more.endOthersTitle} text={more.endExplain} action={more.endOthers} onConfirm={onEndOthers} onClose={onClose} />
  }
}

type RowProps = {
  readonly device: DeviceInfo
  readonly session: SessionInfo | null
  readonly nowMs: number
  readonly onAsk: (kind: "revoke" | "rename" | "end") => void
}

function DeviceView({ device, session, nowMs, onAsk }: RowProps) {
  const text = words().me
  const { devices: more } = words()
  return (
    <li class={device.revoked ? "device device-gone" : "device"}>
      <IconView name={looksLikePhone(device.label) ? "phone" : "computer"} />
      <div class="row-body">
        <p class="row-title">{device.label}</p>
        {device.isThis && (
          <p class="tag tag-good">
            <IconView name="check" small />
            {text.thisDevice}
          </p>
        )}
        {device.revoked && <p class="row-line">{text.deviceRevoked}</p>}
        {!device.revoked && (
          <p class="row-line">{session !== null ? more.signedIn(spokenTime(session.startedAtMs, nowMs)) : text.deviceSeen(spokenTime(device.seenAtMs, nowMs))}</p>
        )}
        <p class="row-line">{text.deviceAdded(spokenTime(device.addedAtMs, nowMs))}</p>
        {!device.revoked && (
          <div class="device-actions">
            <button type="button" class="button button-quiet" aria-label={more.renameName(device.label)} onClick={() => onAsk("rename")}>
              {more.rename}
            </button>
            {session !== null && !device.isThis && (
              <button type="button" class="button button-quiet" aria-label={more.endName(device.label)} onClick={() => onAsk("end")}>
                {more.end}
              </button>
            )}
            {!device.isThis && (
              <button type="button" class="button button-quiet button-leave" aria-label={text.revokeName(device.label)} onClick={() => onAsk("revoke")}>
                {text.revoke}
              </button>
            )}
          </div>
        )}
      </div>
    </li>
  )
}
