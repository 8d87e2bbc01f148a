/** What the page may ask about being woken. */
import type { AccountId, ChannelId } from "../models.js"

/** Minutes of the day here, the same twice for no quiet hours. */
export type NotificationSettings = {
  readonly isOn: boolean
  readonly quietFrom: number
  readonly quietUntil: number
  readonly urgentPasses: boolean
  readonly muted: readonly ChannelId[]
}

export type NotificationsCommands = {
  notifications: { request: null; reply: NotificationSettings }
  /** The deployment's public key, for `pushManager.subscribe`. */
  pushKey: { request: null; reply: { readonly key: Uint8Array<ArrayBuffer> } }
  /** What the browser gave: the device is woken from now on, as the settings say. */
  subscribePush: { request: { readonly endpoint: string; readonly key: ArrayBuffer; readonly auth: ArrayBuffer }; reply: null }
  unsubscribePush: { request: null; reply: null }
  setNotifications: { request: Omit<NotificationSettings, "isOn">; reply: null }
  /** One push to this device, now. */
  testPush: { request: null; reply: { readonly outcome: "taken" | "gone" | "failed" } }
  /** Who of a discussion no device could be woken for, and since when (0: never). */
  unreachable: { request: { readonly channel: ChannelId }; reply: { readonly accounts: readonly { readonly account: AccountId; readonly sinceMs: number }[] } }
}
