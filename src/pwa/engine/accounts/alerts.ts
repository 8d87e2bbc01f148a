/**
 * What happened to the account and was not done here, until the person has looked: a sign-in on a new device, another way
 * in. A device that opens several times a day is told of once a day, or nobody would read it.
 */
import type { AccountEvent } from "../../bridge/models.js"
import type { Http } from "../http.js"
import { Turns } from "../turns.js"
import { listEvents } from "./events.js"
import type { Keyring } from "./keyring.js"

const DAY_MS = 86_400_000
const TOLD: ReadonlySet<string> = new Set([
  "signed_in",
  "device_added",
  "passkey_added",
  "passkey_removed",
  "pin_destroyed",
  "vault_changed",
])

/** Events, newest first: whether this one is worth an interruption. */
export function isWorth(event: AccountEvent, all: readonly AccountEvent[]): boolean {
  if (!TOLD.has(event.kind) || event.isHere || event.by !== "self") return false
  if (event.kind === "vault_changed") return event.note === "recovery"
  if (event.kind !== "signed_in") return true
  const isUsual = (other: AccountEvent): boolean =>
    other.subject === event.subject &&
    other.number < event.number &&
    event.atMs - other.atMs < DAY_MS &&
    (other.kind === "signed_in" || other.kind === "device_added")
  return !all.some(isUsual)
}

export class Alerts {
  /** The newest that was not looked at. */
  current: AccountEvent | null = null
  private newest = 0
  /** Up to which event the person has looked: known at once, while the store still writes it. */
  private looked = 0
  private readonly turns = new Turns()

  constructor(
    private readonly http: Http,
    private readonly keyring: Keyring,
    private readonly onChange: () => void,
  ) {}

  /** Look at the trail. What was there before this device came is not news. */
  check(): Promise<void> {
    return this.turns.run("alerts", async () => {
      const { events } = await listEvents(this.http, this.keyring.self.device, null)
      this.newest = Math.max(this.newest, events[0]?.number ?? 0)
      const { seenEvent } = this.keyring.self
      if (seenEvent === undefined) return this.remember()
      const before = this.current
      const seen = Math.max(seenEvent, this.looked)
      this.current = events.find((event) => event.number > seen && isWorth(event, events)) ?? null
      if (this.current === null && this.newest > seenEvent) await this.remember()
      if (before?.number !== this.current?.number) this.onChange()
    })
  }

  /** The person has looked. */
  async see(): Promise<void> {
    this.looked = this.newest
    this.current = null
    this.onChange()
    await this.remember()
  }

  private async remember(): Promise<void> {
    const seenEvent = this.newest
    await this.keyring.change((self) => (self.seenEvent === seenEvent ? self : { ...self, seenEvent }))
  }
}
