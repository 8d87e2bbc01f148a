/** Where the own account is signed in, as the server lists it. */
import type { DeviceId, SessionInfo } from "../../bridge/models.js"
import type { Http } from "../http.js"
import { asObject, listIn, numberIn, textIn } from "../json.js"

export async function listSessions(http: Http, own: string | null): Promise<readonly SessionInfo[]> {
  const json = await http.signed("GET", "/api/sessions")
  return listIn(json, "sessions").map((item) => {
    const one = asObject(item)
    const session = textIn(one, "session")
    return {
      session,
      device: textIn(one, "device") as DeviceId,
      startedAtMs: numberIn(one, "started_at_ms"),
      isThis: session === own,
    }
  })
}

export async function endSession(http: Http, session: string): Promise<void> {
  await http.signed("DELETE", `/api/sessions/${session}`)
}

export async function endOtherSessions(http: Http): Promise<void> {
  await http.signed("POST", "/api/sessions/end-others", {})
}

export async function renameDevice(http: Http, device: DeviceId, label: string): Promise<void> {
  await http.signed("PUT", `/api/devices/${device}`, { label })
}
