/** A new version of the page: offered, never forced, and never while something written here has not left. */
import { signal, type ReadonlySignal } from "@preact/signals"
import { registerServiceWorker } from "./urls.js"

const waiting = signal<ServiceWorker | null>(null)
const asked = signal(false)

/** Whether a version waits, and whether the person asked for it. */
export const updateReady: ReadonlySignal<ServiceWorker | null> = waiting
export const updateAsked: ReadonlySignal<boolean> = asked

export function askForUpdate(): void {
  asked.value = true
}

/** Takes the waiting version and shows it. The caller has made sure that nothing is being sent. */
export function applyUpdate(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true })
  waiting.value?.postMessage({ kind: "take-over" })
}

/** Resolves at once where there is no service worker: the page works without, only not offline. */
export async function watchForUpdate(): Promise<void> {
  if (!("serviceWorker" in navigator)) return
  const registration = await registerServiceWorker()
  const offer = (worker: ServiceWorker | null) => {
    if (worker !== null && navigator.serviceWorker.controller !== null) waiting.value = worker
  }
  offer(registration.waiting)
  registration.addEventListener("updatefound", () => {
    const installing = registration.installing
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed") offer(installing)
    })
  })
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => undefined)
  })
}
