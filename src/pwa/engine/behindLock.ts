/** What happens behind the lock is a program of its own, fetched while the first screen is read. */
import type { Desk } from "./desk.js"

export type { Desk, DeskOwner, DeskPorts } from "./desk.js"

const load = () => import("./desk.js")

/** Without network it is in the cache, or asked for again when it is needed. */
export function warmDesk(): void {
  load().catch(() => undefined)
}

export async function openDesk(...given: Parameters<typeof Desk.open>): Promise<Desk> {
  return (await load()).Desk.open(...given)
}
