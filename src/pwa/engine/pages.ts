/** The pages that listen: what each of them looks at, and what it is told. */
import type { EngineEvent } from "../bridge/events.js"
import type { ChannelId } from "../bridge/models.js"
import type { Page } from "./election.js"

export class Pages {
  private readonly pages = new Map<string, { readonly page: Page; watched: ChannelId | null }>()

  add(page: Page): void {
    if (!this.pages.has(page.id)) this.pages.set(page.id, { page, watched: null })
  }

  /** Answers what nobody looks at any more. */
  remove(id: string): ChannelId | null {
    const left = this.pages.get(id)?.watched ?? null
    this.pages.delete(id)
    return left !== null && !this.isWatched(left) ? left : null
  }

  /** Answers what nobody looks at any more. */
  watch(id: string, channel: ChannelId | null): ChannelId | null {
    const entry = this.pages.get(id)
    const left = entry?.watched ?? null
    if (entry !== undefined) entry.watched = channel
    return left !== null && left !== channel && !this.isWatched(left) ? left : null
  }

  isWatched(channel: ChannelId): boolean {
    return [...this.pages.values()].some(({ watched }) => watched === channel)
  }

  /** No page looks at anything: the store was closed. */
  blind(): void {
    for (const entry of this.pages.values()) entry.watched = null
  }

  tellAll(event: EngineEvent): void {
    for (const { page } of this.pages.values()) page.tell({ event })
  }

  tellWatchers(channel: ChannelId, event: EngineEvent): void {
    for (const { page, watched } of this.pages.values()) if (watched === channel) page.tell({ event })
  }

  tellOthers(channel: ChannelId, event: EngineEvent): void {
    for (const { page, watched } of this.pages.values()) if (watched !== channel) page.tell({ event })
  }
}
