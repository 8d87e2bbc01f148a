/** Small pictures by their blob, each asked for once; none outlives the lock. */
import { useEffect, useState } from "preact/hooks"
import type { BlobId, MediaItem } from "../../bridge/models.js"
import { isPicture } from "./kinds.js"
import type { MediaPlace } from "./MediaView.js"

const mostKept = 300
const kept = new Map<BlobId, Promise<string | null>>()

function ask({ engine, channel, message }: MediaPlace, { blob, index }: MediaItem): Promise<string | null> {
  const known = kept.get(blob)
  if (known !== undefined) return known
  const asked = engine.ask("thumbnail", { channel, target: message, index }).then(
    ({ thumbnail }) => (thumbnail !== null && isPicture(thumbnail) ? URL.createObjectURL(new Blob([thumbnail])) : null),
    () => null,
  )
  kept.set(blob, asked)
  const [oldest] = kept.keys()
  if (kept.size > mostKept && oldest !== undefined) drop(oldest)
  return asked
}

function drop(blob: BlobId): void {
  kept.get(blob)?.then((url) => {
    if (url !== null) URL.revokeObjectURL(url)
  }, () => undefined)
  kept.delete(blob)
}

/** The store was closed: nothing of it stays in the page. */
export function forgetThumbnails(): void {
  for (const blob of [...kept.keys()]) drop(blob)
}

export function useThumbnail(place: MediaPlace, item: MediaItem): string | null {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    let isOver = false
    if (item.hasThumbnail) {
      void ask(place, item).then((found) => {
        if (!isOver) setUrl(found)
      })
    }
    return () => {
      isOver = true
    }
  }, [item.blob])
  return url
}
