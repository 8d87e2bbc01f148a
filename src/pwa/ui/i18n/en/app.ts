/** English: the shell, times and small words. */
import { many } from "../plural.js"
import type { app as french } from "../fr/app.js"

export const app: typeof french = {
  app: {
    name: "Lien",
    loading: "Opening Lien…",
    skipToContent: "Skip to content",
    navigation: "Main navigation",
    back: "Back",
    close: "Close",
    clear: "Clear the search",
    cancel: "Cancel",
    retry: "Try again",
    showMore: "Show more",
  },
  tabs: { discussions: "Discussions", patients: "Patients", directory: "Directory", me: "Me", unread: (n) => `${n} unread` },
  strips: {
    offline: "Offline — your messages will leave as soon as possible",
    sessionOver: "Unlock to go on. Your draft is kept.",
    sessionOverProvider: "Sign in again to go on. Your draft is kept.",
    unlock: "Unlock",
    signIn: "Sign in again",
    update: "A new version of Lien is ready.",
    updateNow: "Update",
    updateWaits: "Updating once your messages have left…",
  },
  times: {
    now: "just now",
    yesterday: "yesterday",
    yesterdayAt: (time) => `yesterday ${time}`,
    today: "Today",
    yesterdayTitle: "Yesterday",
    tomorrowAt: (time: string) => `tomorrow ${time}`,
  },
  profession: { separator: " · ", andMore: (names, n) => `${names} and ${n} ${many(n, "other", "others")}`, and: " and " },
  device: { on: (browser, system) => `${browser} on ${system}`, browser: "Browser", thisDevice: "this device" },
}
