/**
 * Being woken: a number, shown without a name or a word of content, and the way back into the app.
 * What a push says is not believed: whatever it holds, something is shown, because browsers ask for it.
 */

const mostShown = 99
const settingsName = "settings"
const languagePath = "/language"

export type Language = "fr" | "en"

type Window = { postMessage(message: unknown): void; focus(): Promise<unknown> }

/** What is used of a service worker's own scope. */
export type Scope = {
  readonly clients: {
    matchAll(options: { readonly type: "window"; readonly includeUncontrolled?: boolean }): Promise<readonly Window[]>
    openWindow(url: string): Promise<unknown>
  }
  readonly registration: { showNotification(title: string, options: NotificationOptions): Promise<void> }
  /** `setAppBadge` only where the system has numbers on icons. */
  readonly navigator: { setAppBadge?: (count: number) => Promise<void> }
}

const texts = {
  fr: { some: "Nouveau message", many: (n: number) => `${n} nouveaux messages`, title: "Lien" },
  en: { some: "New message", many: (n: number) => `${n} new messages`, title: "Lien" },
} as const

/** How many entries a push says are waiting; 0 for what cannot be read. */
export function countIn(text: string): number {
  try {
    const said: unknown = JSON.parse(text)
    if (typeof said !== "object" || said === null || !("v" in said) || said.v !== 1 || !("n" in said)) return 0
    return typeof said.n === "number" && Number.isInteger(said.n) && said.n > 0 ? Math.min(said.n, mostShown) : 0
  } catch {
    return 0
  }
}

export function shownFor(count: number, language: Language): { readonly title: string; readonly body: string } {
  const { title, some, many } = texts[language]
  return { title, body: count > 1 ? many(count) : some }
}

/** The page's language, kept where a worker without a page can read it. */
export async function keepLanguage(language: string): Promise<void> {
  const cache = await caches.open(settingsName)
  await cache.put(languagePath, new Response(language === "en" ? "en" : "fr"))
}

async function language(): Promise<Language> {
  const kept = await caches.match(languagePath, { cacheName: settingsName })
  return (await kept?.text()) === "en" ? "en" : "fr"
}

export async function onPush(scope: Scope, text: string): Promise<void> {
  const count = countIn(text)
  const { title, body } = shownFor(count, await language())
  const pages = await scope.clients.matchAll({ type: "window" })
  for (const page of pages) page.postMessage({ kind: "pushed" })
  await scope.registration.showNotification(title, { body, tag: "lien", icon: "/icons/mark-192.png", badge: "/icons/mark-192.png", data: null })
  // A number on the icon, where the system has one.
  await scope.navigator.setAppBadge?.(count).catch(() => undefined)
}

/** The app that is open, or a new one, at what is unread. */
export async function onClick(scope: Scope): Promise<void> {
  const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true })
  const page = pages.at(0)
  if (page === undefined) await scope.clients.openWindow("/?woken#/discussions")
  else {
    await page.focus()
    page.postMessage({ kind: "opened" })
  }
}
