import { useState } from "preact/hooks"
import type { DeviceId, DeviceInfo } from "../../bridge/models.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { spokenTime } from "../i18n/times.js"
import { looksLikePhone } from "./deviceLabel.js"
import "./me.css"

type Props = {
  /** Null while they load. */
  readonly devices: readonly DeviceInfo[] | null
  readonly failure: string | null
  readonly nowMs: number
  readonly onBack: () => void
  readonly onRevoke: (device: DeviceId) => Promise<void>
}

export function DevicesView({ devices, failure, nowMs, onBack, onRevoke }: Props) {
  const text = words().me
  const [leaving, setLeaving] = useState<DeviceInfo | null>(null)
  return (
    <>
      <HeaderView title={text.devices} onBack={onBack} />
      <div class="scroll card">
        <p class="quiet">{text.devicesHint}</p>
        {failure !== null && <NoticeView tone="attention" text={explainCode(failure)} />}
        {devices === null && failure === null && <SkeletonRowsView label={text.devices} />}
        {devices !== null && (
          <ul class="sheet">
            {devices.map((device) => (
              <DeviceView key={device.device} device={device} nowMs={nowMs} onRevoke={() => setLeaving(device)} />
            ))}
          </ul>
        )}
      </div>
      {leaving !== null && (
        <ConfirmView
          title={text.revokeTitle(leaving.label)}
          text={text.revokeExplain}
          action={text.revoke}
          working={text.revoking}
          onConfirm={() => onRevoke(leaving.device)}
          onClose={() => setLeaving(null)}
        />
      )}
    </>
  )
}

function DeviceView({ device, nowMs, onRevoke }: { readonly device: DeviceInfo; readonly nowMs: number; readonly onRevoke: () => void }) {
  const text = words().me
  return (
    <li class={device.revoked ? "device device-gone" : "device"}>
      <IconView name={looksLikePhone(device.label) ? "phone" : "computer"} />
      <div class="row-body">
        <p class="row-title">{device.label}</p>
        {device.isThis ? (
          <p class="tag tag-good">
            <IconView name="check" small />
            {text.thisDevice}
          </p>
        ) : (
          <p class="row-line">{device.revoked ? text.deviceRevoked : text.deviceSeen(spokenTime(device.seenAtMs, nowMs))}</p>
        )}
        <p class="row-line">{text.deviceAdded(spokenTime(device.addedAtMs, nowMs))}</p>
      </div>
      {!device.isThis && !device.revoked && (
        <button type="button" class="button button-quiet" aria-label={text.revokeName(device.label)} onClick={onRevoke}>
          {text.revoke}
        </button>
      )}
    </li>
  )
}
