/** Devices and where the account is signed in, wired to the engine. */
import { useEffect, useState } from "preact/hooks"
import type { DeviceInfo, Me, SessionInfo } from "../../bridge/models.js"
import { codeOf } from "../i18n/failures.js"
import type { Page } from "../page.js"
import { goBack } from "../router.js"
import { AddDeviceView } from "./AddDeviceView.js"
import { DevicesView } from "./DevicesView.js"

type Props = { readonly page: Page; readonly me: Me; readonly nowMs: number; readonly onSignInAgain: () => void }

export function DevicesPaneView({ page, me, nowMs, onSignInAgain }: Props) {
  const { engine } = page
  const [devices, setDevices] = useState<readonly DeviceInfo[] | null>(null)
  const [sessions, setSessions] = useState<readonly SessionInfo[]>([])
  const [failure, setFailure] = useState<string | null>(null)
  const [isAdding, setAdding] = useState(false)
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
  if (isAdding) {
    return (
      <AddDeviceView
        engine={engine}
        withPasskey={me.expressLogin}
        onBack={() => setAdding(false)}
        onDone={() => {
          setAdding(false)
          void load()
        }}
        onSignInAgain={onSignInAgain}
      />
    )
  }
  return (
    <DevicesView
      onAdd={() => setAdding(true)}
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
