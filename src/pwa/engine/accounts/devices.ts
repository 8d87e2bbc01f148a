/** The devices of the own account, as the server lists them. */
import type { DeviceId, DeviceInfo } from "../../bridge/models.js"
import type { Http } from "../http.js"
import { asObject, booleanIn, listIn, numberIn, textIn } from "../json.js"

export async function listDevices(http: Http, own: DeviceId): Promise<readonly DeviceInfo[]> {
  const json = await http.signed("GET", "/api/devices")
  return listIn(json, "devices").map((item) => {
    const device = asObject(item)
    const id = textIn(device, "device") as DeviceId
    return {
      device: id,
      label: textIn(device, "label"),
      addedAtMs: numberIn(device, "added_at_ms"),
      seenAtMs: numberIn(device, "seen_at_ms"),
      isThis: id === own,
      revoked: booleanIn(device, "revoked"),
    }
  })
}
