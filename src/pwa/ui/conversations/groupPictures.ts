/** The pictures of groups, each asked for once for each change; none outlives the lock. */
import { signal } from "@preact/signals"
import type { Engine } from "../../bridge/channel.js"
import type { DiscussionSummary } from "../../bridge/models.js"
import { isPicture } from "../photos/kinds.js"

const urls = signal<ReadonlyMap<string, string>>(new Map())
const asked = new Set<string>()

const nameOf = ({ channel, picture }: DiscussionSummary): string | null => (picture === null ? null : `${channel} ${picture}`)

/** To be drawn as soon as it is here; null where there is none. */
export const pictureOf = (summary: DiscussionSummary): string | null => urls.value.get(nameOf(summary) ?? "") ?? null

export function learnPictures(engine: Engine, summaries: readonly DiscussionSummary[]): void {
  for (const summary of summaries) {
    const name = nameOf(summary)
    if (name === null || asked.has(name)) continue
    asked.add(name)
    engine.ask("groupPicture", { channel: summary.channel }).then(
      ({ picture }) => {
        if (picture === null || !isPicture(picture) || !asked.has(name)) return
        urls.value = new Map(urls.value).set(name, URL.createObjectURL(new Blob([new Uint8Array(picture)])))
      },
      () => asked.delete(name),
    )
  }
}

/** The store was closed: nothing of it stays in the page. */
export function forgetPictures(): void {
  for (const url of urls.value.values()) URL.revokeObjectURL(url)
  asked.clear()
  urls.value = new Map()
}
