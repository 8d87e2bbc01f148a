/**
 * When a person can be counted on, as they tell those they talk with: on duty, absent, as usual.
 *
 * It is said in each of their conversations, and the newest one counts everywhere: `sinceMs` is when the person chose
 * it, however often it is said again. It ends by itself.
 */
import type { AccountId } from "../../../bridge/models.js"
import { Malformed } from "../errors.js"
import type { ValueMap } from "../msgpack.js"
import type { Body } from "./body.js"

const STATES: readonly string[] = ["duty", "absent", "usual"]
const MAX_AVAILABILITY_MS = 366 * 24 * 3_600_000

/** `untilMs` is 0 for `usual`, which takes back what was said before; only who is absent names a `cover`. */
export type Availability = {
  readonly type: "availability"
  readonly state: "duty" | "absent" | "usual"
  readonly sinceMs: number
  readonly untilMs: number
  readonly cover: AccountId | null
}

export const availabilityBody = ({ state, sinceMs, untilMs, cover }: Availability): ValueMap => ({
  state,
  since_ms: sinceMs,
  ...(untilMs === 0 ? {} : { until_ms: untilMs }),
  ...(cover === null ? {} : { cover: [cover] }),
})

export function parseAvailability(body: Body): Availability {
  const state = body.text("state", 16)
  const sinceMs = body.integer("since_ms", 1)
  const untilMs = body.has("until_ms") ? body.integer("until_ms", sinceMs + 1) : 0
  const cover = body.accounts("cover", 1).at(0) ?? null
  if (!STATES.includes(state) || (state === "usual") !== (untilMs === 0)) throw new Malformed()
  if (untilMs - sinceMs > MAX_AVAILABILITY_MS || (cover !== null && state !== "absent")) throw new Malformed()
  return { type: "availability", state: state as Availability["state"], sinceMs, untilMs, cover }
}
