import type { ComponentChildren } from "preact"
import "./entry.css"

/** The frame of every screen that comes before the discussions: what it is on top, what to do under the thumb. */
export function EntryView({ top, children }: { readonly top: ComponentChildren; readonly children?: ComponentChildren }) {
  return (
    <main class="entry">
      <div class="entry-inner">
        <div class="entry-top">{top}</div>
        {children}
      </div>
    </main>
  )
}

/** The mark of Lien: two rings that hold each other. */
export function MarkView({ large = false }: { readonly large?: boolean }) {
  return <img class={large ? "mark mark-large" : "mark"} src="/icons/mark.svg" alt="" width={72} height={72} />
}
