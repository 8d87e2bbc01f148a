/** What the server wrote down about the own account. */
import type { AccountEvent, DeviceId } from "../../bridge/models.js"
import type { Http } from "../http.js"
import { asObject, listIn, numberIn, textIn } from "../json.js"
import { listDevices } from "./devices.js"

export type EventPage = { readonly events: readonly AccountEvent[]; readonly before: number | null }

export async function listEvents(http: Http, own: DeviceId, before: number | null): Promise<EventPage> {
  const path = before === null ? "/api/audit" : `/api/audit?before=${before}`
  const [json, devices] = await Promise.all([http.signed("GET", path), listDevices(http, own)])
  const labels = new Map<string, string>(devices.map(({ device, label }) => [device, label]))
  const events = listIn(json, "events").map((item) => {
    const event = asObject(item)
    return {
      number: numberIn(event, "number"),
      atMs: numberIn(event, "at_ms"),
      kind: textIn(event, "kind"),
      by: textIn(event, "by"),
      note: textIn(event, "note"),
      subject: textIn(event, "subject"),
      device: labels.get(textIn(event, "subject")) ?? null,
      isHere: textIn(event, "subject") === own,
    }
  })
  return { events, before: numberIn(json, "before") || null }
}
