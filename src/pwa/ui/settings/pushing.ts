/** The browser's side of being woken: permission, subscription, and what it says when something is missing. */
import type { Engine } from "../../bridge/channel.js"
import { language } from "../i18n/language.js"
import { forgetWaking } from "./unwaking.js"

/** A browser without a push service leaves the question unanswered. */
const patienceMs = 15_000
const receivedWithinMs = 20_000

export type Obstacle = "unsupported" | "install-first" | "denied" | "dismissed" | "no-service" | "failed"

export function canBeWoken(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window
}

/** Safari on phones wakes only what was put on the home screen. */
function mustBeInstalled(): boolean {
  const isPhone = /iPhone|iPad/.test(navigator.userAgent)
  return isPhone && !window.matchMedia("(display-mode: standalone)").matches
}

export class Obstructed extends Error {
  constructor(readonly obstacle: Obstacle) {
    super(obstacle)
  }
}

function within<Value>(asked: Promise<Value>, ms: number): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Obstructed("no-service")), ms)
    asked.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** Ask the person, then the browser, then tell the server. Throws Obstructed, EngineFailure. */
export async function turnOn(engine: Engine): Promise<void> {
  if (mustBeInstalled()) throw new Obstructed("install-first")
  if (!canBeWoken()) throw new Obstructed("unsupported")
  const permission = await Notification.requestPermission()
  if (permission !== "granted") throw new Obstructed(permission === "denied" ? "denied" : "dismissed")
  await subscribe(engine)
}

export async function subscribe(engine: Engine): Promise<void> {
  const registration = await within(navigator.serviceWorker.ready, patienceMs)
  registration.active?.postMessage({ kind: "language", language: language.value })
  const { key } = await engine.ask("pushKey", null)
  let subscription = await registration.pushManager.getSubscription()
  if (subscription !== null && !isSame(subscription.options.applicationServerKey, key)) {
    await subscription.unsubscribe()
    subscription = null
  }
  try {
    subscription ??= await within(registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }), patienceMs)
  } catch (error) {
    throw error instanceof Obstructed ? error : new Obstructed("no-service")
  }
  const [publicKey, auth] = [subscription.getKey("p256dh"), subscription.getKey("auth")]
  if (publicKey === null || auth === null) throw new Obstructed("no-service")
  await engine.ask("subscribePush", { endpoint: subscription.endpoint, key: publicKey, auth })
}

export async function turnOff(engine: Engine): Promise<void> {
  await forgetWaking()
  await engine.ask("unsubscribePush", null)
}

/** At every opening: the address may have changed, and nothing waits any more. */
export async function refresh(engine: Engine): Promise<void> {
  const nothing = (navigator as { clearAppBadge?: () => Promise<void> }).clearAppBadge?.()
  nothing?.catch(() => undefined)
  if (!canBeWoken() || Notification.permission !== "granted") return
  const registration = await navigator.serviceWorker.getRegistration()
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close()
  const { isOn } = await engine.ask("notifications", null)
  if (isOn) await subscribe(engine)
}

/** Whether a push arrives here within a while. */
export function received(): Promise<boolean> {
  return new Promise((resolve) => {
    const listen = (event: MessageEvent<unknown>) => {
      if (typeof event.data === "object" && event.data !== null && "kind" in event.data && event.data.kind === "pushed") end(true)
    }
    const timer = setTimeout(() => end(false), receivedWithinMs)
    const end = (outcome: boolean) => {
      clearTimeout(timer)
      navigator.serviceWorker.removeEventListener("message", listen)
      resolve(outcome)
    }
    navigator.serviceWorker.addEventListener("message", listen)
    navigator.serviceWorker.startMessages()
  })
}

/** While the app is open behind something else: the same words as a push, made here. */
export async function showArrival(text: string): Promise<void> {
  if (document.visibilityState === "visible" || !canBeWoken() || Notification.permission !== "granted") return
  const registration = await navigator.serviceWorker.getRegistration()
  await registration?.showNotification("Lien", { body: text, tag: "lien", icon: "/icons/mark-192.png" })
}

function isSame(one: ArrayBuffer | null, other: Uint8Array): boolean {
  if (one === null) return false
  const bytes = new Uint8Array(one)
  return bytes.length === other.length && bytes.every((byte, index) => byte === other[index])
}
