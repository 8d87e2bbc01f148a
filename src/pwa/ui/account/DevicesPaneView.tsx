/** Devices and where the account is signed in, wired to the engine. */
import { useEffect, useState } from "preact/hooks"
import type { DeviceInfo, SessionInfo } from "../../bridge/models.js"
import { codeOf } from "../i18n/failures.js"
import type { Page } from "../page.js"
import { goBack } from "../router.js"
import { DevicesView } from "./DevicesView.js"

export function DevicesPaneView({ page, nowMs }: { readonly page: Page; readonly nowMs: number }) {
  const { engine } = page
  const [devices, setDevices] = useState<readonly DeviceInfo[] | null>(null)
  const [sessions, setSessions] = useState<readonly SessionInfo[]>([])
  const [failure, setFailure] = useState<string | null>(null)
  const load = async () => {
    try {
      const [known, open] = await Promise.all([engine.ask("listDevices", null), engine.ask("listSessions", null)])
      setDevices(known.devices)
      setSessions(open.sessions)
      setFailure(null)
    } catch (error) {
      setFailure(codeOf(error))
    }
  }
  useEffect(() => void load(), [])
  return (
    <DevicesView
      devices={devices}
      sessions={sessions}
      failure={failure}
      nowMs={nowMs}
      onBack={goBack}
      onRevoke={async (device) => {
        await engine.ask("revokeDevice", { device })
        await load()
      }}
      onRename={async (device, label) => {
        await engine.ask("renameDevice", { device, label })
        await load()
      }}
      onEnd={async (ended) => {
        for (const { session } of ended) await engine.ask("endSession", { session })
        await load()
      }}
      onEndOthers={async () => {
        await engine.ask("endOtherSessions", null)
        await load()
      }}
    />
  )
}
