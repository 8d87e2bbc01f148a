/** What a discussion's parts need to show and send photographs, files and voices. */
import { createContext } from "preact"
import { useContext, useEffect, useState } from "preact/hooks"
import type { Engine } from "../../bridge/channel.js"
import type { AccountId, ChannelId, Intent, MediaItem, Message, Target } from "../../bridge/models.js"

/** What goes with what is sent; `onSent` once it is on its way. */
export type Around = { readonly replyTo: Target | null; readonly intent: Intent; readonly mentions: readonly AccountId[]; readonly onSent: () => void }

export type Start =
  | { readonly kind: "camera" }
  | { readonly kind: "photos"; readonly files: readonly File[] }
  | { readonly kind: "files"; readonly files: readonly File[] }
  | { readonly kind: "voice" }

export type MediaDesk = {
  readonly engine: Engine
  readonly channel: ChannelId
  /** Who asks for something to leave proves again who they are. */
  readonly prove: () => Promise<void>
  readonly open: (message: Message, item: MediaItem) => void
  readonly start: (start: Start, around: Around) => void
}

export const MediaDeskContext = createContext<MediaDesk | null>(null)
export const useMediaDesk = (): MediaDesk | null => useContext(MediaDeskContext)

/** A screen that is fetched when it is first needed: the camera and the editor are no part of the start. */
export function useLazy<View>(isWanted: boolean, load: () => Promise<View>): View | null {
  const [view, setView] = useState<{ readonly view: View } | null>(null)
  useEffect(() => {
    if (isWanted && view === null) {
      load().then(
        (loaded) => setView({ view: loaded }),
        () => undefined,
      )
    }
  }, [isWanted])
  return isWanted ? (view?.view ?? null) : null
}
