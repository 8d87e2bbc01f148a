/**
 * The service worker: keeps the shell for offline starts. It holds no key and sees no content.
 * One cache per version, filled whole before it is used, so that a page never mixes two versions.
 */
import { answerOf, isHashed } from "./assets.js"
import { keepLanguage, onClick, onPush } from "./push.js"

/** Both written by the build: the files of the shell, and a digest of them all. */
declare const __SHELL__: readonly string[]
declare const __SHELL_VERSION__: string
declare const self: ServiceWorkerGlobalScope

const cacheName = `lien-${__SHELL_VERSION__}`
const files: ReadonlySet<string> = new Set(__SHELL__)

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
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith("lien-") && name !== cacheName).map((name) => caches.delete(name)))
  await self.clients.claim()
}

async function fromCache(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  return (await cache.match(path)) ?? fetch(request)
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
