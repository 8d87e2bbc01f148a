/** What the screen and the hand are like, followed live. */
import { signal, type ReadonlySignal } from "@preact/signals"

function follow(query: string): ReadonlySignal<boolean> {
  const list = matchMedia(query)
  const matches = signal(list.matches)
  list.addEventListener("change", () => {
    matches.value = list.matches
  })
  return matches
}

/** Two panes: a list and what was chosen in it. */
export const isWide = follow("(min-width: 1024px)")
/** A mouse, so most likely a keyboard with an Enter key of its own. */
export const finePointer = follow("(hover: hover) and (pointer: fine)")

/** The browser's bars and the on-screen keyboard take height that `100dvh` does not always know about. */
export function followVisibleHeight(): void {
  const viewport = globalThis.visualViewport
  if (viewport === null) return
  const show = () => {
    if (viewport.scale !== 1) return
    document.documentElement.style.setProperty("--visible-height", `${viewport.height}px`)
    // Some systems push the page up under the keyboard although it already fits above it.
    scrollTo(0, 0)
  }
  viewport.addEventListener("resize", show)
  show()
}
