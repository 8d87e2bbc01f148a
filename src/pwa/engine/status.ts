/** What the deployment says about itself to anyone. */
import type { Provider } from "../bridge/models.js"
import type { ServerClock } from "./clock.js"
import { attestorsFrom, type Attestors, type Step } from "./crypto/attestor.js"
import type { Http } from "./http.js"
import { asObject, booleanIn, bytesIn, listIn, numberIn, textIn } from "./json.js"

export type Status = {
  readonly providers: readonly Provider[]
  readonly attestors: Attestors
  readonly retentionDays: number
  /** How long, at least, a discussion keeps its messages, whatever its admin chooses. */
  readonly retentionLeastDays: number
  /** A demonstration: its sign-in provider is a mock, and nobody is real. */
  readonly isDemo: boolean
  /** The largest blob the deployment takes, sealed. */
  readonly blobBytes: number
  /** How long a PIN opens its phone without network, after its last use with it; 0: never. */
  readonly pinOfflineHours: number
  /** How long, at most, an open application may be in the background before it locks. */
  readonly lockSeconds: number
}

export async function readStatus(http: Http, clock: ServerClock): Promise<Status> {
  const json = await http.open("GET", "/api/status")
  clock.learn(numberIn(json, "server_at_ms"))
  return {
    providers: listIn(json, "providers").map((item) => {
      const provider = asObject(item)
      return { id: textIn(provider, "id"), label: textIn(provider, "label") }
    }),
    attestors: await attestorsFrom(listIn(json, "attestor_steps").map(stepFrom), bytesIn(json, "attestor")),
    retentionDays: numberIn(json, "retention_days"),
    retentionLeastDays: numberIn(json, "retention_least_days"),
    isDemo: booleanIn(json, "mock"),
    blobBytes: numberIn(json, "blob_bytes"),
    pinOfflineHours: numberIn(json, "pin_offline_hours"),
    lockSeconds: numberIn(json, "lock_seconds"),
  }
}

function stepFrom(item: unknown): Step {
  const step = asObject(item)
  return { step: bytesIn(step, "step"), signature: bytesIn(step, "signature") }
}
