/**
 * Where the page is, in the part of the address after `#`, which never leaves the device. Only opaque ids
 * appear there: no name, no number, nothing about health. Back works as on a phone.
 */
import { signal, type ReadonlySignal } from "@preact/signals"
import type { DocumentRef, PatientId } from "../bridge/documents.js"
import type { AccountId, ChannelId, DeviceId, EnvelopeId } from "../bridge/models.js"

export type Route =
  | { readonly kind: "discussions" }
  | { readonly kind: "compose" }
  | { readonly kind: "discussion"; readonly channel: ChannelId }
  | { readonly kind: "people"; readonly channel: ChannelId }
  | { readonly kind: "add-people"; readonly channel: ChannelId }
  | { readonly kind: "person"; readonly channel: ChannelId; readonly account: AccountId }
  | { readonly kind: "shared-document"; readonly channel: ChannelId; readonly device: DeviceId; readonly envelope: EnvelopeId }
  | { readonly kind: "patients" }
  | { readonly kind: "patient"; readonly patient: PatientId }
  | { readonly kind: "document"; readonly document: DocumentRef }
  | { readonly kind: "talk-about"; readonly document: DocumentRef }
  | { readonly kind: "directory" }
  | { readonly kind: "card" }
  | { readonly kind: "me" }
  | { readonly kind: MeScreen }

/** The screens behind "Moi". */
const meScreens = ["express", "devices", "recovery", "activity", "traces", "situation", "guests", "administration", "notifications", "know", "help"] as const
export type MeScreen = (typeof meScreens)[number]

const meScreenOf = (text: string): MeScreen | null => meScreens.find((screen) => screen === text) ?? null

/** Whether a route is one of the screens behind "Moi". */
export const isMeScreen = (route: Route): route is { readonly kind: MeScreen } => meScreenOf(route.kind) !== null

export type Tab = "discussions" | "patients" | "directory" | "me"

const idPattern = /^[A-Za-z0-9_-]{1,64}$/

export function parseRoute(hash: string): Route {
  const [first = "", second = "", third = "", fourth = "", fifth = ""] = hash.replace(/^#\/?/, "").split("/")
  switch (first) {
    case "discussion": {
      if (!idPattern.test(second)) return { kind: "discussions" }
      const channel = second as ChannelId
      if (third === "person" && idPattern.test(fourth)) return { kind: "person", channel, account: fourth as AccountId }
      if (third === "document" && idPattern.test(fourth) && idPattern.test(fifth))
        return { kind: "shared-document", channel, device: fourth as DeviceId, envelope: fifth as EnvelopeId }
      if (third === "people") return { kind: "people", channel }
      if (third === "add") return { kind: "add-people", channel }
      return { kind: "discussion", channel }
    }
    case "new":
      return { kind: "compose" }
    case "patients":
      return idPattern.test(second) ? { kind: "patient", patient: second as PatientId } : { kind: "patients" }
    case "document":
      if (!idPattern.test(second)) return { kind: "patients" }
      return { kind: third === "talk" ? "talk-about" : "document", document: second as DocumentRef }
    case "directory":
      return { kind: second === "card" ? "card" : "directory" }
    case "me":
      return { kind: meScreenOf(second) ?? "me" }
    default:
      return { kind: "discussions" }
  }
}

export function formatRoute(route: Route): string {
  switch (route.kind) {
    case "discussions":
      return "#/discussions"
    case "compose":
      return "#/new"
    case "discussion":
      return `#/discussion/${route.channel}`
    case "people":
      return `#/discussion/${route.channel}/people`
    case "add-people":
      return `#/discussion/${route.channel}/add`
    case "person":
      return `#/discussion/${route.channel}/person/${route.account}`
    case "shared-document":
      return `#/discussion/${route.channel}/document/${route.device}/${route.envelope}`
    case "patients":
      return "#/patients"
    case "patient":
      return `#/patients/${route.patient}`
    case "document":
      return `#/document/${route.document}`
    case "talk-about":
      return `#/document/${route.document}/talk`
    case "directory":
      return "#/directory"
    case "card":
      return "#/directory/card"
    case "me":
      return "#/me"
    default:
      return `#/me/${route.kind}`
  }
}

export function tabOf(route: Route): Tab {
  if (isMeScreen(route)) return "me"
  switch (route.kind) {
    case "patients":
    case "patient":
    case "document":
    case "talk-about":
      return "patients"
    case "directory":
    case "card":
      return "directory"
    case "me":
      return "me"
    default:
      return "discussions"
  }
}

/** Where Back leads when this page was opened directly on `route`. */
export function parentOf(route: Route): Route {
  if (isMeScreen(route)) return { kind: "me" }
  switch (route.kind) {
    case "people":
    case "person":
    case "shared-document":
      return { kind: "discussion", channel: route.channel }
    case "add-people":
      return { kind: "people", channel: route.channel }
    case "patient":
    case "document":
      return { kind: "patients" }
    case "talk-about":
      return { kind: "document", document: route.document }
    case "card":
      return { kind: "directory" }
    default:
      return { kind: "discussions" }
  }
}

/** The channel on screen, or null. */
export const channelOf = (route: Route): ChannelId | null => ("channel" in route ? route.channel : null)

const current = signal<Route>({ kind: "discussions" })
export const route: ReadonlySignal<Route> = current

const depthOf = (state: unknown): number =>
  typeof state === "object" && state !== null && "depth" in state && typeof state.depth === "number" ? state.depth : 0

/** A step forward: Back returns here. */
export function goTo(next: Route): void {
  if (formatRoute(next) === formatRoute(current.value)) return
  history.pushState({ depth: depthOf(history.state) + 1 }, "", formatRoute(next))
  current.value = next
}

/** Takes the place of what is on screen: Back does not return here. */
export function replaceWith(next: Route): void {
  history.replaceState({ depth: depthOf(history.state) }, "", formatRoute(next))
  current.value = next
}

/** The phone's own Back where there is one, else the parent. */
export function goBack(): void {
  if (depthOf(history.state) > 0) history.back()
  else replaceWith(parentOf(current.value))
}

/** From the first tab a step forward, between the others a swap, so that Back always ends on the discussions. */
export function goToTab(tab: Tab): void {
  if (current.value.kind === "discussions") goTo({ kind: tab })
  else replaceWith({ kind: tab })
}

/** Follows the browser's Back and Forward. Answers how to stop. */
export function startRouter(): () => void {
  const follow = () => {
    current.value = parseRoute(location.hash)
  }
  follow()
  addEventListener("popstate", follow)
  addEventListener("hashchange", follow)
  return () => {
    removeEventListener("popstate", follow)
    removeEventListener("hashchange", follow)
  }
}
