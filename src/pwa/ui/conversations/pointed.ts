/** The message to bring into sight once its discussion is open: chosen in a search, or quoted far above. */
import { signal } from "@preact/signals"
import type { ChannelId, Target } from "../../bridge/models.js"

export const pointed = signal<{ readonly channel: ChannelId; readonly target: Target } | null>(null)
