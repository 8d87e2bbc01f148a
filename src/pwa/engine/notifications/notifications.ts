/** Being woken: this device's address at its vendor's, and when not to. */
import type { NotificationSettings } from "../../bridge/commands/notifications.js"
import type { AccountId, ChannelId } from "../../bridge/models.js"
import { toBase64, type Bytes } from "../bytes.js"
import { Refusal } from "../failure.js"
import type { Http } from "../http.js"
import { asNumber, asText, bytesIn, listIn, textIn } from "../json.js"
import type { Store } from "../store/store.js"

type Address = { readonly endpoint: string; readonly key: Uint8Array; readonly auth: Uint8Array }
type Kept = { readonly settings: NotificationSettings; readonly address: Address | null }

const DAY_MINUTES = 24 * 60
const NAME = "notifications"
const FIRST: Kept = { settings: { isOn: false, quietFrom: 0, quietUntil: 0, urgentPasses: true, muted: [] }, address: null }

export class Notifications {
  constructor(
    private readonly http: Http,
    private readonly store: Store,
    /** What this phone's clock is ahead of UTC, in minutes. */
    private readonly aheadMinutes: () => number = () => -new Date().getTimezoneOffset(),
  ) {}

  async settings(): Promise<NotificationSettings> {
    return (await this.kept()).settings
  }

  async key(): Promise<Bytes> {
    return bytesIn(await this.http.signed("GET", "/api/push"), "public")
  }

  async subscribe(address: Address): Promise<void> {
    const { settings } = await this.kept()
    await this.tell(address, settings)
    await this.keep({ settings: { ...settings, isOn: true }, address })
  }

  async unsubscribe(): Promise<void> {
    const { settings } = await this.kept()
    await this.keep({ settings: { ...settings, isOn: false }, address: null })
    await this.http.signed("DELETE", "/api/push")
  }

  /** Signed out: the server forgets the address, and the next session brings one again. Without a network, the vendor tells it. */
  async rest(): Promise<void> {
    const { settings, address } = await this.kept()
    if (address === null) return
    await this.keep({ settings, address: null })
    await this.http.signed("DELETE", "/api/push").catch(() => undefined)
  }

  /** Kept even where the server cannot be asked: it learns them at the next start. */
  async change(changed: Omit<NotificationSettings, "isOn">): Promise<void> {
    const { settings, address } = await this.kept()
    await this.keep({ settings: { ...changed, isOn: settings.isOn }, address })
    if (address !== null) await this.tell(address, changed)
  }

  async test(): Promise<"taken" | "gone" | "failed"> {
    const outcome = textIn(await this.http.signed("POST", "/api/push/test", {}), "outcome")
    return outcome === "taken" || outcome === "gone" ? outcome : "failed"
  }

  async unreachable(channel: ChannelId): Promise<readonly { readonly account: AccountId; readonly sinceMs: number }[]> {
    const json = await this.http.signed("GET", `/api/conversations/${channel}/reach`)
    return listIn(json, "reach").flatMap((item) => {
      if (!Array.isArray(item)) throw new Refusal("unexpected")
      const [account, canBeWoken, failedAtMs] = item as readonly unknown[]
      return canBeWoken === true ? [] : [{ account: asText(account) as AccountId, sinceMs: asNumber(failedAtMs) }]
    })
  }

  private async tell({ endpoint, key, auth }: Address, settings: Omit<NotificationSettings, "isOn">): Promise<void> {
    const isQuiet = settings.quietFrom !== settings.quietUntil
    await this.http.signed("PUT", "/api/push", {
      endpoint,
      public: toBase64(key),
      auth: toBase64(auth),
      muted: settings.muted,
      quiet_from: isQuiet ? this.inUtc(settings.quietFrom) : 0,
      quiet_until: isQuiet ? this.inUtc(settings.quietUntil) : 0,
      urgent_passes: settings.urgentPasses,
    })
  }

  private inUtc(minute: number): number {
    return (((minute - this.aheadMinutes()) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES
  }

  private async kept(): Promise<Kept> {
    return (await this.store.get<Kept>("self", NAME)) ?? FIRST
  }

  private async keep(kept: Kept): Promise<void> {
    await this.store.write([await this.store.put("self", NAME, kept)])
  }
}
