/** The page's beginning: the engine in its worker, the view on top, and the offline shell behind. */
import { render } from "preact"
import { connect, type Port } from "../bridge/channel.js"
import { AppView, fetchHome } from "./app.js"
import { watchForUpdate } from "./appUpdate.js"
import { StoppedView } from "./entry/EntryPaneView.js"
import { forgetWhenEmptied } from "./forgetting.js"
import { language, restoreLanguage } from "./i18n/language.js"
import { followVisibleHeight } from "./media.js"
import { createPage } from "./page.js"
import { startRouter } from "./router.js"
import { restoreLockDelay } from "./account/lockDelay.js"
import { woken } from "./settings/woken.js"
import { restoreTextSize } from "./textSize.js"
import { restoreTheme } from "./theme.js"
import { startEngineWorker } from "./urls.js"

/** A sign-in that failed comes back as `/?error=<code>`, a touched notification as `/?woken`: taken out of the address at once. */
function takeError(): string | null {
  const search = new URLSearchParams(location.search)
  const error = search.get("error")
  woken.value = search.has("woken")
  if (location.search !== "") history.replaceState(history.state, "", location.pathname + location.hash)
  return error
}

/** The secret of an invitation comes in `#/invitation/<secret>`: taken out of the address at once, so that no history keeps it. */
function takeInvitation(): string | null {
  const secret = /^#\/invitation\/([A-Za-z0-9_-]{22})$/.exec(location.hash)?.[1] ?? null
  if (secret !== null) history.replaceState(history.state, "", location.pathname)
  return secret
}

function portOf(worker: Worker): Port {
  const port: Port = { postMessage: (message, transfer) => worker.postMessage(message, transfer), onmessage: null }
  worker.onmessage = ({ data }: MessageEvent) => port.onmessage?.({ data: data as never })
  return port
}

/** Refused silently where the browser decides alone; everything here survives the loss of its storage. */
async function keepStorage(): Promise<void> {
  await navigator.storage.persist()
}

async function begin(root: HTMLElement, invitation: string | null): Promise<void> {
  const worker = startEngineWorker()
  const page = createPage(connect(portOf(worker)))
  const stop = () => {
    page.phase.value = { kind: "stopped", reason: "browser" }
  }
  worker.onerror = () => {
    if (page.phase.value.kind === "loading") stop()
  }
  forgetWhenEmptied(page.phase)
  render(<AppView page={page} />, root)
  await page.engine.ask("start", { error: takeError(), language: language.value }).catch(stop)
  if (invitation !== null) await page.engine.ask("openInvitation", { secret: invitation }).catch(() => undefined)
  await firstScreen()
  await fetchHome()
  await Promise.allSettled([keepStorage(), watchForUpdate()])
}

/** Until what was decided is on the screen. */
const firstScreen = async (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))

const root = document.getElementById("lien")
if (root !== null) {
  restoreTheme()
  restoreTextSize()
  restoreLockDelay()
  followVisibleHeight()
  const invitation = takeInvitation()
  startRouter()
  restoreLanguage()
    .then(() => begin(root, invitation))
    .catch(() => {
      render(<StoppedView reason="browser" />, root)
    })
}
