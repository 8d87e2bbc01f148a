/** While the app is open: the address is kept fresh, and what arrives behind another app is told. */
import { useEffect } from "preact/hooks"
import { words } from "../i18n/language.js"
import type { Page } from "../page.js"
import { goTo, route } from "../router.js"
import { refresh, showArrival } from "./pushing.js"
import { placeToOpen, woken } from "./woken.js"

export function useWaking(page: Page, signedIn: boolean): void {
  useEffect(() => {
    if (signedIn) refresh(page.engine).catch(() => undefined)
  }, [signedIn])
  const arrival = page.arrival.value
  useEffect(() => {
    if (arrival !== null) showArrival(words().notifications.opened).catch(() => undefined)
  }, [arrival])
  const { value: here } = route
  const { value: discussions } = page.discussions
  useEffect(() => {
    if (!woken.value) return
    const channel = placeToOpen(discussions ?? [])
    // Who went elsewhere meanwhile is not called back.
    if (channel !== null || here.kind !== "discussions") woken.value = false
    if (channel !== null && here.kind === "discussions") goTo({ kind: "discussion", channel })
  }, [woken.value, discussions, here.kind])
  useEffect(() => {
    if (!("serviceWorker" in navigator)) return
    const listen = (event: MessageEvent<unknown>) => {
      if (typeof event.data === "object" && event.data !== null && "kind" in event.data && event.data.kind === "opened") {
        goTo({ kind: "discussions" })
        woken.value = true
      }
    }
    navigator.serviceWorker.addEventListener("message", listen)
    return () => navigator.serviceWorker.removeEventListener("message", listen)
  }, [])
}
