/**
 * The service worker: keeps the shell for offline starts. It holds no key and sees no content.
 * One cache per version, filled whole before it is used, so that a page never mixes two versions.
 */
import { answerOf, isHashed } from "./assets.js"
import { keepLanguage, onClick, onPush } from "./push.js"

/** Written by the build: the files of the shell, those that are kept once they were used, and a digest of the former. */
declare const __SHELL__: readonly string[]
declare const __LAZY__: readonly string[]
declare const __SHELL_VERSION__: string
declare const self: ServiceWorkerGlobalScope

const cacheName = `lien-${__SHELL_VERSION__}`
const lazy: ReadonlySet<string> = new Set(__LAZY__)
const files: ReadonlySet<string> = new Set([...__SHELL__, ...__LAZY__])

async function fill(): Promise<void> {
  const cache = await caches.open(cacheName)
  await Promise.all(
    __SHELL__.map(async (path) => {
      const known = isHashed(path) ? await caches.match(path) : undefined
      const response = known ?? (await fetch(path, { cache: "no-cache", credentials: "same-origin" }))
      if (!response.ok || response.redirected) throw new TypeError("incomplete shell")
      await cache.put(path, response)
    }),
  )
  // What an older version kept and this one has unchanged is there from the start.
  for (const path of __LAZY__) {
    const known = await caches.match(path)
    if (known !== undefined) await cache.put(path, known)
  }
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith("lien-") && name !== cacheName).map((name) => caches.delete(name)))
  await self.clients.claim()
}

async function fromCache(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  const known = await cache.match(path)
  if (known !== undefined) return known
  const response = await fetch(request)
  if (lazy.has(path) && response.ok) await cache.put(path, response.clone())
  return response
}

self.addEventListener("install", (event) => event.waitUntil(fill()))
self.addEventListener("activate", (event) => event.waitUntil(dropOthers()))

self.addEventListener("message", (event: ExtendableMessageEvent) => {
  const data: unknown = event.data
  if (typeof data === "object" && data !== null && "kind" in data && data.kind === "take-over") event.waitUntil(self.skipWaiting())
  if (typeof data === "object" && data !== null && "language" in data && typeof data.language === "string") event.waitUntil(keepLanguage(data.language))
})

self.addEventListener("push", (event) => event.waitUntil(onPush(self, event.data?.text() ?? "")))
self.addEventListener("notificationclick", (event) => {
  event.notification.close()
  event.waitUntil(onClick(self))
})

self.addEventListener("fetch", (event) => {
  const { request } = event
  const url = new URL(request.url)
  switch (answerOf(request.method, request.mode === "navigate", url.pathname, url.origin === self.location.origin, files)) {
    case "page":
      event.respondWith(fromCache("/", request))
      break
    case "file":
      event.respondWith(fromCache(url.pathname, request))
      break
    case "network":
      break
  }
})
